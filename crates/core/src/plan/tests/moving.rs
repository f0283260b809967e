use crate::model::Setup;
use crate::model::setup::{Journey, PrincipalKind};
use crate::observation::connector::*;
use crate::observation::databricks::WorkspaceFacts;
use crate::observation::principals::EntraUser;
use crate::observation::{Connector, Observation, Seen};
use crate::plan::undo::{DoneChange, Undoing, decide, rollback};
use crate::plan::{Plan, PlanOptions, migrate, plan};
use crate::testing::*;

/// The account connector of the good world, and two workspace connectors that carry the same groups.
pub(super) fn estate() -> (Setup, Observation) {
    let (mut setup, mut seen) = (setup(), world());
    setup.journey = Journey::Migrate;
    seen.databricks.workspaces.push(WorkspaceFacts {
        id: "1002".into(),
        url: "https://adb-1002.1.azuredatabricks.net".into(),
        federated: databricks(true),
        ..WorkspaceFacts::default()
    });
    for (id, group) in [("1001", 0), ("1002", 1)] {
        let mut old = connector();
        old.service_principal_id = format!("old-{id}");
        old.display_name = format!("workspace {id}");
        known(&mut old.secrets).base_address = Some(format!(
            "https://adb-{id}.1.azuredatabricks.net/api/2.0/preview/scim"
        ));
        known(&mut old.assignments).swap(0, group);
        known(&mut old.assignments).truncate(1);
        let linked = GROUPS[group].2.clone().count() as u64;
        known(&mut old.jobs)[0].counts = vec![("User".into(), linked)];
        known(&mut old.log).exported = GROUPS[group]
            .2
            .clone()
            .map(|index| user_id(index).into())
            .collect();
        known(&mut seen.entra.connectors).push(old);
    }
    (setup, seen)
}

pub(super) fn planned(setup: &Setup, seen: &Observation) -> Plan {
    let plan = plan(
        setup,
        seen,
        PlanOptions {
            token_held: true,
            admin_confirmed: false,
            address_fault: None,
        },
        now(),
    );
    assert!(plan.refusals.is_empty() || plan.changes.is_empty());
    plan
}

pub(super) fn ids(plan: &Plan) -> Vec<&str> {
    plan.changes
        .iter()
        .map(|change| change.id.as_str())
        .collect()
}

pub(super) fn refused(setup: &Setup, seen: &Observation) -> String {
    let plan = planned(setup, seen);
    plan.refusals
        .first()
        .unwrap_or_else(|| panic!("not refused: {:?}", ids(&plan)))
        .check
        .clone()
}

pub(super) fn old(seen: &mut Observation, index: usize) -> &mut Connector {
    &mut known(&mut seen.entra.connectors)[index + 1]
}

/// Assigns somebody to the first old connector alone.
fn loner(seen: &mut Observation) {
    let user = EntraUser {
        display_name: "Loner".into(),
        user_principal_name: "loner@contoso.example".into(),
        mail: Some("loner@contoso.example".into()),
        enabled: true,
        ..EntraUser::default()
    };
    seen.entra.principals.users.insert("u77".into(), user);
    known(&mut old(seen, 0).assignments).push(assignment("u77", "Loner", PrincipalKind::User));
}

#[test]
fn covered_connectors_are_paused_and_nothing_is_unassigned() {
    let (setup, mut seen) = estate();
    let plan = planned(&setup, &seen);
    assert_eq!(ids(&plan), ["pause:old-1001", "pause:old-1002"]);
    assert!(
        plan.changes[0]
            .guard
            .as_ref()
            .unwrap()
            .contains("cycle of the account connector")
    );
    apply(&plan, &mut seen);
    assert_eq!(planned(&setup, &seen), Plan::default());
}

#[test]
fn a_gap_is_covered_before_anything_is_paused() {
    let (setup, mut seen) = estate();
    loner(&mut seen);
    assert_eq!(
        ids(&planned(&setup, &seen)),
        ["assign:user:u77", "pause:old-1001", "pause:old-1002"]
    );
    let mut strict = setup.clone();
    strict.want.cover_gaps = false;
    let plan = planned(&strict, &seen);
    assert_eq!(plan.refusals[0].check, "coverage");
    assert!(plan.refusals[0].title.contains("loner@contoso.example"));
}

#[test]
fn a_fresh_account_application_gets_everything_the_old_ones_assign() {
    let (mut setup, mut seen) = estate();
    known(&mut seen.entra.connectors).remove(0);
    setup.want.assign.clear();
    let plan = planned(&setup, &seen);
    let ids = ids(&plan);
    assert!(
        ids.contains(&"assign:group:g1") && ids.contains(&"assign:group:g2"),
        "{ids:?}"
    );
    assert_eq!(
        &ids[ids.len() - 3..],
        [
            "start:contoso-databricks",
            "pause:old-1001",
            "pause:old-1002"
        ]
    );
}

#[test]
fn what_cannot_be_decided_refuses() {
    let (setup, good) = estate();
    let check = |spoil: &dyn Fn(&mut Observation)| {
        let mut seen = good.clone();
        spoil(&mut seen);
        refused(&setup, &seen)
    };
    let clause = ScopeClause {
        attribute: "department".into(),
        operator: "REGEX MATCH".into(),
        values: vec!["x".into()],
    };
    assert_eq!(
        check(&|seen| known(&mut known(&mut old(seen, 0).jobs)[0].schema)
            .user
            .as_mut()
            .unwrap()
            .scope = vec![vec![clause.clone()]]),
        "coverage"
    );
    assert_eq!(
        check(&|seen| old(seen, 0).assignments = Seen::default()),
        "coverage"
    );
    assert_eq!(
        check(&|seen| known(&mut old(seen, 0).secrets).sync_all = Some(true)),
        "coverage"
    );
    assert_eq!(
        check(&|seen| old(seen, 0).jobs = Seen::default()),
        "connectors-off"
    );
    assert_eq!(
        check(&|seen| seen.entra.connectors = Seen::default()),
        "connectors-found"
    );
}

#[test]
fn connectors_of_workspaces_that_are_not_federated_stay() {
    let (mut setup, mut seen) = estate();
    seen.databricks.workspaces[0].federated = databricks(false);
    assert_eq!(ids(&planned(&setup, &seen)), ["pause:old-1002"]);
    setup.want.retire = Some(vec!["old-1001".into()]);
    assert_eq!(refused(&setup, &seen), "identity-federation");
    setup.want.retire = Some(vec!["nowhere".into()]);
    assert_eq!(refused(&setup, &seen), "connectors-found");
}

#[test]
fn nothing_is_paused_when_the_account_connector_is_not_to_run() {
    let (mut setup, mut seen) = estate();
    setup.want.provisioning = None;
    known(&mut first(&mut seen).jobs)[0].state = ScheduleState::Paused;
    assert_eq!(refused(&setup, &seen), "account-sync-proven");
}

#[test]
fn stop_comes_before_unassign() {
    let (mut setup, mut seen) = estate();
    setup.want.unassign_retired = true;
    assert_eq!(refused(&setup, &seen), "stop-before-unassign");
    for index in 0..2 {
        known(&mut old(&mut seen, index).jobs)[0].state = ScheduleState::Paused;
    }
    // A cycle in flight, and a quarantine of an active job, count as running.
    known(&mut old(&mut seen, 0).jobs)[0].in_flight = true;
    assert_eq!(refused(&setup, &seen), "stop-before-unassign");
    known(&mut old(&mut seen, 0).jobs)[0].in_flight = false;
    let plan = planned(&setup, &seen);
    assert_eq!(ids(&plan), ["unassign:old-1001:g1", "unassign:old-1002:g2"]);
    apply(&plan, &mut seen);
    assert_eq!(planned(&setup, &seen), Plan::default());
}

#[test]
fn without_its_log_a_connector_starts_again_by_the_count_it_keeps() {
    let (setup, mut seen) = estate();
    let pauses = planned(&setup, &seen);
    apply(&pauses, &mut seen);
    let journal: Vec<DoneChange> = pauses
        .changes
        .into_iter()
        .map(|change| DoneChange {
            change,
            ids: Default::default(),
            carried: None,
        })
        .collect();
    let mut count = |count: u64| {
        let connector = old(&mut seen, 1);
        connector.log = Seen::default();
        known(&mut connector.jobs)[0].counts = vec![("User".into(), count)];
        rollback(&journal, &seen).remove(0).1
    };
    assert!(matches!(count(10), Undoing::TakeBack { .. }));
    assert!(matches!(count(11), Undoing::Manual(_)));
}

#[test]
fn whom_a_connector_carried_when_it_was_paused_tells_the_disabled_apart() {
    let (setup, mut seen) = estate();
    let pauses = planned(&setup, &seen);
    let id = old(&mut seen, 1).service_principal_id.clone();
    let carried = migrate::carried(&setup, &seen).remove(&id).unwrap();
    apply(&pauses, &mut seen);
    let mut change = DoneChange {
        change: pauses.changes[1].clone(),
        ids: Default::default(),
        carried: None,
    };
    assert!(change.change.id.ends_with(&id));
    let linked = u64::try_from(carried.len()).unwrap();
    old(&mut seen, 1).log = Seen::default();
    known(&mut old(&mut seen, 1).jobs)[0].counts = vec![("User".into(), linked)];
    let disabled = carried[0].clone();
    seen.entra
        .principals
        .users
        .get_mut(&disabled)
        .unwrap()
        .enabled = false;
    // The count has somebody more than the scope: by itself that may be anybody.
    assert!(matches!(decide(&change, &seen), Undoing::Manual(_)));
    change.carried = Some(carried);
    let again = decide(&change, &seen);
    assert!(matches!(again, Undoing::TakeBack { .. }), "{again:?}");
    // Somebody whom it carried and who is not in its scope any more is named.
    let gone = seen.entra.principals.users.keys().next().cloned();
    let gone = gone.unwrap();
    change.carried.as_mut().unwrap().push(gone.clone());
    let name = seen.entra.principals.users[&gone]
        .user_principal_name
        .clone();
    let Undoing::Manual(why) = decide(&change, &seen) else {
        panic!("started without {name}")
    };
    assert!(why.contains(&*name), "{why}");
    // More than it carried then: somebody came meanwhile, and nobody knows who.
    change.carried.as_mut().unwrap().pop();
    known(&mut old(&mut seen, 1).jobs)[0].counts = vec![("User".into(), linked + 1)];
    assert!(matches!(decide(&change, &seen), Undoing::Manual(_)));
}

#[test]
fn rule_10_after_the_rollback_the_old_connectors_run_with_what_they_had() {
    let (mut setup, mut seen) = estate();
    let before = seen.clone();
    let pauses = planned(&setup, &seen);
    apply(&pauses, &mut seen);
    setup.want.unassign_retired = true;
    let unassigns = planned(&setup, &seen);
    apply(&unassigns, &mut seen);
    let journal: Vec<DoneChange> = pauses
        .changes
        .into_iter()
        .chain(unassigns.changes)
        .map(|change| DoneChange {
            change,
            ids: Default::default(),
            carried: None,
        })
        .collect();
    let decisions = rollback(&journal, &seen);
    assert!(
        decisions
            .iter()
            .all(|(_, undoing)| matches!(undoing, Undoing::TakeBack { .. })),
        "{decisions:?}"
    );
    let order: Vec<&str> = decisions
        .iter()
        .map(|(id, _)| id.split(':').next().unwrap())
        .collect();
    assert_eq!(order, ["unassign", "unassign", "pause", "pause"]);
    assert_eq!(before.entra.connectors.value().unwrap().len(), 3);
}
