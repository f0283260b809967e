//! What became of a plan's changes: `usher.outcome/1`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::document::{Schema, unmark};
use crate::plan::ChangeKind;

/// What became of one change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeState {
    /// Done, and seen to be so.
    Done,
    /// The world already was as wanted.
    Skipped,
    /// Not done; the error says why.
    Failed,
    /// Taken back, and seen to be so.
    Undone,
    /// Left as it is on purpose; the reason says why.
    Kept,
    /// Only a person can take it back; the reason says how.
    Manual,
    /// Not reached.
    NotTried,
}

/// One change's outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangeOutcome {
    /// The change's id.
    pub id: String,
    /// Its kind.
    pub kind: ChangeKind,
    /// What became of it.
    pub state: ChangeState,
    /// When.
    #[ts(type = "string")]
    pub at: Timestamp,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Why it was kept, or what a person has to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl ChangeOutcome {
    /// Takes the emphasis out of why, and of what is left to do.
    pub fn unmark(&mut self) {
        unmark(self.error.iter_mut().chain(&mut self.reason));
    }
}

/// The body of `usher.outcome/1`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// The changes, in the order in which they were taken.
    pub changes: Vec<ChangeOutcome>,
}

impl Schema for Outcome {
    const SCHEMA: &'static str = "usher.outcome/1";

    fn plain(mut self) -> Self {
        self.changes.iter_mut().for_each(ChangeOutcome::unmark);
        self
    }
}
