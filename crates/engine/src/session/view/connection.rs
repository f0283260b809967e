//! The connection test and the discovery.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use usher_core::connection::{ConnectionReport, Phase, PhaseId};
use usher_core::model::DatabricksCloud;

/// What the connection doctor tells while it works.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(
    tag = "event",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum PhaseEvent {
    /// A phase began.
    Started {
        /// Which.
        phase: PhaseId,
    },
    /// A phase ended.
    Ended {
        /// Its outcome.
        phase: Phase,
    },
    /// A server asked to wait.
    Waiting {
        /// How long.
        seconds: f64,
        /// Who asked and why, for people.
        reason: String,
    },
}

/// The last connection test.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionTest {
    /// When it ended.
    #[ts(type = "string")]
    pub at: Timestamp,
    /// What it said.
    pub report: ConnectionReport,
    /// The report as text for copying, without secrets.
    pub text: String,
}

/// Asks what a workspace URL gives away.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DiscoverWorkspace {
    /// A workspace's URL, as the browser shows it.
    pub url: String,
}

/// What a workspace told without a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Discovery {
    /// The workspace's origin.
    pub url: String,
    /// The workspace id.
    pub workspace_id: Option<String>,
    /// The Databricks account it belongs to.
    pub account_id: Option<String>,
    /// The cloud.
    pub cloud: Option<DatabricksCloud>,
    /// The Entra tenant it signs in with; Azure only.
    pub tenant_id: Option<String>,
    /// The account SCIM URL that follows from it.
    pub account_scim_url: Option<String>,
    /// What disagrees with the open set-up, a line each.
    pub disagreements: Vec<String>,
}
