//! Faults at each write of a move, by the command line: a later run ends where an undisturbed one ends, a rollback from there
//! brings back what was, and nobody loses access at any moment (`contracts/cli.md`, rules 8 and 10).

use serde_json::Value;
use usher_practice::FaultKind;
use usher_practice::provisioning::run_all;

use crate::journeys::MOVE;
use crate::tenant::Tenant;

/// The old connectors, as they stand.
fn old(tenant: &Tenant) -> Vec<Value> {
    let all = tenant.connectors();
    let is_old = |one: &&Value| {
        one["name"]
            .as_str()
            .is_some_and(|name| name.starts_with("Databricks "))
    };
    all.as_array()
        .into_iter()
        .flatten()
        .filter(is_old)
        .cloned()
        .collect()
}

fn status(code: u16) -> FaultKind {
    FaultKind::Status {
        code,
        headers: Vec::new(),
        body: r#"{"error":{"code":"Practice","message":"A fault of the test's."}}"#.to_owned(),
    }
}

/// The fault at each write; then the run goes on, or what was done so far is taken back.
async fn under_fault(kind: FaultKind, after_handler: bool) {
    let calm = MOVE.undisturbed().await;
    for (mut rule, write) in calm.places(kind.clone()) {
        rule.after_handler = after_handler;
        for goes_on in [true, false] {
            let what = format!("{kind:?} (after: {after_handler}) at {write}, goes on: {goes_on}");
            let tenant = MOVE.begin().await;
            let (before, deactivated) = (old(&tenant), tenant.deactivations());
            tenant.practice.control().faults.add(rule.clone());
            let hit = tenant.run(&["apply", "--yes", "--json"]).await;
            assert!(matches!(hit.code, Some(0 | 1)), "{what}: {hit:#?}");
            if goes_on {
                MOVE.finish(&tenant, &what).await;
                assert_eq!(tenant.connectors(), calm.end, "{what}");
            } else {
                let back = tenant.run(&["rollback", "--yes", "--json"]).await;
                assert_eq!(back.code, Some(0), "{what}: {back:#?}");
                assert_eq!(old(&tenant), before, "{what}: {back:#?}");
                let belted = r#""skipoutofscopedeletions":"true""#;
                let now = tenant.connectors().to_string().to_lowercase();
                assert!(!now.contains(belted), "{what}: the safety belt is still on");
            }
            // Every connector that runs goes over everybody once more.
            drop(run_all(tenant.practice.entra(), None).await);
            assert_eq!(
                tenant.deactivations(),
                deactivated,
                "{what}: somebody was deactivated"
            );
        }
    }
}

#[tokio::test]
async fn refused_at_each_write() {
    under_fault(status(403), false).await;
}

#[tokio::test]
async fn answered_500_after_it_happened_at_each_write() {
    under_fault(status(500), true).await;
}

#[tokio::test]
async fn cut_before_it_happened_at_each_write() {
    under_fault(FaultKind::Cut, false).await;
}

#[tokio::test]
async fn cut_after_it_happened_at_each_write() {
    under_fault(FaultKind::Cut, true).await;
}
