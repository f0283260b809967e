//! What a check says: [`Finding`], and all of them: `usher.report/1`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::comparison::Comparison;
use crate::document::{Document, Schema};
use crate::model::setup::Journey;

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// As it should be.
    Pass,
    /// Works, with something to know.
    Warn,
    /// Not as it should be.
    Fail,
    /// Could not be observed; the reason says what would tell.
    Unknown,
    /// Has no meaning for this set-up.
    NotApplicable,
}

impl Status {
    /// The status as a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "fine",
            Self::Warn => "to know",
            Self::Fail => "to do",
            Self::Unknown => "cannot tell",
            Self::NotApplicable => "does not apply",
        }
    }

    /// The status as a shape, so that it does not rest on colour.
    pub fn shape(self) -> &'static str {
        match self {
            Self::Pass => "✓",
            Self::Warn => "▲",
            Self::Fail => "✕",
            Self::Unknown => "?",
            Self::NotApplicable => "–",
        }
    }
}

/// How much a check matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// The sync does not work, or people lose access.
    Blocks,
    /// Works today, will bite.
    Risks,
    /// Worth knowing.
    Advises,
}

/// Where a finding's facts come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// Databricks answered.
    Databricks,
    /// Entra or Microsoft Graph answered.
    Entra,
    /// A person attested it.
    Attested,
    /// The set-up itself says so.
    Input,
}

/// A piece of evidence: what was looked at, and what was there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// What was looked at.
    pub label: String,
    /// What was there.
    pub value: String,
}

/// One of several things a check looked at: a workspace, a group, a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Subject {
    /// Its name.
    pub subject: String,
    /// How it came out.
    pub status: Status,
    /// Why.
    pub note: String,
}

/// One check's outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The check's id.
    pub check: String,
    /// The check's title, the same whatever the outcome.
    pub title: String,
    /// The outcome.
    pub status: Status,
    /// How much it matters.
    pub weight: Weight,
    /// What was found.
    pub evidence: Vec<Evidence>,
    /// The things it looked at, where there are several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<Subject>,
    /// What to do, a line a press; with `warn` and `fail`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// Why it could not be observed, and what would tell; with `unknown`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What the rule rests on, for people: a document's name and section.
    pub source: String,
    /// When its facts were observed.
    #[ts(type = "string")]
    pub observed_at: Timestamp,
    /// Where its facts come from.
    pub how: How,
}

/// Counts by status; not-applicable is not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// As they should be, attested ones included.
    pub pass: usize,
    /// With something to know.
    pub warn: usize,
    /// Not as they should be.
    pub fail: usize,
    /// Not observed.
    pub unknown: usize,
}

impl Summary {
    /// Counts findings.
    pub fn of(findings: &[Finding]) -> Self {
        findings
            .iter()
            .fold(Self::default(), |mut summary, finding| {
                match finding.status {
                    Status::Pass => summary.pass += 1,
                    Status::Warn => summary.warn += 1,
                    Status::Fail => summary.fail += 1,
                    Status::Unknown => summary.unknown += 1,
                    Status::NotApplicable => {}
                }
                summary
            })
    }
}

/// The body of `usher.report/1`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The journey whose checks these are.
    pub journey: Journey,
    /// Counts.
    pub summary: Summary,
    /// Exactly one finding for each check of the journey, in the catalogue's order.
    pub findings: Vec<Finding>,
    /// What changed since the last report, where it was compared with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub comparison: Option<Comparison>,
}

impl Report {
    /// Counts and keeps the findings.
    pub fn new(journey: Journey, findings: Vec<Finding>) -> Self {
        Self {
            journey,
            summary: Summary::of(&findings),
            findings,
            comparison: None,
        }
    }

    /// The report with what changed since the last one.
    #[must_use]
    pub fn since(mut self, last: &Document<Self>) -> Self {
        self.comparison = Some(Comparison::of(last, &self));
        self
    }
}

impl Schema for Report {
    const SCHEMA: &'static str = "usher.report/1";
}
