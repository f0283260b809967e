//! What a check says: [`Finding`], and all of them: `usher.report/1`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::comparison::Comparison;
use crate::document::{Document, Schema, unmark};
use crate::model::Setup;
use crate::model::setup::Journey;
use crate::target::Target;

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
    /// What is there when all is right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub wanted: Option<String>,
    /// Why it matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub why: Option<String>,
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
    /// Where the vendor writes about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub link: Option<String>,
    /// When its facts were observed.
    #[ts(type = "string")]
    pub observed_at: Timestamp,
    /// Where its facts come from.
    pub how: How,
}

/// How many of a finding's subjects a page for people shows; the rest is counted there, and is in the CSV and the JSON.
pub const SHOWN: usize = 10;

/// The first few of a finding's subjects, the worst first, and what is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief<'a> {
    /// At most [`SHOWN`].
    pub shown: Vec<&'a Subject>,
    /// How many there are in all, by status, the worst first; statuses without any are left out.
    pub counts: Vec<(Status, usize)>,
}

impl Brief<'_> {
    /// How many are not shown.
    pub fn rest(&self) -> usize {
        let all: usize = self.counts.iter().map(|(_, count)| count).sum();
        all - self.shown.len()
    }

    /// What is not shown, in words; `None` where all are.
    pub fn rest_in_words(&self) -> Option<String> {
        let rest = self.rest();
        let counts = self.counts.iter();
        let counts: Vec<String> = counts
            .map(|(status, count)| format!("{count} {}", status.word()))
            .collect();
        (rest > 0).then(|| {
            format!(
                "and {rest} more; in all {}. The CSV and the JSON name each",
                counts.join(", ")
            )
        })
    }
}

impl Finding {
    /// Its subjects for a page: the worst first, the first few of them.
    pub fn brief(&self) -> Brief<'_> {
        const WORST_FIRST: [Status; 5] = [
            Status::Fail,
            Status::Warn,
            Status::Unknown,
            Status::Pass,
            Status::NotApplicable,
        ];
        let mut brief = Brief {
            shown: Vec::new(),
            counts: Vec::new(),
        };
        for status in WORST_FIRST {
            let mut of_it = self
                .subjects
                .iter()
                .filter(|subject| subject.status == status);
            let room = SHOWN - brief.shown.len();
            let before = brief.shown.len();
            brief.shown.extend(of_it.by_ref().take(room));
            let count = brief.shown.len() - before + of_it.count();
            if count > 0 {
                brief.counts.push((status, count));
            }
        }
        brief
    }
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

/// Which set-up a report is about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(rename = "ReportAbout")]
pub struct About {
    /// The set-up's name.
    pub name: String,
    /// The Entra tenant.
    pub tenant_id: Option<String>,
    /// The SCIM URL.
    pub scim_url: Option<String>,
}

/// The body of `usher.report/1`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Which set-up it is about.
    #[serde(default)]
    pub about: About,
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
    pub fn new(setup: &Setup, findings: Vec<Finding>) -> Self {
        Self {
            about: About {
                name: setup.name.clone(),
                tenant_id: setup.entra.tenant_id.clone(),
                scim_url: setup.databricks.scim_url.clone(),
            },
            journey: setup.journey,
            summary: Summary::of(&findings),
            findings,
            comparison: None,
        }
    }

    /// Whether it can be compared with a report on this set-up: same journey, and neither another tenant nor another target.
    /// What either of them does not name stands in nobody's way.
    pub fn fits(&self, setup: &Setup) -> bool {
        let target = |url: &Option<String>| url.as_deref().and_then(Target::of);
        let tenant = |id: &Option<String>| id.as_deref().map(str::to_ascii_lowercase);
        self.journey == setup.journey
            && agree(
                tenant(&self.about.tenant_id),
                tenant(&setup.entra.tenant_id),
            )
            && agree(
                target(&self.about.scim_url),
                target(&setup.databricks.scim_url),
            )
    }

    /// The report with what changed since the last one.
    #[must_use]
    pub fn since(mut self, last: &Document<Self>) -> Self {
        self.comparison = Some(Comparison::of(last, &self));
        self
    }
}

/// Whether two facts do not contradict each other.
fn agree<T: PartialEq>(one: Option<T>, other: Option<T>) -> bool {
    one.is_none() || other.is_none() || one == other
}

impl Finding {
    /// Takes the emphasis out of what to do and why.
    pub(crate) fn unmark(&mut self) {
        unmark(self.fix.iter_mut().chain(&mut self.reason));
    }
}

impl Schema for Report {
    const SCHEMA: &'static str = "usher.report/1";

    fn plain(mut self) -> Self {
        self.findings.iter_mut().for_each(Finding::unmark);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_come_first_and_all_are_counted() {
        let report = crate::checks::judge(
            &crate::testing::setup(),
            &crate::testing::world(),
            crate::testing::now(),
        );
        let mut finding = report.findings[0].clone();
        let statuses = [Status::Pass, Status::Fail, Status::Warn];
        finding.subjects = (0..100_000)
            .map(|index: usize| Subject {
                subject: format!("person {index}"),
                status: statuses[usize::from(index.is_multiple_of(10)) + usize::from(index == 50)],
                note: String::new(),
            })
            .collect();
        let brief = finding.brief();
        assert_eq!(brief.shown.len(), SHOWN);
        assert_eq!(brief.shown[0].subject, "person 0");
        assert_eq!(
            brief.shown[9].subject, "person 100",
            "the one at 50 only warns"
        );
        assert_eq!(
            brief.counts,
            [
                (Status::Fail, 9_999),
                (Status::Warn, 1),
                (Status::Pass, 90_000)
            ]
        );
        assert_eq!(brief.rest(), 99_990);
        finding.subjects.truncate(3);
        assert_eq!(finding.brief().rest_in_words(), None);
    }
}
