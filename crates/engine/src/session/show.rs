//! The open set-up as the page sees it: a pure view of the set-up, the observation and what the checks say of them.

use jiff::Timestamp;
use usher_core::checks;
use usher_core::finding::{Finding, How, Report, Status, Weight};
use usher_core::health;
use usher_core::journey::{self, Step, StepState};

use super::fix;
use super::links;
use super::place::Place;
use super::recognise;
use super::setups::Open;
use super::view::{ConnectorView, Counts, Due, EarlyFinding, FindingView, SecretSlot, SetupView};

/// The open set-up with everything the pages show.
pub(crate) fn setup(open: &Open, place: &Place) -> SetupView {
    let setup = &open.file.setup;
    let report = report(open);
    let steps = steps(open, &report);
    let first = health::first(&report.findings).map(|finding| finding.check.clone());
    let findings: Vec<_> = report
        .findings
        .into_iter()
        .map(|finding| placed(finding, &steps, open))
        .collect();
    SetupView {
        id: open.file.stem(),
        path: open.file.path().display().to_string(),
        saved_at: open.file.saved_at().unwrap_or(Timestamp::UNIX_EPOCH),
        next_step: journey::next(&steps)
            .map(|step| step.id.clone())
            .unwrap_or_default(),
        counts: counts(&findings),
        first,
        steps,
        findings,
        observed_at: open.observed_at,
        url: recognise::url(
            setup.databricks.scim_url.as_deref().unwrap_or_default(),
            &place.world,
        ),
        connection: open.connection.clone(),
        signed_in: open.signed_in.clone(),
        connectors: connectors(open, place),
        journal: open.journal.clone(),
        secrets: open.secrets.clone(),
        vault_failure: open.vault_failure.clone(),
        setup: setup.clone(),
    }
}

/// Whether there is a check of this id in the set-up's journey.
pub(crate) fn is_check(open: &Open, id: &str) -> bool {
    checks::of_journey(open.file.setup.journey).any(|check| check.id == id)
}

/// What the checks say now.
pub(crate) fn report(open: &Open) -> Report {
    checks::judge(
        &open.file.setup,
        &open.observed.observation,
        Timestamp::now(),
    )
}

fn steps(open: &Open, report: &Report) -> Vec<Step> {
    journey::steps(
        &open.file.setup,
        &open.observed.observation,
        report,
        token_held(open),
    )
}

fn token_held(open: &Open) -> bool {
    open.secrets
        .iter()
        .any(|secret| secret.in_use && secret.slot == SecretSlot::ScimToken)
}

/// What is wrong or wants to be known, the most urgent first, while both sides are still looked at.
pub(crate) fn early(report: &Report) -> Vec<EarlyFinding> {
    let told = |due: Due| {
        let is_due =
            move |finding: &&Finding| self::due(finding.status, finding.weight, true) == due;
        report
            .findings
            .iter()
            .filter(is_due)
            .map(move |finding| EarlyFinding {
                check: finding.check.clone(),
                title: finding.title.clone(),
                due,
            })
    };
    told(Due::Now).chain(told(Due::Later)).collect()
}

fn connectors(open: &Open, place: &Place) -> Option<Vec<ConnectorView>> {
    let seen = &open.observed.observation;
    let chosen = seen
        .connector(&open.file.setup)
        .map(|connector| connector.service_principal_id.as_str());
    let scim = super::secrets::scim_url_of(&open.file.setup, &place.world);
    let connectors = seen.entra.connectors.value()?;
    let view = |connector: &usher_core::observation::Connector| {
        let base = connector
            .secrets
            .value()
            .and_then(|secrets| secrets.base_address.clone());
        ConnectorView {
            same_target: base
                .as_deref()
                .zip(scim.as_ref())
                .map(|(base, scim)| scim.is_same_as(base)),
            target: base,
            service_principal_id: connector.service_principal_id.clone(),
            app_id: connector.app_id.clone(),
            display_name: connector.display_name.clone(),
            running: connector.is_running(),
            quarantined: connector.job().map(|job| job.quarantine.is_some()),
            assigned: connector.assignments.value().map(Vec::len),
            chosen: chosen == Some(connector.service_principal_id.as_str()),
        }
    };
    Some(connectors.iter().map(view).collect())
}

fn placed(finding: Finding, steps: &[Step], open: &Open) -> FindingView {
    let step = steps
        .iter()
        .find(|step| step.checks.contains(&finding.check));
    let reachable = step.is_none_or(|step| step.state != StepState::Blocked);
    FindingView {
        due: due(finding.status, finding.weight, reachable),
        step: step.map(|step| step.id.clone()),
        remedy: fix::remedy(&finding, open, token_held(open)),
        link: matches!(finding.status, Status::Fail | Status::Warn)
            .then(|| links::of_check(open.file.setup.journey, &finding.check))
            .flatten(),
        attestable: finding.status == Status::Unknown || finding.how == How::Attested,
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
    findings
        .iter()
        .filter(|view| view.finding.status != Status::NotApplicable)
        .fold(Counts::default(), |mut counts, view| {
            match view.due {
                Due::Now => counts.due_now += 1,
                Due::Later => counts.due_later += 1,
                Due::Fine => counts.fine += 1,
                Due::CannotTell => counts.cannot_tell += 1,
            }
            counts
        })
}
