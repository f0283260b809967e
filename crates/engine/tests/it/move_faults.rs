//! A move on each of the practice tenant's bad days: it goes on, waits or refuses, and nobody is deactivated.

use std::sync::Arc;

use usher_core::outcome::ChangeState;
use usher_core::plan::ChangeKind;
use usher_engine::session::Progress;
use usher_engine::session::view::*;
use usher_practice::provisioning::run_all;

use crate::session_move::Walk;
use crate::sitting::{deaf, start};

/// How many old connectors a run has paused.
fn paused(result: &ApplyResult) -> usize {
    let changes = result.outcome.changes.iter();
    let done = |change: &&usher_core::outcome::ChangeOutcome| {
        change.kind == ChangeKind::Pause && change.state == ChangeState::Done
    };
    changes.filter(done).count()
}

/// Every connector that runs goes over everybody once more, and nobody was deactivated since.
async fn nobody_lost(walk: &Walk, before: usize) {
    drop(run_all(walk.practice.entra(), None).await);
    assert_eq!(walk.deactivations(), before, "somebody was deactivated");
}

fn workspace<'a>(result: &'a ApplyResult, id: &str) -> &'a usher_engine::apply::WorkspaceKept {
    let mut all = result.workspaces.iter();
    all.find(|one| one.workspace.contains(id)).unwrap()
}

#[tokio::test]
async fn throttling_is_waited_out() {
    let walk = Walk::begin("migrate-small-throttled", true).await;
    let before = walk.deactivations();
    walk.workspaces().await;
    let (result, _) = walk.apply().await;
    assert_eq!(paused(&result), 2, "{result:?}");
    let throttled = walk.practice.requests();
    let throttled = throttled.iter().filter(|one| one.status == Some(429));
    assert!(throttled.count() >= 4);
    nobody_lost(&walk, before).await;
}

#[tokio::test]
async fn a_workspace_out_of_order_is_said_to_be_unseen_and_the_others_move() {
    let walk = Walk::begin("migrate-small-workspace-down", true).await;
    let before = walk.deactivations();
    walk.workspaces().await;
    let inventory = walk.moving().await.inventory;
    let down = inventory.workspaces.iter().find(|one| one.id == "1001");
    assert!(!down.unwrap().unseen.is_empty());
    let (result, _) = walk.apply().await;
    assert_eq!(paused(&result), 2, "{result:?}");
    let kept = workspace(&result, "1001");
    assert!(kept.lost.is_empty() && !kept.unseen.is_empty(), "{kept:?}");
    assert!(workspace(&result, "1002").unseen.is_empty());
    nobody_lost(&walk, before).await;
}

#[tokio::test]
async fn a_connector_whose_token_has_run_out_is_paused_and_not_started_again() {
    let walk = Walk::begin("migrate-small-expired-token", true).await;
    let before = walk.deactivations();
    walk.workspaces().await;
    let inventory = walk.moving().await.inventory;
    let mut connectors = inventory.connectors.iter();
    let finance = connectors.find(|one| one.name == "Databricks harbour-finance");
    assert!(finance.unwrap().quarantined);
    let (result, _) = walk.apply().await;
    assert_eq!(paused(&result), 2, "{result:?}");
    let back = walk.session.rollback(start("back"), deaf()).await.unwrap();
    let changes = back.outcome.changes.iter();
    let by_hand: Vec<_> = changes
        .filter(|change| change.state == ChangeState::Manual)
        .collect();
    assert_eq!(by_hand.len(), 1, "{back:?}");
    let why = by_hand[0].reason.as_deref().unwrap();
    assert!(why.contains("saved credentials"), "{why}");
    nobody_lost(&walk, before).await;
}

#[tokio::test]
async fn an_account_connector_in_quarantine_takes_over_nothing() {
    let walk = Walk::begin("migrate-small-quarantine", true).await;
    let before = walk.deactivations();
    walk.workspaces().await;
    let plan = walk.session.plan(()).await.unwrap();
    if plan.refusals.is_empty() {
        let (result, _) = walk.apply().await;
        assert_eq!(paused(&result), 0, "{result:?}");
        let failed = |change: &usher_core::outcome::ChangeOutcome| {
            let why = change.error.as_deref().unwrap_or_default();
            why.contains("quarantine")
        };
        assert!(result.outcome.changes.iter().any(failed), "{result:?}");
    }
    let inventory = walk.moving().await.inventory;
    let old = inventory
        .connectors
        .iter()
        .filter(|one| one.name.starts_with("Databricks harbour"));
    assert!(old.into_iter().all(|one| one.running == Some(true)));
    nobody_lost(&walk, before).await;
}

#[tokio::test]
async fn a_lost_answer_is_looked_up_and_nothing_is_assigned_twice() {
    let walk = Walk::begin("migrate-gap-lost-answer", true).await;
    let before = walk.deactivations();
    walk.workspaces().await;
    let (result, _) = walk.apply().await;
    assert_eq!(paused(&result), 2, "{result:?}");
    let twice = walk.practice.entra().read(|directory| {
        let all = directory.service_principals.iter();
        let mut rows: Vec<_> = all
            .flat_map(|one| one.assignments.iter().map(|row| (one.id, row.principal_id)))
            .collect();
        let count = rows.len();
        rows.sort();
        rows.dedup();
        count - rows.len()
    });
    assert_eq!(twice, 0);
    nobody_lost(&walk, before).await;
}

#[tokio::test]
async fn a_cycle_without_end_pauses_nothing_and_the_wait_can_be_cancelled() {
    let walk = Walk::begin("migrate-gap-endless-cycle", true).await;
    let before = walk.deactivations();
    walk.workspaces().await;
    let plan = walk.session.plan(()).await.unwrap();
    assert_eq!(plan.refusals, []);
    let request = ApplyRequest {
        job: "apply".to_owned(),
        digest: plan.digest,
        only: None,
        fix: None,
    };
    let session = walk.session.clone();
    let progress: Progress<ApplyEvent> = Arc::new(move |event| {
        // It waits for the cycle.
        if let ApplyEvent::Cycle { .. } = event {
            let session = session.clone();
            tokio::spawn(async move {
                let job = "apply".to_owned();
                session.cancel(CancelJob { job }).await.unwrap();
            });
        }
    });
    let result = walk.session.apply(request, progress).await;
    if let Ok(result) = &result {
        assert_eq!(paused(result), 0, "{result:?}");
    }
    let inventory = walk.moving().await.inventory;
    let running = |one: &usher_core::inventory::InventoryConnector| one.running == Some(true);
    assert!(inventory.connectors.iter().all(running));
    nobody_lost(&walk, before).await;
}
