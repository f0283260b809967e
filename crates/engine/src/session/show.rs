//! The open set-up as the page sees it: a pure view of the set-up, the observation and what the checks say of them.

use jiff::Timestamp;
use usher_core::finding::{Finding, Report, Status, Weight};

use super::place::Place;
use super::recognise;
use super::setups::Open;
use super::view::{Counts, Due, FindingView, SetupView, StepState, StepView};

/// The open set-up with everything the pages show.
pub(crate) fn setup(open: &Open, place: &Place) -> SetupView {
    let setup = &open.file.setup;
    let report = report(open);
    let steps = steps(open, &report);
    let findings: Vec<_> = report.findings.into_iter().map(|finding| placed(finding, &steps)).collect();
    SetupView {
        id: open.file.stem(),
        path: open.file.path().display().to_string(),
        saved_at: open.file.saved_at().unwrap_or(Timestamp::UNIX_EPOCH),
        next_step: next(&steps),
        counts: counts(&findings),
        steps,
        findings,
        observed_at: open.observed_at,
        url: recognise::url(setup.databricks.scim_url.as_deref().unwrap_or_default(), &place.world),
        connection: open.connection.clone(),
        secrets: open.secrets.clone(),
        vault_failure: open.vault_failure.clone(),
        setup: setup.clone(),
    }
}

/// Whether there is a check of this id.
pub(crate) fn is_check(_id: &str) -> bool {
    true
}

/// What the checks say now.
pub(crate) fn report(open: &Open) -> Report {
    Report::new(open.file.setup.journey, Vec::new())
}

fn steps(_open: &Open, _report: &Report) -> Vec<StepView> {
    Vec::new()
}

/// The step to go on with: the first that is not done and can be done; when all are done, the last.
fn next(steps: &[StepView]) -> String {
    let open = |step: &&StepView| matches!(step.state, StepState::Open | StepState::Attention);
    steps.iter().find(open).or(steps.last()).map(|step| step.id.clone()).unwrap_or_default()
}

fn placed(finding: Finding, steps: &[StepView]) -> FindingView {
    let step = steps.iter().find(|step| step.checks.contains(&finding.check));
    let reachable = step.is_none_or(|step| step.state != StepState::Blocked);
    FindingView {
        due: due(finding.status, finding.weight, reachable),
        step: step.map(|step| step.id.clone()),
        attestable: finding.status == Status::Unknown,
        finding,
    }
}

/// What is wrong wants something now where its step can be done; what only may bite one day wants it later.
fn due(status: Status, weight: Weight, reachable: bool) -> Due {
    match (status, weight) {
        (Status::Fail, Weight::Blocks | Weight::Risks) if reachable => Due::Now,
        (Status::Fail | Status::Warn, _) => Due::Later,
        (Status::Unknown, _) => Due::CannotTell,
        (Status::Pass | Status::NotApplicable, _) => Due::Fine,
    }
}

/// Counts; what has no meaning here is not counted.
fn counts(findings: &[FindingView]) -> Counts {
    findings.iter().filter(|view| view.finding.status != Status::NotApplicable).fold(
        Counts::default(),
        |mut counts, view| {
            match view.due {
                Due::Now => counts.due_now += 1,
                Due::Later => counts.due_later += 1,
                Due::Fine => counts.fine += 1,
                Due::CannotTell => counts.cannot_tell += 1,
            }
            counts
        },
    )
}
