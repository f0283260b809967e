//! Sending one request, once: the intent on disk, the request, the answer or the doubt, the reading back.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use usher_core::plan::{Change, Intent};
use usher_entra::graph::{
    Answer, Call, Endpoint as _, Graph, GraphError, Instantiate, Look as Seen, OnDemandReport,
    OnDemandResult, ProvisionUser, Window,
};

use super::conditions;
use super::doubt::{self, is_cancelled, is_in_doubt};
use super::event::Doing;
use super::executor::{Executor, sentence};
use super::journal::{Brought, Event, JournalError};
use super::stand::{Goal, Look, Stand, brought_by, has_arrived};
use super::target::SERVICE_PRINCIPAL;

/// After a doubt that the world has cleared up ("it did not happen"), a request is sent this many times in all.
const TRIES: u32 = 2;

/// From one on-demand provisioning to the next while the assignment is not seen yet; five in ten seconds are allowed
/// (facts/entra §4).
const UNTIL_ASSIGNED: Duration = Duration::from_secs(10);

/// How one change ended.
pub(super) enum End {
    /// Done, and seen to be so.
    Done(Brought),
    /// The world already was as wanted.
    Skipped(Brought),
    /// Not done, or not known to be.
    Failed(String),
    /// Accepted by Entra, and not to be seen since.
    Unseen(Brought, String),
    /// Cancelled. `begun`: the intent is in the journal, and the next run asks the world.
    Interrupted {
        /// Whether the intent is in the journal.
        begun: bool,
    },
}

/// A request on its way out.
pub(super) struct Sending<'a> {
    pub(super) change: &'a Change,
    /// What is done; the change's own intent, or its inverse.
    pub(super) intent: &'a Intent,
    pub(super) goal: &'a Goal,
    pub(super) ids: &'a Brought,
    pub(super) call: &'a Call,
    /// What goes into the journal before each try.
    pub(super) entry: &'a Event,
    /// Whether the application was made a moment ago, so that refusals of the settling kind are waited out.
    pub(super) is_fresh: bool,
}

impl Executor<'_> {
    /// Sends, and sends again only where that is known to be safe.
    pub(super) async fn send(&mut self, sending: &Sending<'_>) -> Result<End, JournalError> {
        let until = Instant::now() + self.graph.scaled(Window::AFTER_CREATION.budget);
        let secret = self
            .token
            .filter(|_| conditions::sends_token(sending.intent))
            .map(|token| &token.secret);
        let mut doubts = 0;
        loop {
            self.journal.append(sending.entry.clone()).await?;
            self.tell(sending.change, Doing::Sending);
            let error = match self.graph.answer(sending.call, secret, self.cancel).await {
                Ok(answer) if Instant::now() < until && is_not_assigned_yet(sending, &answer) => {
                    let pause = self.graph.scaled(UNTIL_ASSIGNED);
                    if self.graph.wait(pause, self.cancel).await.is_err() {
                        return Ok(End::Interrupted { begun: true });
                    }
                    continue;
                }
                Ok(answer) => return Ok(self.answered(sending, &answer).await),
                Err(error) => error,
            };
            let next = if is_cancelled(&error) {
                Some(End::Interrupted { begun: true })
            } else if is_in_doubt(&error) {
                doubts += 1;
                self.clear_up(sending, &error, doubts).await
            } else if sending.is_fresh && error.may_be_settling() && Instant::now() < until {
                self.wait_for_settling(sending).await
            } else {
                Some(End::Failed(sentence(&error)))
            };
            if let Some(end) = next {
                return Ok(end);
            }
        }
    }

    /// After a doubt the world is asked; `None`: it did not happen, and the request may be sent again.
    async fn clear_up(
        &self,
        sending: &Sending<'_>,
        error: &GraphError,
        doubts: u32,
    ) -> Option<End> {
        Some(match self.ask(sending).await {
            Ok(Stand::Wanted(brought)) => self.read_back(sending, brought).await,
            Ok(Stand::Open(_)) if doubts < TRIES => return None,
            Ok(Stand::Open(_)) => {
                End::Failed(format!("{} The change did not happen.", sentence(error)))
            }
            Ok(Stand::Moved(what)) => End::Failed(what),
            Err(asking) if is_cancelled(&asking) => End::Interrupted { begun: true },
            Err(asking) => End::Failed(format!(
                "{} Whether the change happened could not be found out: {}",
                sentence(error),
                sentence(&asking)
            )),
        })
    }

    /// A fresh application refuses for a while; a conflict may mean that the thing is there already.
    async fn wait_for_settling(&self, sending: &Sending<'_>) -> Option<End> {
        let pause = self.graph.scaled(Window::AFTER_CREATION.every);
        if self.graph.wait(pause, self.cancel).await.is_err() {
            return Some(End::Interrupted { begun: true });
        }
        match has_arrived(&self.look(), sending.goal, sending.ids).await {
            Ok(Stand::Wanted(brought)) => Some(self.read_back(sending, brought).await),
            _ => None,
        }
    }

    /// Asks the world what became of a request whose answer was lost.
    async fn ask(&self, sending: &Sending<'_>) -> Result<Stand, GraphError> {
        self.tell(sending.change, Doing::Asking);
        ask(
            self.graph,
            self.cancel,
            sending.goal,
            doubt::ask(sending.intent),
            sending.ids,
        )
        .await
    }

    /// What a clear answer brought, then the reading back.
    async fn answered(&self, sending: &Sending<'_>, answer: &Answer) -> End {
        match sending.intent {
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
                        self.read_back(sending, brought_by(&made.service_principal))
                            .await
                    }
                    // It was made; which one it is, the world has to say.
                    Err(_) => match self.ask(sending).await {
                        Ok(Stand::Wanted(brought)) => self.read_back(sending, brought).await,
                        Ok(Stand::Open(_)) => End::Failed(
                            "Entra made the application, but it cannot be found.".to_owned(),
                        ),
                        Ok(Stand::Moved(what)) => End::Failed(what),
                        Err(error) if is_cancelled(&error) => End::Interrupted { begun: true },
                        Err(error) => End::Failed(sentence(&error)),
                    },
                }
            }
            Intent::ProvisionOne { .. } => on_demand(ProvisionUser::read(answer)),
            Intent::Restart { .. } => End::Done(Brought::new()),
            _ => self.read_back(sending, Brought::new()).await,
        }
    }

    /// Reads the world until enough looks in a row agree that the change is there.
    async fn read_back(&self, sending: &Sending<'_>, brought: Brought) -> End {
        self.tell(sending.change, Doing::ReadingBack);
        let look = self.look();
        let made = match sending.intent {
            Intent::CreateApplication { .. } => brought.get(SERVICE_PRINCIPAL).cloned(),
            _ => None,
        };
        let seen = self
            .graph
            .settle(doubt::read_back(sending.intent), self.cancel, async || {
                if let Some(made) = &made {
                    return Ok(if look.is_ready(made).await? {
                        Seen::There(Brought::new())
                    } else {
                        Seen::NotYet
                    });
                }
                Ok(match has_arrived(&look, sending.goal, sending.ids).await? {
                    Stand::Wanted(brought) => Seen::There(brought),
                    Stand::Open(_) | Stand::Moved(_) => Seen::NotYet,
                })
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

    fn look(&self) -> Look<'_> {
        Look {
            graph: self.graph,
            cancel: self.cancel,
            known: None,
            sent: true,
        }
    }
}

/// Asks the world, through a window, whether a goal is reached: as wanted at once when it is seen, open only at the end.
pub(super) async fn ask(
    graph: &Graph,
    cancel: &CancellationToken,
    goal: &Goal,
    window: Window,
    ids: &Brought,
) -> Result<Stand, GraphError> {
    let look = Look {
        graph,
        cancel,
        known: None,
        sent: true,
    };
    let settled = graph
        .settle(window, cancel, async || {
            Ok(match has_arrived(&look, goal, ids).await? {
                Stand::Open(_) => Seen::NotYet,
                decided @ (Stand::Wanted(_) | Stand::Moved(_)) => Seen::There(decided),
            })
        })
        .await?;
    Ok(settled.unwrap_or_else(|| Stand::Open(super::journal::Before::default())))
}

/// Whether Entra passed the person over because it does not see the assignment; asking again changes nothing else.
fn is_not_assigned_yet(sending: &Sending<'_>, answer: &Answer) -> bool {
    matches!(sending.intent, Intent::ProvisionOne { .. })
        && ProvisionUser::read(answer).is_some_and(|report| report.result.is_not_assigned())
}

fn on_demand(report: Option<OnDemandReport>) -> End {
    match report.map(|report| report.result) {
        Some(OnDemandResult::Success) => End::Done(Brought::new()),
        Some(result) if result.is_not_assigned() => End::Failed(
            "Entra does not see yet that this person is assigned. A fresh assignment takes it some minutes: try again later, or \
             leave it to the next cycle."
                .to_owned(),
        ),
        Some(OnDemandResult::Skipped { reason, .. }) => {
            End::Failed(format!("Entra left this person out: {reason}"))
        }
        Some(OnDemandResult::Failure { code, message }) => End::Failed(format!(
            "Entra could not provision this person ({code}): {message}"
        )),
        Some(OnDemandResult::Unclear) | None => {
            End::Failed("Entra answered, but did not say how it went.".to_owned())
        }
    }
}
