//! Checking what exists, as the window does it: three questions, findings as they come in, one finding's own plan, what changed
//! since.

use std::ops::Deref;
use std::sync::{Arc, Mutex};

use serde_json::json;
use usher_core::comparison::Change;
use usher_core::finding::Status;
use usher_core::model::DatabricksCloud;
use usher_core::model::setup::Journey;
use usher_core::outcome::ChangeState;
use usher_core::plan::ChangeKind;
use usher_engine::session::view::*;
use usher_practice::Options;

use crate::sitting::{Sitting, deaf, start};

/// A check of what exists.
pub(crate) struct Walk {
    sitting: Sitting,
    before: usize,
}

impl Deref for Walk {
    type Target = Sitting;

    fn deref(&self) -> &Sitting {
        &self.sitting
    }
}

impl Walk {
    /// A check of what exists, begun as the start page begins it.
    pub(crate) async fn begin(scenario: &str) -> Self {
        let options = Options {
            scenario: scenario.to_owned(),
            ..Options::default()
        };
        let begun = CreateSetup {
            name: "Check of our provisioning".to_owned(),
            journey: Journey::Account,
            cloud: DatabricksCloud::Aws,
        };
        let sitting = Sitting::open(options, begun).await;
        Self {
            before: sitting.practice.changes().len(),
            sitting,
        }
    }

    /// The three answers: sign in, the only connector, the token.
    pub(crate) async fn answer(&self, with_token: bool) -> SetupView {
        self.sign_in().await;
        let found = self
            .session
            .find_connectors(start("find"), deaf())
            .await
            .unwrap();
        let id = found.connectors.unwrap()[0].service_principal_id.clone();
        let view = self.take(&id).await;
        if with_token {
            self.keep("scim-token", &self.practice.details().scim_token)
                .await
        } else {
            view
        }
    }

    async fn take(&self, id: &str) -> SetupView {
        let request = UseConnector {
            service_principal_id: id.to_owned(),
        };
        self.session.use_connector(request).await.unwrap()
    }

    pub(crate) async fn attest(&self, check: &str) -> SetupView {
        let request = json!({ "check": check, "by": "Ada Byron" });
        let request = serde_json::from_value(request).unwrap();
        self.session.attest(request).await.unwrap()
    }

    pub(crate) async fn fix(&self, check: &str) -> PlanView {
        let request = PlanFix {
            check: check.to_owned(),
        };
        self.session.plan_fix(request).await.unwrap()
    }

    /// Looks at one finding's plan, confirms it, and gives what became of it.
    pub(crate) async fn make(&self, check: &str, plan: &PlanView) -> ApplyResult {
        self.session
            .allow_writing(start("consent"), deaf())
            .await
            .unwrap();
        let request = json!({ "job": "fix", "digest": plan.digest, "fix": check });
        let request = serde_json::from_value(request).unwrap();
        self.session.apply(request, deaf()).await.unwrap()
    }

    /// How much was written on either side since the tenant was opened.
    pub(crate) fn changes(&self) -> usize {
        self.practice.changes().len() - self.before
    }
}

pub(crate) fn finding<'a>(view: &'a SetupView, check: &str) -> &'a FindingView {
    let found = view.findings.iter().find(|one| one.finding.check == check);
    found.unwrap()
}

pub(crate) fn kinds(plan: &PlanView) -> Vec<ChangeKind> {
    plan.changes.iter().map(|change| change.kind).collect()
}

pub(crate) fn states(result: &ApplyResult) -> Vec<ChangeState> {
    result
        .outcome
        .changes
        .iter()
        .map(|change| change.state)
        .collect()
}

#[tokio::test]
async fn three_answers_are_enough_and_nothing_is_changed() {
    let walk = Walk::begin("connected").await;
    let view = walk.answer(true).await;
    // What the connector serves, where, and at which address was not asked: it was found.
    assert_eq!(view.setup.journey, Journey::Account);
    assert_eq!(
        view.setup.databricks.scim_url.as_deref(),
        Some(walk.practice.details().scim_url.as_str())
    );
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ears = Arc::clone(&heard);
    let view = walk
        .session
        .observe(
            start("look"),
            Arc::new(move |event| ears.lock().unwrap().push(event)),
        )
        .await
        .unwrap();
    assert_eq!(
        finding(&view, "connection-from-here").finding.status,
        Status::Pass
    );
    assert_eq!(finding(&view, "users-arrived").finding.status, Status::Pass);
    assert_eq!(view.first, None);
    let told = |event: &&ObserveEvent| matches!(event, ObserveEvent::Found { .. });
    assert!(heard.lock().unwrap().iter().filter(told).count() >= 2);
    assert_eq!(walk.changes(), 0);
}

#[tokio::test]
async fn a_workspaces_connector_is_known_by_its_address() {
    let walk = Walk::begin("migrate-small").await;
    walk.sign_in().await;
    let found = walk
        .session
        .find_connectors(start("find"), deaf())
        .await
        .unwrap();
    let workspace = found.connectors.unwrap().into_iter().find(|one| {
        one.target
            .as_deref()
            .is_some_and(|url| url.contains("/preview/scim"))
    });
    let view = walk.take(&workspace.unwrap().service_principal_id).await;
    assert_eq!(view.setup.journey, Journey::Workspace);
    assert_eq!(view.setup.want.assignment_required, Some(true));
}

#[tokio::test]
async fn a_finding_is_fixed_by_its_own_plan_and_gone_at_the_next_look() {
    let walk = Walk::begin("paused").await;
    walk.answer(true).await;
    walk.attest("own-admin-kept").await;
    let view = walk.look().await;
    assert_eq!(view.first.as_deref(), Some("provisioning-on"));
    assert_eq!(
        finding(&view, "provisioning-on").remedy,
        Some(Remedy::Change)
    );
    let plan = walk.fix("provisioning-on").await;
    assert_eq!(plan.refusals, []);
    assert_eq!(kinds(&plan), [ChangeKind::Start]);
    let result = walk.make("provisioning-on", &plan).await;
    assert_eq!(states(&result), [ChangeState::Done]);
    assert_eq!(
        finding(&result.setup, "provisioning-on").finding.status,
        Status::Pass
    );
    let health = walk.session.health(()).await.unwrap();
    let comparison = health.comparison.unwrap();
    let mut gone = comparison.of_kind(Change::Gone);
    assert!(gone.any(|one| one.check == "provisioning-on"));
}

#[tokio::test]
async fn what_a_guard_forbids_is_said_with_its_reason() {
    let walk = Walk::begin("sync-all").await;
    walk.answer(true).await;
    walk.attest("own-admin-kept").await;
    let view = walk.look().await;
    let remedy = finding(&view, "scope-assigned").remedy;
    assert_eq!(remedy, Some(Remedy::Change));
    let plan = walk.fix("scope-assigned").await;
    assert_eq!(plan.changes, []);
    assert_eq!(plan.refusals[0].check, "scope-narrowing");
}

#[tokio::test]
async fn a_quarantine_tells_its_clock_and_is_ended_by_the_good_token() {
    let walk = Walk::begin("quarantine").await;
    walk.answer(true).await;
    walk.attest("own-admin-kept").await;
    let view = walk.look().await;
    // The cause comes first, then what it brought about.
    assert_eq!(view.first.as_deref(), Some("connection-from-entra"));
    let plan = walk.fix("connection-from-entra").await;
    assert_eq!(kinds(&plan), [ChangeKind::SaveCredentials]);
    let result = walk.make("connection-from-entra", &plan).await;
    assert_eq!(states(&result), [ChangeState::Done]);
    assert_eq!(result.setup.first.as_deref(), Some("job-healthy"));
    let health = walk.session.health(()).await.unwrap();
    let clock = health.clock.unwrap();
    assert!(clock.days_left.is_some_and(|days| days <= 28));
    assert!(health.restarts.iter().all(|choice| !choice.does.is_empty()));
    let plan = walk.fix("job-healthy").await;
    assert_eq!(plan.refusals, []);
    assert_eq!(kinds(&plan), [ChangeKind::Restart]);
    let result = walk.make("job-healthy", &plan).await;
    assert!(
        states(&result)
            .iter()
            .all(|state| *state == ChangeState::Done),
        "{:?}",
        result.outcome
    );
    assert_eq!(walk.session.health(()).await.unwrap().clock, None);
}

#[tokio::test]
async fn another_plan_than_the_one_looked_at_is_not_made() {
    let walk = Walk::begin("paused").await;
    walk.answer(true).await;
    walk.attest("own-admin-kept").await;
    walk.look().await;
    let plan = walk.fix("provisioning-on").await;
    assert_eq!(kinds(&plan), [ChangeKind::Start]);
    let request = json!({ "job": "fix", "digest": plan.digest, "fix": "scope-assigned" });
    let refused = walk
        .session
        .apply(serde_json::from_value(request).unwrap(), deaf())
        .await;
    assert_eq!(refused.unwrap_err().code, FailureCode::WorldMoved);
    assert_eq!(walk.changes(), 0);
}

/// A bad day, the check to begin with, and the way out that is offered for it.
const BAD_DAYS: [(&str, Option<&str>, Option<Remedy>); 16] = [
    ("connected", None, None),
    (
        "quarantine",
        Some("connection-from-entra"),
        Some(Remedy::Change),
    ),
    ("nested-groups", None, None),
    ("two-connectors", Some("app-unique"), Some(Remedy::Change)),
    ("no-p1-licence", Some("provisioning-automatic"), None),
    ("paused", Some("provisioning-on"), Some(Remedy::Change)),
    (
        "wrong-base-address",
        Some("connection-from-entra"),
        Some(Remedy::Change),
    ),
    ("masked-secret-only", None, None),
    ("unassigned", Some("someone-assigned"), None),
    ("sync-all", Some("scope-assigned"), Some(Remedy::Change)),
    (
        "works-here-not-from-entra",
        Some("connection-from-entra"),
        Some(Remedy::Ranges),
    ),
    (
        "wrong-mapping",
        Some("mapping-username"),
        Some(Remedy::Change),
    ),
    ("deletions-held", Some("job-healthy"), Some(Remedy::People)),
    ("never-ran", None, None),
    (
        "fault-ip-blocked",
        Some("connection-from-here"),
        Some(Remedy::Ranges),
    ),
    (
        "fault-token-rejected",
        Some("connection-from-here"),
        Some(Remedy::Token),
    ),
];

#[tokio::test]
async fn every_bad_day_begins_with_its_cause_and_nobody_is_left_without_a_way_on() {
    for (scenario, first, remedy) in BAD_DAYS {
        let walk = Walk::begin(scenario).await;
        walk.sign_in().await;
        let found = walk
            .session
            .find_connectors(start("find"), deaf())
            .await
            .unwrap();
        if let Some(one) = found.connectors.iter().flatten().next() {
            walk.take(&one.service_principal_id).await;
        }
        let known = walk.session.current_setup(()).await.unwrap().url.verdict;
        if known != ReadingVerdict::Good {
            let text = walk.practice.details().scim_url.clone();
            walk.session.use_url(RecogniseUrl { text }).await.unwrap();
        }
        walk.keep("scim-token", &walk.practice.details().scim_token)
            .await;
        let view = walk.look().await;
        assert_eq!(view.first.as_deref(), first, "{scenario}");
        if let Some(check) = first {
            assert_eq!(finding(&view, check).remedy, remedy, "{scenario}");
        }
        for one in &view.findings {
            let finding = &one.finding;
            let said = finding.fix.as_deref().or(finding.reason.as_deref());
            let wants = one.due != Due::Fine;
            assert!(
                !wants || said.is_some_and(|text| !text.is_empty()),
                "{scenario}: {} says nothing to do",
                finding.check
            );
            if one.remedy == Some(Remedy::Change) {
                let plan = walk.fix(&finding.check).await;
                assert!(
                    !plan.changes.is_empty() || !plan.refusals.is_empty(),
                    "{scenario}: {} offers nothing",
                    finding.check
                );
            }
        }
        assert_eq!(walk.changes(), 0, "{scenario}");
    }
}

#[tokio::test]
async fn from_the_symptom_to_the_fix_press_by_press() {
    for scenario in [
        "quarantine",
        "paused",
        "wrong-base-address",
        "wrong-mapping",
        "two-connectors",
    ] {
        let walk = Walk::begin(scenario).await;
        walk.answer(false).await;
        let text = walk.practice.details().scim_url.clone();
        walk.session.use_url(RecogniseUrl { text }).await.unwrap();
        walk.keep("scim-token", &walk.practice.details().scim_token)
            .await;
        walk.attest("own-admin-kept").await;
        let mut view = walk.look().await;
        let mut fixed = Vec::new();
        let ours =
            |view: &SetupView, check: &str| finding(view, check).remedy == Some(Remedy::Change);
        while let Some(check) = view.first.clone().filter(|check| ours(&view, check)) {
            assert!(!fixed.contains(&check), "{scenario}: {check} is not fixed");
            let plan = walk.fix(&check).await;
            let result = walk.make(&check, &plan).await;
            let failed = result
                .outcome
                .changes
                .iter()
                .find(|change| change.state != ChangeState::Done);
            assert_eq!(failed, None, "{scenario}: {check}");
            fixed.push(check);
            view = result.setup;
        }
        assert!(!fixed.is_empty(), "{scenario}");
        // What is left is for the next cycle to bring.
        let waits = ["cycle-recent", "users-arrived", "groups-arrived"];
        let left = view.first.as_deref();
        assert!(
            left.is_none_or(|left| waits.contains(&left)),
            "{scenario}: {left:?}"
        );
    }
}
