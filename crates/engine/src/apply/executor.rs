//! The executor: one change after the other.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use usher_core::outcome::{ChangeOutcome, ChangeState, Outcome};
use usher_core::plan::{Change, ChangeKind, Intent, Plan, undo};
use usher_entra::graph::{Graph, GraphError, Look as Seen, Window};
use usher_entra::render::{self, Material};

use super::conditions::{self, ScimToken, Unmet};
use super::doubt::is_cancelled;
use super::event::{ApplyEvent, Doing};
use super::gate::{Aftermath, Gate, Held, Open};
use super::journal::{Before, Brought, Event, Journal, JournalError};
use super::sending::{End, Sending};
use super::stand::{Goal, Look, Stand, id};
use super::target::{self, Ids, SERVICE_PRINCIPAL};
use crate::observe::Observed;

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
    /// Whether a move was stopped by what was seen after one of its changes; the change's reason says it.
    pub troubled: bool,
}

impl Applied {
    /// Whether a connector was paused, so that its people are to be looked at.
    pub fn has_paused(&self) -> bool {
        self.outcome
            .changes
            .iter()
            .any(|change| change.kind == ChangeKind::Pause && change.state == ChangeState::Done)
    }

    /// Whether a change failed, or a move had to be stopped.
    pub fn has_failed(&self) -> bool {
        self.troubled
            || self
                .outcome
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

/// What a run carries along from change to change.
struct Run {
    ids: Ids,
    /// What the plan, or an earlier change, last saw of a connector.
    known: BTreeMap<String, Material>,
    /// Applications that were made a moment ago, and until when they count as such.
    fresh: BTreeMap<String, Instant>,
}

impl Run {
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
        self.apply_through(plan, observed, only, &mut Open).await
    }

    /// The same with a gate around each change; a plan that retires connectors needs the one of a move.
    ///
    /// # Errors
    /// [`ApplyError`]: nothing was sent that the journal does not tell of.
    pub async fn apply_through(
        &mut self,
        plan: &Plan,
        observed: &Observed,
        only: Option<&BTreeSet<String>>,
        gate: &mut dyn Gate,
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
        let mut run = Run {
            ids: Ids::default(),
            known: observed.material.clone(),
            fresh: BTreeMap::new(),
        };
        // What earlier runs of this set-up brought, for changes that refer to it.
        for begun in super::journal::begun(&self.journal.lines()) {
            run.ids.keep(&begun.change.id, &begun.brought);
        }
        let mut course = Course::default();
        let mut outcomes = Vec::with_capacity(changes.len());
        for change in changes {
            course.interrupted |= self.cancel.is_cancelled();
            if course.is_over() {
                outcomes.push(course.not_tried(change));
                continue;
            }
            let settled = match gate.before(&change.intent).await {
                Ok(()) => {
                    let carried = gate.carried(&change.intent);
                    let end = self.change(change, carried, &mut run).await?;
                    self.take(change, end, &mut run, gate, &mut course).await?
                }
                Err(held) => course.held(change, held),
            };
            outcomes.push(settled);
        }
        Ok(Applied {
            outcome: Outcome { changes: outcomes },
            interrupted: course.interrupted,
            troubled: course.troubled,
        })
    }

    /// What a change ended in: on disk, told, and looked at by the gate.
    async fn take(
        &mut self,
        change: &Change,
        end: End,
        run: &mut Run,
        gate: &mut dyn Gate,
        course: &mut Course,
    ) -> Result<ChangeOutcome, JournalError> {
        let (settled, brought) = match end {
            End::Done(brought) => (told(change, ChangeState::Done), brought),
            End::Skipped(brought) => (told(change, ChangeState::Skipped), brought),
            End::Failed(error) => (failed(change, error), Brought::new()),
            End::Unseen(brought, error) => (failed(change, error), brought),
            End::Interrupted { begun } => {
                course.interrupted = true;
                let reason = begun.then(|| BEGUN.to_owned());
                return Ok(ChangeOutcome {
                    reason,
                    ..outcome(change, ChangeState::NotTried)
                });
            }
        };
        course.stopped = settled.state == ChangeState::Failed;
        run.ids.keep(&change.id, &brought);
        // On disk first: whatever the gate waits for, what was done is known.
        let mut settled = self.settle(settled, brought.clone()).await?;
        if !course.stopped {
            let mut ids = target::ids_of(&change.intent, &run.ids).unwrap_or_default();
            ids.extend(brought);
            if let Some(seen) = course.aftermath(gate.after(&change.intent, &ids).await) {
                settled.reason = Some(seen);
            }
        }
        Ok(settled)
    }

    /// Puts an outcome on disk and tells it.
    pub(super) async fn settle(
        &mut self,
        outcome: ChangeOutcome,
        brought: Brought,
    ) -> Result<ChangeOutcome, JournalError> {
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
    async fn change(
        &mut self,
        change: &Change,
        carried: Option<Vec<Box<str>>>,
        run: &mut Run,
    ) -> Result<End, JournalError> {
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
        let before = match fresh_look(&look, &change.intent, &ids, is_fresh).await {
            Ok(Stand::Open(before)) => before,
            Ok(Stand::Wanted(brought)) => return Ok(End::Skipped(brought)),
            Ok(Stand::Moved(what)) => return Ok(End::Failed(what)),
            Err(error) => return Ok(End::of(&error)),
        };
        let material = match look.material(&change.intent, &ids).await {
            Ok(material) => material,
            Err(error) => return Ok(End::of(&error)),
        };
        let call = match render::call(&change.intent, &material, &|reference| {
            run.ids.resolve(reference)
        }) {
            Ok(call) => call,
            Err(error) => return Ok(End::Failed(sentence(&error))),
        };
        self.tell(change, Doing::Testing);
        if let Err(unmet) =
            conditions::check(&look, &change.intent, &ids, self.token, is_fresh).await
        {
            return Ok(match unmet {
                Unmet::Words(words) => End::Failed(words),
                Unmet::Graph(error) => End::of(&error),
            });
        }
        let intent = Event::Intent {
            change: Box::new(change.clone()),
            ids: ids.clone(),
            before: Before { carried, ..before },
        };
        let sending = Sending {
            change,
            intent: &change.intent,
            goal: &Goal::of(&change.intent, &material),
            ids: &ids,
            call: &call,
            entry: &intent,
            is_fresh,
        };
        let end = self.send(&sending).await?;
        if let End::Done(brought) = &end {
            self.remember(run, change, brought, &principal);
        }
        Ok(end)
    }

    /// Keeps what a change brought for the ones after it.
    fn remember(&self, run: &mut Run, change: &Change, brought: &Brought, principal: &str) {
        match &change.intent {
            Intent::CreateApplication { .. } => {
                let until = Instant::now() + self.graph.scaled(Window::AFTER_CREATION.budget);
                run.fresh
                    .insert(id(brought, SERVICE_PRINCIPAL).to_owned(), until);
            }
            // Stored is what was written, but only the service knows its exact text; the next look starts from that.
            Intent::SaveSecrets { .. } => {
                run.known.entry(principal.to_owned()).or_default().secrets = None
            }
            _ => {}
        }
    }

    pub(super) fn tell(&self, change: &Change, doing: Doing) {
        (self.events)(ApplyEvent::Change {
            id: change.id.clone(),
            title: change.title.clone(),
            doing,
        });
    }
}

/// How a run goes along.
#[derive(Default)]
pub(super) struct Course {
    /// A change failed, or the run does not go on for another reason.
    pub(super) stopped: bool,
    /// Something was seen after a change that the run does not go on after.
    pub(super) troubled: bool,
    /// It was cancelled.
    pub(super) interrupted: bool,
    /// Why the rest waits for a later run.
    later: Option<String>,
}

impl Course {
    pub(super) fn is_over(&self) -> bool {
        self.stopped || self.interrupted || self.later.is_some()
    }

    /// A change that is not reached.
    pub(super) fn not_tried(&self, change: &Change) -> ChangeOutcome {
        ChangeOutcome {
            reason: self.later.clone(),
            ..outcome(change, ChangeState::NotTried)
        }
    }

    /// A change that the gate holds back; nothing of it is in the journal.
    pub(super) fn held(&mut self, change: &Change, held: Held) -> ChangeOutcome {
        match held {
            Held::Against(why) => {
                self.stopped = true;
                return failed(change, why);
            }
            Held::Later(why) => self.later = Some(why),
            Held::Cancelled => self.interrupted = true,
        }
        self.not_tried(change)
    }

    /// What the gate saw after a change, for people.
    pub(super) fn aftermath(&mut self, seen: Aftermath) -> Option<String> {
        match seen {
            Aftermath::Fine(reason) => reason,
            Aftermath::Trouble(what) => {
                (self.stopped, self.troubled) = (true, true);
                Some(what)
            }
            Aftermath::Cancelled => {
                self.interrupted = true;
                None
            }
        }
    }
}

/// What the next run does about a change that was begun.
const BEGUN: &str = "It was begun; the next run asks the world what became of it.";

/// The look before a change; on a fresh application refusals of the settling kind are waited out.
async fn fresh_look(
    look: &Look<'_>,
    intent: &Intent,
    ids: &Brought,
    is_fresh: bool,
) -> Result<Stand, GraphError> {
    if !is_fresh {
        return look.stand(intent, ids).await;
    }
    let window = Window {
        agreeing: 1,
        ..Window::AFTER_CREATION
    };
    let stand = look
        .graph
        .settle(window, look.cancel, async || {
            look.stand(intent, ids).await.map(Seen::There)
        })
        .await?;
    Ok(stand.unwrap_or_else(|| Stand::Moved("The application could not be read.".to_owned())))
}

impl End {
    /// How a change ends whose world could not be read before anything was sent.
    fn of(error: &GraphError) -> Self {
        if is_cancelled(error) {
            Self::Interrupted { begun: false }
        } else {
            Self::Failed(sentence(error))
        }
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

/// An outcome with what a person is to know of it: rule 2 asks for the name of who was taken off, and for a warning.
fn told(change: &Change, state: ChangeState) -> ChangeOutcome {
    let taken_off = matches!(change.intent, Intent::Unassign { .. });
    ChangeOutcome {
        reason: taken_off.then(|| undo::taken_off(&change.target)),
        ..outcome(change, state)
    }
}

/// A failure of a change, as of now.
pub(super) fn failed(change: &Change, error: String) -> ChangeOutcome {
    ChangeOutcome {
        error: Some(error),
        ..outcome(change, ChangeState::Failed)
    }
}
