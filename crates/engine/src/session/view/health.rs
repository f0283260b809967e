//! Checking what exists, and what a person keeps as evidence.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use usher_core::article::Tip;
use usher_core::comparison::Comparison;
use usher_core::export::ExportFormat;
use usher_core::health::{Cause, Clock, RestartChoice};
use usher_core::rotation::Step;

/// Takes a connector over as it stands: its name, and what the address in it says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UseConnector {
    /// The service principal's object id.
    pub service_principal_id: String,
}

/// Plans exactly what puts one check right.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlanFix {
    /// The check's id.
    pub check: String,
}

/// Writes a file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SaveInto {
    /// Into which folder; absent: the documents folder.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub folder: Option<String>,
}

/// What is wrong with a sync that runs, beside the findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HealthView {
    /// The quarantine; `None`: in none, or not seen.
    pub clock: Option<Clock>,
    /// The ways to set the job going again, with a quarantine.
    pub restarts: Vec<RestartChoice>,
    /// Failures of the provisioning log by cause, the most frequent first.
    pub causes: Vec<Cause>,
    /// From when on the log was read.
    #[ts(type = "string | null")]
    pub log_since: Option<Timestamp>,
    /// What changed since the last look; `None`: there is none to compare with.
    pub comparison: Option<Comparison>,
}

/// Asks what to know at a step.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TipsOf {
    /// The step's id.
    pub step: String,
}

/// What to know at a step of the open set-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TipList {
    /// The tips, in the order in which a page shows them.
    pub tips: Vec<Tip>,
}

/// How the token stands, and the renewal that is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RotationView {
    /// When the token was made.
    #[ts(type = "string | null")]
    pub created_at: Option<Timestamp>,
    /// When it ends.
    #[ts(type = "string | null")]
    pub expires_at: Option<Timestamp>,
    /// Whether that is only assumed: a year after it was made.
    pub expiry_assumed: bool,
    /// The steps; none: no renewal is under way.
    pub steps: Vec<Step>,
    /// Whether all of them are done.
    pub complete: bool,
}

/// The text of a service-tags file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ServiceTags {
    /// All of it.
    pub text: String,
}

/// Entra's address ranges, as far as a file was read on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeptAddressRanges {
    /// The ranges; `None`: no file was read yet.
    pub ranges: Option<AddressRangesView>,
}

/// Entra's address ranges of the file that was read last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AddressRangesView {
    /// The cloud, as the file names it.
    pub cloud: String,
    /// The file's change number.
    #[ts(type = "number")]
    pub file_change: u64,
    /// When it was read.
    #[ts(type = "string")]
    pub read_at: Timestamp,
    /// IPv4 ranges.
    pub v4: usize,
    /// IPv6 ranges.
    pub v6: usize,
    /// Entries of an access list, neighbours merged.
    pub entries: usize,
    /// How many entries the lists may have in all.
    pub limit: usize,
    /// How many are too many.
    pub above_limit: usize,
    /// The entries, one a line.
    pub text: String,
    /// When the file before was read; `None`: this is the first.
    #[ts(type = "string | null")]
    pub compared_with: Option<Timestamp>,
    /// Ranges the file before did not have.
    pub added: Vec<String>,
    /// Ranges this file has no longer.
    pub gone: Vec<String>,
}

/// What a set-up is exported as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum CodeFormat {
    /// Terraform.
    Terraform,
    /// A shell script of the Microsoft Graph calls.
    GraphScript,
}

impl CodeFormat {
    pub(crate) fn format(self) -> ExportFormat {
        match self {
            Self::Terraform => ExportFormat::Terraform,
            Self::GraphScript => ExportFormat::GraphScript,
        }
    }
}

/// Writes the set-up as code.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExportCode {
    /// As what.
    pub format: CodeFormat,
    /// Into a new folder in which folder; absent: the documents folder.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub folder: Option<String>,
}

/// Where the code went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Exported {
    /// The folder's full path.
    pub folder: String,
    /// The files in it.
    pub files: Vec<String>,
}
