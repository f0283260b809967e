//! The journal: what was begun and what became of it, on disk before and after each change (`contracts/cli.md`, rule 11).
//!
//! It is what a crash is recovered from and what a rollback goes by. No line ever holds a secret.

mod file;
mod memory;

use std::collections::BTreeMap;

use futures::future::BoxFuture;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use usher_core::outcome::ChangeOutcome;
use usher_core::plan::{Change, Intent};
use usher_entra::graph::Pair;
use uuid::Uuid;

pub use file::{FileJournal, journal_path};
pub use memory::MemoryJournal;

/// What a change brought, by the names that later changes refer to: `servicePrincipalId`, `jobId`, `assignmentId` …
pub type Brought = BTreeMap<String, String>;

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// When.
    pub at: Timestamp,
    /// The run that wrote it.
    pub run: Uuid,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "event",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum Event {
    /// A run began and holds the journal.
    Opened {
        /// Who, for the one that is refused meanwhile.
        by: String,
        /// The process.
        process: u32,
        /// Usher's version.
        version: String,
    },
    /// A change is about to be sent.
    Intent {
        /// The change.
        change: Box<Change>,
        /// Ids behind the change's references.
        ids: Brought,
        /// What was there before, as far as undoing needs it.
        before: Before,
    },
    /// What became of a change.
    Outcome {
        /// The outcome.
        outcome: ChangeOutcome,
        /// What it brought.
        brought: Brought,
    },
    /// A change is about to be taken back.
    Undoing {
        /// The change's id.
        id: String,
        /// What is done, where it is a change of its own kind.
        intent: Box<Intent>,
    },
    /// A change was taken back, or it was decided not to.
    Undo {
        /// The outcome: undone, kept, manual or failed.
        outcome: ChangeOutcome,
    },
}

/// What was there before a change, as far as undoing needs it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Before {
    /// The stored settings that can be read in clear.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub settings: Vec<Pair>,
    /// The attribute mapping's source, as it stood in the schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mapping: Option<serde_json::Value>,
    /// Whether the object mapping was on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mapping_enabled: Option<bool>,
    /// Whether the job's schedule was active.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub running: Option<bool>,
    /// Whom the connector carried, by Entra object id, where it is paused for good; those with disabled accounts included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carried: Option<Vec<Box<str>>>,
}

/// Why the journal cannot be used. Without a journal nothing is written anywhere.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another run holds it.
    #[error("another run is working on this set-up: {by}")]
    Locked {
        /// Who.
        by: String,
    },
    /// The disk.
    #[error("the journal cannot be {doing}: {source}")]
    Disk {
        /// What was tried.
        doing: &'static str,
        /// Why not.
        source: std::io::Error,
    },
    /// A line in the middle cannot be read.
    #[error("line {line} of the journal cannot be read: {why}")]
    Unreadable {
        /// The line, from 1.
        line: usize,
        /// Why.
        why: String,
    },
}

/// A journal: appended to, and read as a whole.
pub trait Journal: Send + Sync {
    /// Puts an event on disk. When this returns, it is there.
    ///
    /// # Errors
    /// [`JournalError`]; then the event must be taken as not written, and nothing may be sent.
    fn append(&mut self, event: Event) -> BoxFuture<'_, Result<(), JournalError>>;

    /// Every line, oldest first.
    fn lines(&self) -> Vec<Line>;
}

/// A change of which the journal has the intent, and what is known about it since.
#[derive(Debug, Clone, PartialEq)]
pub struct Begun {
    /// The change.
    pub change: Change,
    /// Ids behind its references.
    pub ids: Brought,
    /// What was there before.
    pub before: Before,
    /// When the intent was written last.
    pub at: Timestamp,
    /// What became of it; `None`: the run ended in between.
    pub outcome: Option<ChangeOutcome>,
    /// What it brought.
    pub brought: Brought,
    /// How it was taken back, where that was tried.
    pub undo: Option<ChangeOutcome>,
}

/// The changes a journal tells of, in the order of their last intents.
pub fn begun(lines: &[Line]) -> Vec<Begun> {
    let mut all: Vec<Begun> = Vec::new();
    for line in lines {
        match &line.event {
            Event::Opened { .. } | Event::Undoing { .. } => {}
            Event::Intent {
                change,
                ids,
                before,
            } => {
                // A second try of the same change keeps what was there before the first one.
                let first = all
                    .iter()
                    .position(|begun| begun.change.id == change.id && begun.is_same_try());
                let before = match first {
                    Some(at) => Before {
                        carried: before.carried.clone(),
                        ..all.remove(at).before
                    },
                    None => before.clone(),
                };
                all.push(Begun {
                    change: (**change).clone(),
                    ids: ids.clone(),
                    before,
                    at: line.at,
                    outcome: None,
                    brought: Brought::new(),
                    undo: None,
                });
            }
            Event::Outcome { outcome, brought } => {
                if let Some(begun) = all
                    .iter_mut()
                    .rev()
                    .find(|begun| begun.change.id == outcome.id)
                {
                    begun.outcome = Some(outcome.clone());
                    begun.brought.clone_from(brought);
                }
            }
            Event::Undo { outcome } => {
                if let Some(begun) = all
                    .iter_mut()
                    .rev()
                    .find(|begun| begun.change.id == outcome.id)
                {
                    begun.undo = Some(outcome.clone());
                }
            }
        }
    }
    all
}

impl Begun {
    /// Whether a new intent of the same change is another try, rather than the change done anew after it was done or undone.
    fn is_same_try(&self) -> bool {
        self.undo.is_none() && !self.is_done()
    }

    /// Whether the change was done and not taken back since.
    pub fn stands(&self) -> bool {
        use usher_core::outcome::ChangeState;
        self.is_done()
            && self
                .undo
                .as_ref()
                .is_none_or(|undo| undo.state != ChangeState::Undone)
    }

    /// The change with its ids, as undoing is decided by.
    pub fn done(&self) -> usher_core::plan::undo::DoneChange {
        let ids = self
            .ids
            .iter()
            .chain(&self.brought)
            .map(|(name, id)| (name.clone(), id.clone()))
            .collect();
        usher_core::plan::undo::DoneChange {
            change: self.change.clone(),
            ids,
            carried: self.before.carried.clone(),
        }
    }

    /// Whether the change was seen to be done.
    pub fn is_done(&self) -> bool {
        self.outcome
            .as_ref()
            .is_some_and(|outcome| outcome.state == usher_core::outcome::ChangeState::Done)
    }
}
