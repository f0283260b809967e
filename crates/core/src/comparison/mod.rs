//! What changed between two reports of the same set-up: what is new, what is gone, what is still there.
//!
//! In: the last report with its date, and this one. Out: a [`Comparison`], which a report carries with it as `comparison` and
//! which reads as text or Markdown. A problem is a check, or one of the things it looked at, that is `fail` or `warn`. What
//! was a problem and cannot be seen any longer is not gone: it is `changed`.

mod words;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use words::{markdown, text};

use crate::document::Document;
use crate::finding::{Finding, Report, Status, Subject, Weight};

/// What became of a check since the last report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(rename = "ComparedChange")]
pub enum Change {
    /// A problem that was none.
    New,
    /// Another status, without being new or gone: worse, better, or not to be told any longer.
    Changed,
    /// The same problem as before.
    StillThere,
    /// No problem any longer.
    Gone,
}

impl Change {
    /// In the order in which a person wants to hear of them.
    pub const ALL: [Self; 4] = [Self::New, Self::Changed, Self::StillThere, Self::Gone];
}

/// Counts by [`Change`], of checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ComparisonCounts")]
pub struct Counts {
    /// Problems that were none.
    pub new: usize,
    /// Other statuses.
    pub changed: usize,
    /// Problems as before.
    pub still_there: usize,
    /// Problems no longer.
    pub gone: usize,
}

/// One check, then and now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Compared {
    /// The check's id.
    pub check: String,
    /// The check's title.
    pub title: String,
    /// How much it matters.
    pub weight: Weight,
    /// What became of it.
    pub change: Change,
    /// Its status then; none where the last report did not have the check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub was: Option<Status>,
    /// Its status now; none where this report does not have the check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub is: Option<Status>,
    /// Its people, groups or workspaces that have become a problem, as they are now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub new_subjects: Vec<Subject>,
    /// Those that are no problem any longer, as they were then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone_subjects: Vec<Subject>,
    /// How many of them are a problem still.
    pub still_there: usize,
}

/// What changed since the last report: an additive field of `usher.report/1`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// When the last report was made.
    #[ts(type = "string")]
    pub since: Timestamp,
    /// Counts.
    pub summary: Counts,
    /// The checks that are or were a problem or have another status, in the catalogue's order.
    pub checks: Vec<Compared>,
}

impl Comparison {
    /// Compares this report with the last one, check by check and subject by subject. A check that one of them does not have
    /// counts as one that does not apply there.
    pub fn of(last: &Document<Report>, now: &Report) -> Self {
        let then: BTreeMap<&str, &Finding> = by_check(&last.body);
        let current = by_check(now);
        let dropped = last
            .body
            .findings
            .iter()
            .filter(|finding| !current.contains_key(finding.check.as_str()))
            .filter_map(|was| compared(Some(was), None));
        let checks: Vec<Compared> = now
            .findings
            .iter()
            .filter_map(|is| compared(then.get(is.check.as_str()).copied(), Some(is)))
            .chain(dropped)
            .collect();
        Self {
            since: last.generated_at,
            summary: count(&checks),
            checks,
        }
    }

    /// The checks of one kind.
    pub fn of_kind(&self, change: Change) -> impl Iterator<Item = &Compared> {
        self.checks
            .iter()
            .filter(move |compared| compared.change == change)
    }
}

fn by_check(report: &Report) -> BTreeMap<&str, &Finding> {
    report
        .findings
        .iter()
        .map(|finding| (finding.check.as_str(), finding))
        .collect()
}

fn count(checks: &[Compared]) -> Counts {
    let mut counts = Counts::default();
    for compared in checks {
        match compared.change {
            Change::New => counts.new += 1,
            Change::Changed => counts.changed += 1,
            Change::StillThere => counts.still_there += 1,
            Change::Gone => counts.gone += 1,
        }
    }
    counts
}

fn is_problem(status: Status) -> bool {
    matches!(status, Status::Fail | Status::Warn)
}

/// What became of a check; `None` where there is nothing to tell.
fn compared(was: Option<&Finding>, is: Option<&Finding>) -> Option<Compared> {
    let either = is.or(was)?;
    let status =
        |finding: Option<&Finding>| finding.map_or(Status::NotApplicable, |finding| finding.status);
    let change = change(status(was), status(is))?;
    // What cannot be told now says nothing about its people: none of them is gone.
    let told = is.is_none_or(|finding| finding.status != Status::Unknown);
    let (then, now) = (problems(was), problems(is));
    let missing_in = |theirs: &Problems<'_>, ours: &Problems<'_>| {
        ours.iter()
            .filter(|(name, _)| !theirs.contains_key(*name))
            .map(|(_, subject)| (*subject).clone())
            .collect::<Vec<_>>()
    };
    let gone = if told {
        missing_in(&now, &then)
    } else {
        Vec::new()
    };
    let new = missing_in(&then, &now);
    Some(Compared {
        check: either.check.clone(),
        title: either.title.clone(),
        weight: either.weight,
        change,
        was: was.map(|finding| finding.status),
        is: is.map(|finding| finding.status),
        still_there: now.len() - new.len(),
        new_subjects: new,
        gone_subjects: gone,
    })
}

fn change(was: Status, is: Status) -> Option<Change> {
    match (is_problem(was), is_problem(is)) {
        (false, true) => Some(Change::New),
        (true, true) if was == is => Some(Change::StillThere),
        (true, false) if is != Status::Unknown => Some(Change::Gone),
        // Coming to apply, or ceasing to, is no news.
        (false, false) if [was, is].contains(&Status::NotApplicable) => None,
        _ if was == is => None,
        _ => Some(Change::Changed),
    }
}

type Problems<'a> = BTreeMap<&'a str, &'a Subject>;

/// The subjects that are a problem, by name; of two with one name the worse.
fn problems(finding: Option<&Finding>) -> Problems<'_> {
    let mut problems = Problems::new();
    let subjects = finding
        .into_iter()
        .flat_map(|finding| &finding.subjects)
        .filter(|subject| is_problem(subject.status));
    for subject in subjects {
        let held = problems.entry(subject.subject.as_str()).or_insert(subject);
        if subject.status == Status::Fail {
            *held = subject;
        }
    }
    problems
}

#[cfg(test)]
mod tests;
