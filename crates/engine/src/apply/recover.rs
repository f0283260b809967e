//! After a crash: the journal is read and the world is asked what happened.

use usher_core::outcome::{ChangeOutcome, ChangeState};
use usher_core::plan::Intent;
use usher_entra::graph::Verdict;

use super::conditions::saved_verdict;
use super::doubt::{self, is_cancelled};
use super::event::Doing;
use super::executor::{ApplyError, Executor, failed, outcome, sentence};
use super::journal::{Begun, Brought, Line, begun};
use super::sending::ask;
use super::stand::{Goal, Look, Stand};
use super::target::SERVICE_PRINCIPAL;

impl Executor<'_> {
    /// Finds out what became of every change that was begun and whose outcome is not on disk, and puts that on disk. Sends
    /// nothing that changes anything. Afterwards observe and plan anew.
    ///
    /// # Errors
    /// [`ApplyError::Journal`].
    pub async fn recover(&mut self) -> Result<Vec<ChangeOutcome>, ApplyError> {
        let open: Vec<Begun> = begun(&self.journal.lines())
            .into_iter()
            .filter(|begun| begun.outcome.is_none())
            .collect();
        let mut outcomes = Vec::new();
        for begun in open {
            self.tell(&begun.change, Doing::Asking);
            let Some((settled, brought)) = self.what_became_of(&begun).await else {
                break;
            };
            outcomes.push(self.settle(settled, brought).await?);
        }
        Ok(outcomes)
    }

    /// `None` when it was cancelled: the change stays open in the journal.
    async fn what_became_of(&self, begun: &Begun) -> Option<(ChangeOutcome, Brought)> {
        let change = &begun.change;
        let with_reason = |state, reason: &str| ChangeOutcome {
            reason: Some(reason.to_owned()),
            ..outcome(change, state)
        };
        let not_done =
            |reason: &str| Some((with_reason(ChangeState::NotTried, reason), Brought::new()));
        if matches!(change.intent, Intent::ProvisionOne { .. }) {
            return not_done(
                "The run ended before Entra had answered. Provisioning a person once more does no harm.",
            );
        }
        let look = Look {
            graph: self.graph,
            cancel: self.cancel,
            known: None,
            sent: true,
        };
        let material = look
            .material(&change.intent, &begun.ids)
            .await
            .unwrap_or_default();
        let goal = Goal::of(&change.intent, &material);
        match ask(
            self.graph,
            self.cancel,
            &goal,
            doubt::ask(&change.intent),
            &begun.ids,
        )
        .await
        {
            Ok(Stand::Wanted(brought)) if self.is_whole(begun, &look).await => Some((
                with_reason(
                    ChangeState::Done,
                    "An earlier run had done it before it ended.",
                ),
                brought,
            )),
            Ok(Stand::Wanted(_) | Stand::Open(_)) => {
                not_done("An earlier run ended before it was done.")
            }
            Ok(Stand::Moved(what)) => Some((failed(change, what), Brought::new())),
            Err(error) if is_cancelled(&error) => None,
            Err(error) => Some((failed(change, sentence(&error)), Brought::new())),
        }
    }

    /// A stored token cannot be read, so saved credentials count as saved only when Entra accepts them.
    async fn is_whole(&self, begun: &Begun, look: &Look<'_>) -> bool {
        match begun.change.intent {
            Intent::SaveSecrets { .. } => {
                matches!(
                    saved_verdict(self.graph, &begun.ids, look).await,
                    Ok(Verdict::Accepted)
                )
            }
            _ => true,
        }
    }
}

/// The enterprise application that this set-up's journal tells was made, newest first: a set-up that does not name its
/// application yet takes it from here, also where others of the same name exist. One that a rollback has left to a person is
/// the person's.
pub fn created_application(lines: &[Line]) -> Option<String> {
    begun(lines)
        .into_iter()
        .rev()
        .filter(|begun| begun.undo.is_none())
        .find_map(|begun| match begun.change.intent {
            Intent::CreateApplication { .. } => begun.brought.get(SERVICE_PRINCIPAL).cloned(),
            _ => None,
        })
}
