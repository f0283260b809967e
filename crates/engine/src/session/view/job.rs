//! Jobs: what takes long, tells its progress and can be cancelled.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::step::Due;

/// A job's id, minted by the page (any unique text), so that it can be cancelled before it answers.
pub type JobId = String;

/// Starts a job that needs nothing but its id.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StartJob {
    /// The job's id.
    pub job: JobId,
}

/// Cancels a job.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CancelJob {
    /// The job's id.
    pub job: JobId,
}

/// Whether there was something to cancel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Cancelled {
    /// `false` when the job had ended already.
    pub running: bool,
}

/// A finding that is known before the look has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EarlyFinding {
    /// The check's id.
    pub check: String,
    /// Its title.
    pub title: String,
    /// When it wants something.
    pub due: Due,
}

/// What observing tells while it works.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(
    tag = "event",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum ObserveEvent {
    /// What is being looked at.
    Looking {
        /// For people, for instance "Reading users from Databricks".
        what: String,
        /// How many came so far, where it is counted.
        #[ts(type = "number | null")]
        done: Option<u64>,
        /// How many there are, where it is known.
        #[ts(type = "number | null")]
        total: Option<u64>,
        /// How long it still takes, in words, where that can be told.
        left: Option<String>,
    },
    /// What is known already, while the look goes on.
    Found {
        /// What is wrong or wants to be known, the most urgent first.
        findings: Vec<EarlyFinding>,
    },
    /// A server asked to wait.
    Waiting {
        /// How long.
        seconds: f64,
        /// Who asked and why, for people.
        reason: String,
    },
}
