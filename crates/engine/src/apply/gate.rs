//! What stands around each change of a run besides the change's own conditions. A plain plan needs nothing; a move is watched.

use futures::FutureExt as _;
use futures::future::BoxFuture;
use usher_core::plan::Intent;

use super::journal::Brought;

/// Why a change is not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// Something stands against it, in words: the run fails here.
    Against(String),
    /// It is too early, in words: the run ends here, and a later one goes on.
    Later(String),
    /// Cancelled.
    Cancelled,
}

/// What was seen after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aftermath {
    /// Nothing against going on; what a person is to know.
    Fine(Option<String>),
    /// Something was lost, in words: the run ends here.
    Trouble(String),
    /// Cancelled.
    Cancelled,
}

/// Stands around each change.
pub trait Gate: Send {
    /// Asked right before the change is looked at and sent.
    fn before<'a>(&'a mut self, intent: &'a Intent) -> BoxFuture<'a, Result<(), Held>>;

    /// Whom the connector carries that a change lets through by `before` pauses for good, for the journal; `None`: it does not, or that is
    /// not known.
    fn carried(&self, _: &Intent) -> Option<Vec<Box<str>>> {
        None
    }

    /// Told that the change is as wanted; `ids` are those behind its references and those it brought.
    fn after<'a>(&'a mut self, intent: &'a Intent, ids: &'a Brought) -> BoxFuture<'a, Aftermath>;
}

/// Lets everything pass but what only a move's gate may let pass: the pause that retires a connector.
#[derive(Debug, Clone, Copy)]
pub(super) struct Open;

impl Gate for Open {
    fn before<'a>(&'a mut self, intent: &'a Intent) -> BoxFuture<'a, Result<(), Held>> {
        let retires = matches!(intent, Intent::Pause { retires: true, .. });
        async move {
            if retires {
                Err(Held::Against(
                    "An old connector is paused only by a run that has proven the account connector first."
                        .to_owned(),
                ))
            } else {
                Ok(())
            }
        }
        .boxed()
    }

    fn after<'a>(&'a mut self, _: &'a Intent, _: &'a Brought) -> BoxFuture<'a, Aftermath> {
        async { Aftermath::Fine(None) }.boxed()
    }
}
