//! The catalogue of checks, and judging a set-up by it: one pure function a check, a file a section of the catalogue.
//!
//! To add a check, add an entry to its section's `CHECKS` and write its function and test there. The window, the
//! report, the checklist and the command line pick it up.

#![expect(
    clippy::result_large_err,
    reason = "a verdict is made once a check; its size does not matter"
)]

mod about;
mod application;
mod assigned;
mod before;
mod connection;
mod context;
mod moving;
mod sync;
mod verdict;

use jiff::Timestamp;

pub use about::{About, about};
pub(crate) use application::work_email;
pub(crate) use context::Context;
pub(crate) use moving::{retiring, workspace_of};
pub(crate) use sync::{remedy, waiting};
pub(crate) use verdict::{Verdict, few};

use crate::finding::{Evidence, Finding, How, Report, Status, Weight};
use crate::model::Setup;
use crate::model::setup::{Attestation, Journey};
use crate::observation::Observation;

/// A check of the catalogue.
pub struct Check {
    /// Its stable id.
    pub id: &'static str,
    /// Its title, the same whatever the outcome.
    pub title: &'static str,
    /// How much it matters.
    pub weight: Weight,
    /// The journeys it belongs to.
    pub journeys: &'static [Journey],
    /// What the rule rests on.
    pub source: &'static str,
    judge: fn(&Context<'_>) -> Verdict,
}

/// A section of the catalogue.
pub struct Section {
    /// Its stable id.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// Its checks, in order.
    pub checks: &'static [Check],
}

/// The catalogue, section by section.
pub static CATALOGUE: [Section; 6] = [
    Section {
        id: "before",
        title: "Before starting",
        checks: before::CHECKS,
    },
    Section {
        id: "connection",
        title: "The connection",
        checks: connection::CHECKS,
    },
    Section {
        id: "application",
        title: "The enterprise application",
        checks: application::CHECKS,
    },
    Section {
        id: "assigned",
        title: "Who is assigned",
        checks: assigned::CHECKS,
    },
    Section {
        id: "sync",
        title: "The sync",
        checks: sync::CHECKS,
    },
    Section {
        id: "moving",
        title: "Moving workspace connectors to the account",
        checks: moving::CHECKS,
    },
];

/// All journeys, account and migrate, and so on: which checks belong where.
mod journeys {
    use crate::model::setup::Journey;

    pub(super) const ALL: &[Journey] = &[Journey::Account, Journey::Workspace, Journey::Migrate];
    pub(super) const ACCOUNT: &[Journey] = &[Journey::Account, Journey::Migrate];
    pub(super) const WORKSPACE: &[Journey] = &[Journey::Workspace, Journey::Migrate];
    pub(super) const MIGRATE: &[Journey] = &[Journey::Migrate];
}

/// Every check of a journey, in the catalogue's order.
pub fn of_journey(journey: Journey) -> impl Iterator<Item = &'static Check> {
    CATALOGUE
        .iter()
        .flat_map(|section| section.checks)
        .filter(move |check| check.journeys.contains(&journey))
}

/// The pages of documentation that checks name, some of them more than once.
pub fn documents() -> impl Iterator<Item = &'static str> {
    CATALOGUE
        .iter()
        .flat_map(|section| section.checks)
        .filter_map(|check| about(check.id))
        .map(|about| about.link)
}

/// Judges a set-up by what was seen: exactly one finding for each check of its journey.
pub fn judge(setup: &Setup, seen: &Observation, now: Timestamp) -> Report {
    let context = Context::new(setup, seen, now);
    let findings = of_journey(setup.journey)
        .map(|check| finding(check, &context))
        .collect();
    Report::new(setup, findings)
}

/// One check's verdict, for the guards of a plan; `None` for an id that the catalogue does not have.
pub(crate) fn verdict_of(id: &str, context: &Context<'_>) -> Option<Verdict> {
    CATALOGUE
        .iter()
        .flat_map(|section| section.checks)
        .find(|check| check.id == id)
        .map(|check| (check.judge)(context))
}

fn finding(check: &Check, context: &Context<'_>) -> Finding {
    let mut verdict = (check.judge)(context);
    if let Some(attestation) = context.setup.attested.get(check.id) {
        attest(&mut verdict, attestation);
    }
    let about = about(check.id);
    Finding {
        check: check.id.to_owned(),
        title: check.title.to_owned(),
        wanted: about.map(|about| about.wanted.to_owned()),
        why: about.map(|about| about.why.to_owned()),
        link: about.map(|about| about.link.to_owned()),
        status: verdict.status,
        weight: check.weight,
        evidence: verdict.evidence,
        subjects: verdict.subjects,
        fix: verdict.fix,
        reason: verdict.reason,
        source: check.source.to_owned(),
        observed_at: verdict.at.unwrap_or(context.now),
        how: verdict.how,
    }
}

/// A person's word stands where nothing was seen; what was seen overrules it, and the word is kept beside it.
fn attest(verdict: &mut Verdict, attestation: &Attestation) {
    let word = attestation
        .note
        .as_ref()
        .map_or_else(String::new, |note| format!(": {note}"));
    let evidence = Evidence {
        label: "Attested".to_owned(),
        value: format!("by {} at {:.0}{word}", attestation.by, attestation.at),
    };
    verdict.evidence.push(evidence);
    if verdict.status == Status::Unknown {
        verdict.status = Status::Pass;
        verdict.reason = None;
        verdict.how = How::Attested;
        verdict.at = Some(attestation.at);
    }
}

#[cfg(test)]
mod tests;
