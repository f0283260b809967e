//! The executor: one change after the other.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use usher_core::outcome::{ChangeOutcome, ChangeState, Outcome};
use usher_core::plan::{Change, Intent, Plan};
use usher_entra::graph::{
    Answer, Call, Endpoint as _, Graph, GraphError, Instantiate, Look as Seen, OnDemandResult,
    ProvisionUser, Window,
};
use usher_entra::render::{self, Material};

use super::conditions::{self, ScimToken};
use super::doubt::{self, is_cancelled, is_in_doubt};
use super::event::{ApplyEvent, Doing};
use super::journal::{Before, Brought, Event, Journal, JournalError};
use super::stand::{Look, Stand, brought_by, has_arrived, id};
use super::target::{self, Ids, SERVICE_PRINCIPAL};
use crate::observe::Observed;

/// After a doubt that the world has cleared up ("it did not happen"), a request is sent this many times in all.
const TRIES: u32 = 2;

/// Carries plans out.
pub struct Executor<'a> {
    /// Microsoft Graph.
    pub graph: &'a Graph,
    /// The journal; without it nothing is sent.
    pub journal: &'a mut dyn Journal,
    /// The SCIM token, for what saves it.
    pub token: Option<&'a ScimToken>,
    /// Where progress goes; called in the order in which things happen.
    pub events: &'a (dyn Fn(ApplyEvent) + Send + Sync),
    /// Cancels between changes, and while the world is read.
    pub cancel: &'a CancellationToken,
}

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The changes, in the order in which they were taken.
    pub outcome: Outcome,
    /// Whether it was cancelled before its end. What was begun is in the journal.
    pub interrupted: bool,
}

impl Applied {
    /// Whether a change failed.
    pub fn has_failed(&self) -> bool {
        self.outcome
            .changes
            .iter()
            .any(|change| change.state == ChangeState::Failed)
    }
}

/// Why a run could not be made at all.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The plan is forbidden.
    #[error("the plan is refused: {0}")]
    Refused(String),
    /// `--only` names a change that is not in the plan.
    #[error("the plan has no change {0}")]
    UnknownChange(String),
}

/// How one change ended.
pub(super) enum End {
    /// Done, and seen to be so.
    Done(Brought),
    /// The world already was as wanted.
    Skipped(Brought),
    /// Not done, or not seen to be.
    Failed(String),
    /// Accepted by Entra, and not to be seen since.
    Unseen(Brought, String),
    /// Cancelled. `begun`: the intent is in the journal.
    Interrupted { begun: bool },
}

/// What a run carries along from change to change.
pub(super) struct Run {
    pub(super) ids: Ids,
    /// What the plan, or an earlier change, last saw of a connector.
    known: BTreeMap<String, Material>,
    /// Applications that were made a moment ago, and until when they count as such.
    fresh: BTreeMap<String, Instant>,
}

impl Run {
    pub(super) fn new(observed: Option<&Observed>) -> Self {
        let known = observed
            .map(|observed| observed.material.clone())
            .unwrap_or_default();
        Self {
            ids: Ids::default(),
            known,
            fresh: BTreeMap::new(),
        }
    }

    fn is_fresh(&self, service_principal: &str) -> bool {
        self.fresh
            .get(service_principal)
            .is_some_and(|until| Instant::now() < *until)
    }
}

impl Executor<'_> {
    /// Carries a confirmed plan out, or only the changes named. Stops at the first change that fails.
    ///
    /// `observed` is what the plan was made from: where the world differs now, the run stops at that change and says so.
    ///
    /// # Errors
    /// [`ApplyError`]: nothing was sent that the journal does not tell of.
    pub async fn apply(
        &mut self,
        plan: &Plan,
        observed: &Observed,
        only: Option<&BTreeSet<String>>,
    ) -> Result<Applied, ApplyError> {
        if let Some(refusal) = plan.refusals.first() {
            return Err(ApplyError::Refused(refusal.title.clone()));
        }
        let unknown = only
            .into_iter()
            .flatten()
            .find(|id| !plan.changes.iter().any(|change| change.id == **id));
        if let Some(id) = unknown {
            return Err(ApplyError::UnknownChange(id.clone()));
        }
        let changes: Vec<&Change> = plan
            .changes
            .iter()
            .filter(|change| only.is_none_or(|only| only.contains(&change.id)))
            .collect();
        (self.events)(ApplyEvent::Begun {
            total: changes.len(),
        });
        let mut run = Run::new(Some(observed));
        for begun in super::journal::begun(&self.journal.lines()) {
            run.ids.keep(&begun.change.id, &begun.brought);
        }
        self.carry_out(&changes, &mut run).await
    }

    /// Takes changes one after the other.
    pub(super) async fn carry_out(
        &mut self,
        changes: &[&Change],
        run: &mut Run,
    ) -> Result<Applied, ApplyError> {
        let mut outcomes = Vec::with_capacity(changes.len());
        let mut stopped = false;
        let mut interrupted = false;
        for change in changes {
            interrupted |= self.cancel.is_cancelled();
            if stopped || interrupted {
                outcomes.push(outcome(change, ChangeState::NotTried));
                continue;
            }
            let settled = match self.change(change, run).await? {
                End::Done(brought) => {
                    run.ids.keep(&change.id, &brought);
                    self.settle(outcome(change, ChangeState::Done), brought)
                        .await?
                }
                End::Skipped(brought) => {
                    run.ids.keep(&change.id, &brought);
                    self.settle(outcome(change, ChangeState::Skipped), brought)
                        .await?
                }
                End::Failed(error) => {
                    stopped = true;
                    let failed = ChangeOutcome {
                        error: Some(error),
                        ..outcome(change, ChangeState::Failed)
                    };
                    self.settle(failed, Brought::new()).await?
                }
                End::Unseen(brought, error) => {
                    stopped = true;
                    let failed = ChangeOutcome {
                        error: Some(error),
                        ..outcome(change, ChangeState::Failed)
                    };
                    self.settle(failed, brought).await?
                }
                End::Interrupted { begun } => {
                    interrupted = true;
                    let reason = begun.then(|| {
                        "It was begun; the next run asks the world what became of it.".to_owned()
                    });
                    ChangeOutcome {
                        reason,
                        ..outcome(change, ChangeState::NotTried)
                    }
                }
            };
            outcomes.push(settled);
        }
        Ok(Applied {
            outcome: Outcome { changes: outcomes },
            interrupted,
        })
    }

    /// Puts an outcome on disk and tells it.
    pub(super) async fn settle(
        &mut self,
        outcome: ChangeOutcome,
        brought: Brought,
    ) -> Result<ChangeOutcome, ApplyError> {
        self.journal
            .append(Event::Outcome {
                outcome: outcome.clone(),
                brought,
            })
            .await?;
        (self.events)(ApplyEvent::Settled {
            outcome: outcome.clone(),
        });
        Ok(outcome)
    }

    /// One change: look, check, send, read back.
    async fn change(&mut self, change: &Change, run: &mut Run) -> Result<End, ApplyError> {
        let ids = match target::ids_of(&change.intent, &run.ids) {
            Ok(ids) => ids,
            Err(error) => return Ok(End::Failed(sentence(&error))),
        };
        let principal = id(&ids, SERVICE_PRINCIPAL).to_owned();
        let is_fresh = run.is_fresh(&principal);
        let known = run.known.get(&principal).cloned();
        let look = Look {
            graph: self.graph,
            cancel: self.cancel,
            known: known.as_ref(),
            sent: false,
        };

        self.tell(change, Doing::Looking);
        let before = match self.fresh_look(&look, change, &ids, is_fresh).await {
            Ok(Stand::Open(before)) => before,
            Ok(Stand::Wanted(brought)) => return Ok(End::Skipped(brought)),
            Ok(Stand::Moved(what)) => return Ok(End::Failed(what)),
            Err(error) => return Ok(failed(&error)),
        };
        let material = match look.material(&change.intent, &ids).await {
            Ok(material) => material,
            Err(error) => return Ok(failed(&error)),
        };
        let call = match render::call(&change.intent, &material, &|reference| {
            run.ids.resolve(reference)
        }) {
            Ok(call) => call,
            Err(error) => return Ok(End::Failed(sentence(&error))),
        };
        self.tell(change, Doing::Testing);
        match conditions::check(&look, &change.intent, &ids, self.token, is_fresh).await {
            Ok(()) => {}
            Err(conditions::Unmet::Words(words)) => return Ok(End::Failed(words)),
            Err(conditions::Unmet::Graph(error)) => return Ok(failed(&error)),
        }
        let job = Sending {
            change,
            ids: &ids,
            before: &before,
            call: &call,
            material: &material,
            is_fresh,
        };
        let end = self.send(&job).await?;
        if let End::Done(brought) = &end {
            self.remember(run, change, brought, &principal);
        }
        Ok(end)
    }

    /// The look before a change; on a fresh application refusals of the settling kind are waited out.
    async fn fresh_look(
        &self,
        look: &Look<'_>,
        change: &Change,
        ids: &Brought,
        is_fresh: bool,
    ) -> Result<Stand, GraphError> {
        if !is_fresh {
            return look.stand(&change.intent, ids).await;
        }
        let window = Window {
            agreeing: 1,
            ..Window::AFTER_CREATION
        };
        let stand = self
            .graph
            .settle(window, self.cancel, async || {
                look.stand(&change.intent, ids).await.map(Seen::There)
            })
            .await?;
        Ok(stand.unwrap_or_else(|| Stand::Moved("The application could not be read.".to_owned())))
    }

    /// Sends, and sends again only where that is known to be safe.
    async fn send(&mut self, job: &Sending<'_>) -> Result<End, ApplyError> {
        let until = Instant::now() + self.graph.scaled(Window::AFTER_CREATION.budget);
        let secret = self
            .token
            .filter(|_| conditions::sends_token(&job.change.intent))
            .map(|token| &token.secret);
        let mut tries = 0;
        loop {
            self.journal
                .append(Event::Intent {
                    change: Box::new(job.change.clone()),
                    ids: job.ids.clone(),
                    before: job.before.clone(),
                })
                .await?;
            self.tell(job.change, Doing::Sending);
            tries += 1;
            let error = match self.graph.answer(job.call, secret, self.cancel).await {
                Ok(answer) => return Ok(self.answered(job, &answer).await),
                Err(error) => error,
            };
            if is_cancelled(&error) {
                return Ok(End::Interrupted { begun: true });
            }
            if is_in_doubt(&error) {
                match self.ask(job).await {
                    Ok(Stand::Wanted(brought)) => return Ok(self.read_back(job, brought).await),
                    Ok(Stand::Open(_)) if tries < TRIES => {}
                    Ok(Stand::Open(_)) => {
                        return Ok(End::Failed(format!(
                            "{} The change did not happen.",
                            sentence(&error)
                        )));
                    }
                    Ok(Stand::Moved(what)) => return Ok(End::Failed(what)),
                    Err(asking) if is_cancelled(&asking) => {
                        return Ok(End::Interrupted { begun: true });
                    }
                    Err(asking) => {
                        return Ok(End::Failed(format!(
                            "{} Whether the change happened could not be found out: {}",
                            sentence(&error),
                            sentence(&asking)
                        )));
                    }
                }
            } else if job.is_fresh && error.may_be_settling() && Instant::now() < until {
                if self
                    .graph
                    .wait(self.graph.scaled(Window::AFTER_CREATION.every), self.cancel)
                    .await
                    .is_err()
                {
                    return Ok(End::Interrupted { begun: true });
                }
                // A conflict may mean that it is there already.
                let look = Look {
                    graph: self.graph,
                    cancel: self.cancel,
                    known: None,
                    sent: true,
                };
                if let Ok(Stand::Wanted(brought)) = look.stand(&job.change.intent, job.ids).await {
                    return Ok(self.read_back(job, brought).await);
                }
            } else {
                return Ok(End::Failed(sentence(&error)));
            }
        }
    }

    /// Asks the world what became of a request whose answer was lost.
    async fn ask(&self, job: &Sending<'_>) -> Result<Stand, GraphError> {
        self.tell(job.change, Doing::Asking);
        ask(
            self.graph,
            self.cancel,
            &job.change.intent,
            job.ids,
            job.material,
        )
        .await
    }

    /// What a clear answer brought, then the reading back.
    async fn answered(&self, job: &Sending<'_>, answer: &Answer) -> End {
        match &job.change.intent {
            Intent::CreateApplication {
                template_id,
                display_name,
                ..
            } => {
                let endpoint = Instantiate {
                    template_id: template_id.clone(),
                    display_name: display_name.clone(),
                };
                match endpoint.parse(answer) {
                    Ok(made) => {
                        self.read_back(job, brought_by(&made.service_principal))
                            .await
                    }
                    // It was made; which one it is, the world has to say.
                    Err(_) => match self.ask(job).await {
                        Ok(Stand::Wanted(brought)) => self.read_back(job, brought).await,
                        Ok(Stand::Open(_)) => End::Failed(
                            "Entra said the application was made, but it cannot be found."
                                .to_owned(),
                        ),
                        Ok(Stand::Moved(what)) => End::Failed(what),
                        Err(error) if is_cancelled(&error) => End::Interrupted { begun: true },
                        Err(error) => End::Failed(sentence(&error)),
                    },
                }
            }
            Intent::ProvisionOne { user_id, .. } => on_demand(job.ids, user_id, answer),
            Intent::Restart { .. } => End::Done(Brought::new()),
            _ => self.read_back(job, Brought::new()).await,
        }
    }

    /// Reads the world until enough looks in a row agree that the change is there.
    async fn read_back(&self, job: &Sending<'_>, brought: Brought) -> End {
        self.tell(job.change, Doing::ReadingBack);
        let look = Look {
            graph: self.graph,
            cancel: self.cancel,
            known: None,
            sent: true,
        };
        let window = doubt::read_back(&job.change.intent);
        let made = brought.get(SERVICE_PRINCIPAL).cloned();
        let seen = self
            .graph
            .settle(window, self.cancel, async || {
                if let Some(made) = &made {
                    return Ok(if look.is_ready(made).await? {
                        Seen::There(Brought::new())
                    } else {
                        Seen::NotYet
                    });
                }
                Ok(
                    match has_arrived(&look, &job.change.intent, job.ids, job.material).await? {
                        Stand::Wanted(brought) => Seen::There(brought),
                        Stand::Open(_) | Stand::Moved(_) => Seen::NotYet,
                    },
                )
            })
            .await;
        match seen {
            Ok(Some(seen)) => End::Done(seen.into_iter().chain(brought).collect()),
            Ok(None) => End::Unseen(
                brought,
                "Entra accepted the change, but it cannot be seen. Look again in a while."
                    .to_owned(),
            ),
            Err(error) if is_cancelled(&error) => End::Interrupted { begun: true },
            Err(error) => End::Unseen(brought, sentence(&error)),
        }
    }

    /// Keeps what a change brought for the ones after it.
    fn remember(&self, run: &mut Run, change: &Change, brought: &Brought, principal: &str) {
        match &change.intent {
            Intent::CreateApplication { .. } => {
                let until = Instant::now() + self.graph.scaled(Window::AFTER_CREATION.budget);
                run.fresh
                    .insert(id(brought, SERVICE_PRINCIPAL).to_owned(), until);
            }
            // What is stored now is known to be what was written, but only the service knows its exact text.
            Intent::SaveSecrets { .. } => {
                run.known.entry(principal.to_owned()).or_default().secrets = None;
            }
            _ => {}
        }
    }

    fn tell(&self, change: &Change, doing: Doing) {
        (self.events)(ApplyEvent::Change {
            id: change.id.clone(),
            title: change.title.clone(),
            doing,
        });
    }
}

/// A change on its way out.
struct Sending<'a> {
    change: &'a Change,
    ids: &'a Brought,
    before: &'a Before,
    call: &'a Call,
    material: &'a Material,
    is_fresh: bool,
}

/// Asks the world, through the window, whether an intent happened: as wanted at once when it is seen, open only at the end.
pub(super) async fn ask(
    graph: &Graph,
    cancel: &CancellationToken,
    intent: &Intent,
    ids: &Brought,
    material: &Material,
) -> Result<Stand, GraphError> {
    let look = Look {
        graph,
        cancel,
        known: None,
        sent: true,
    };
    let settled = graph
        .settle(doubt::ask(intent), cancel, async || {
            Ok(match has_arrived(&look, intent, ids, material).await? {
                Stand::Open(_) => Seen::NotYet,
                decided @ (Stand::Wanted(_) | Stand::Moved(_)) => Seen::There(decided),
            })
        })
        .await?;
    Ok(settled.unwrap_or_else(|| Stand::Open(Before::default())))
}

fn on_demand(ids: &Brought, user: &str, answer: &Answer) -> End {
    let endpoint = ProvisionUser {
        service_principal: id(ids, SERVICE_PRINCIPAL).to_owned(),
        job: String::new(),
        rule: String::new(),
        user: user.to_owned(),
    };
    match endpoint.parse(answer).map(|report| report.result) {
        Ok(OnDemandResult::Success) => End::Done(Brought::new()),
        Ok(OnDemandResult::Skipped(why)) => {
            End::Failed(format!("Entra left this person out: {why}"))
        }
        Ok(OnDemandResult::Failure { code, message }) => End::Failed(format!(
            "Entra could not provision this person ({code}): {message}"
        )),
        Ok(OnDemandResult::Unclear) | Err(_) => {
            End::Failed("Entra answered, but did not say how it went.".to_owned())
        }
    }
}

fn failed(error: &GraphError) -> End {
    if is_cancelled(error) {
        End::Interrupted { begun: false }
    } else {
        End::Failed(sentence(error))
    }
}

/// An error as a sentence.
pub(super) fn sentence(error: &dyn std::fmt::Display) -> String {
    let text = error.to_string();
    let mut letters = text.trim_end_matches('.').chars();
    letters.next().map_or_else(String::new, |first| {
        format!("{}{}.", first.to_uppercase(), letters.as_str())
    })
}

/// An outcome of a change, as of now.
pub(super) fn outcome(change: &Change, state: ChangeState) -> ChangeOutcome {
    ChangeOutcome {
        id: change.id.clone(),
        kind: change.kind,
        state,
        at: Timestamp::now(),
        error: None,
        reason: None,
    }
}
