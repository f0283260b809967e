//! Taking an applied plan back (`contracts/cli.md`, rules 2, 3, 9).

use usher_core::outcome::ChangeState;
use usher_core::plan::ChangeKind;
use usher_engine::apply::{Journal as _, created_application};
use usher_practice::{FaultKind, FaultRule, provisioning};

use crate::tenant::{NAME, Tenant, memory, troubles};

/// A set-up that was applied; `started`: with provisioning on, so that a first cycle ran at once.
async fn applied(started: bool) -> (Tenant, usher_engine::apply::MemoryJournal) {
    let mut tenant = Tenant::start("fresh").await;
    tenant.assign_someone();
    if !started {
        tenant.setup.want.provisioning = None;
    }
    let mut journal = memory();
    let applied = tenant.run(&mut journal).await.unwrap();
    assert!(!applied.has_failed(), "{:#?}", troubles(&applied));
    (tenant, journal)
}

fn state_of(applied: &usher_engine::apply::Applied, kind: ChangeKind) -> Vec<ChangeState> {
    applied
        .outcome
        .changes
        .iter()
        .filter(|change| change.kind == kind)
        .map(|change| change.state)
        .collect()
}

#[tokio::test]
async fn before_anybody_arrived_everything_goes_back_but_what_cannot() {
    let (tenant, mut journal) = applied(false).await;
    let back = tenant.rollback(&mut journal).await;

    assert_eq!(troubles(&back), [] as [String; 0]);
    assert_eq!(
        state_of(&back, ChangeKind::Assign),
        [ChangeState::Undone, ChangeState::Undone],
        "{:#?}",
        back.outcome
    );
    assert_eq!(
        state_of(&back, ChangeKind::SetProperty),
        [ChangeState::Undone]
    );
    assert!(matches!(
        state_of(&back, ChangeKind::SaveCredentials)[..],
        [ChangeState::Manual | ChangeState::Kept]
    ));
    assert_eq!(
        state_of(&back, ChangeKind::CreateApplication),
        [ChangeState::Manual]
    );
    let reasons = back
        .outcome
        .changes
        .iter()
        .filter(|change| matches!(change.state, ChangeState::Kept | ChangeState::Manual));
    assert!(reasons.clone().count() > 0);
    for change in reasons {
        assert!(
            change
                .reason
                .as_ref()
                .is_some_and(|reason| !reason.is_empty()),
            "{change:?}"
        );
    }
    assert_eq!(
        tenant.applications_named(NAME),
        1,
        "no application is deleted"
    );
    let end = &tenant.end_state()[0];
    assert_eq!(end["assigned"], serde_json::json!([]));
    assert_eq!(end["assignmentRequired"], true);
    assert_eq!(end["jobs"], serde_json::json!(["Disabled"]));
}

#[tokio::test]
async fn people_who_arrived_keep_their_assignment_and_nobody_is_deactivated() {
    let (tenant, mut journal) = applied(true).await;
    provisioning::run_all(tenant.practice.entra(), None).await;
    let active = active_users(&tenant).await;
    assert!(active > 0);

    let back = tenant.rollback(&mut journal).await;
    assert_eq!(state_of(&back, ChangeKind::Start), [ChangeState::Undone]);
    for state in state_of(&back, ChangeKind::Assign) {
        assert_eq!(state, ChangeState::Kept);
    }
    provisioning::run_all(tenant.practice.entra(), None).await;
    assert_eq!(active_users(&tenant).await, active);
}

#[tokio::test]
async fn newest_first() {
    let (tenant, mut journal) = applied(true).await;
    let back = tenant.rollback(&mut journal).await;
    let kinds: Vec<ChangeKind> = back
        .outcome
        .changes
        .iter()
        .map(|change| change.kind)
        .collect();
    assert_eq!(kinds.first(), Some(&ChangeKind::Start));
    assert_eq!(kinds.last(), Some(&ChangeKind::CreateApplication));
}

#[tokio::test]
async fn a_rollback_that_was_cut_goes_on_where_it_stopped() {
    let (tenant, mut journal) = applied(false).await;
    let rule = FaultRule::new(
        "graph",
        "*/appRoleAssignedTo/*",
        FaultKind::Status {
            code: 403,
            headers: Vec::new(),
            body: r#"{"error":{"code":"Authorization_RequestDenied","message":"no"}}"#.to_owned(),
        },
    );
    tenant
        .practice
        .control()
        .faults
        .add(rule.method("DELETE").times(1));

    let first = tenant.rollback(&mut journal).await;
    assert!(first.has_failed());
    assert!(
        first
            .outcome
            .changes
            .iter()
            .any(|change| change.state == ChangeState::NotTried)
    );
    let second = tenant.rollback(&mut journal).await;
    assert_eq!(troubles(&second), [] as [String; 0]);
    let assigned = state_of(&second, ChangeKind::Assign);
    assert_eq!(
        assigned,
        [ChangeState::Undone, ChangeState::Undone],
        "{:#?}",
        first.outcome
    );
    assert_eq!(tenant.end_state()[0]["assigned"], serde_json::json!([]));
}

async fn active_users(tenant: &Tenant) -> usize {
    let observed = tenant.observe().await;
    let users = observed.observation.databricks.directory.users;
    users
        .value()
        .unwrap()
        .iter()
        .filter(|user| user.active)
        .count()
}

#[tokio::test]
async fn what_went_with_a_deleted_application_is_kept_and_the_journal_lets_go_of_it() {
    let (tenant, mut journal) = applied(false).await;
    tenant.practice.entra().change(|directory| {
        let all = directory.service_principals.iter();
        let own: Vec<_> = all
            .filter(|one| one.display_name == NAME)
            .map(|one| one.id)
            .collect();
        for id in own {
            directory.service_principals.remove(&id);
        }
    });
    assert!(created_application(&journal.lines()).is_some());
    let back = tenant.rollback(&mut journal).await;
    assert_eq!(troubles(&back), [] as [String; 0]);
    let changes = &back.outcome.changes;
    assert!(
        changes
            .iter()
            .all(|change| change.state == ChangeState::Kept),
        "{changes:#?}"
    );
    assert_eq!(created_application(&journal.lines()), None);
}
