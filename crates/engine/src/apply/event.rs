//! What applying tells while it works, in the order in which it happens.

use serde::Serialize;
use ts_rs::TS;
use usher_core::outcome::ChangeOutcome;

/// What applying tells.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(
    tag = "event",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum ApplyEvent {
    /// The run begins.
    Begun {
        /// How many changes it is about to make.
        #[ts(type = "number")]
        total: usize,
    },
    /// A change is being worked on.
    Change {
        /// Its id.
        id: String,
        /// Its line for people.
        title: String,
        /// What is being done about it.
        doing: Doing,
    },
    /// What became of a change.
    Settled {
        /// The outcome.
        outcome: ChangeOutcome,
    },
    /// What is being looked at around the changes.
    Looking {
        /// For people, for instance "Reading users from the account".
        what: String,
        /// How many came so far, where it is counted.
        #[ts(type = "number | null")]
        done: Option<u64>,
        /// How many there are, where it is known.
        #[ts(type = "number | null")]
        total: Option<u64>,
        /// How long it still takes, as a range in words, where that can be told.
        left: Option<String>,
    },
    /// The first cycle is being waited for.
    Cycle {
        /// Pages done, where Entra tells.
        #[ts(type = "number | null")]
        done: Option<u64>,
        /// Pages in all, where Entra tells.
        #[ts(type = "number | null")]
        total: Option<u64>,
        /// How the job is, in words.
        state: String,
    },
}

/// What is being done about a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Doing {
    /// Looking whether the world is still as planned.
    Looking,
    /// Asking Entra to try the credentials.
    Testing,
    /// Sending the request.
    Sending,
    /// Reading back until every copy of the directory agrees.
    ReadingBack,
    /// Asking the world what became of a request whose answer was lost.
    Asking,
}
