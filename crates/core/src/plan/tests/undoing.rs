use std::collections::BTreeMap;

use crate::model::setup::PrincipalKind;
use crate::observation::Seen;
use crate::observation::connector::*;
use crate::plan::tests::planned;
use crate::plan::undo::{DoneChange, Undoing, decide, rollback};
use crate::plan::{Change, ChangeKind, Intent, Reference, Undo};
use crate::testing::*;

fn done(kind: ChangeKind, intent: Intent) -> DoneChange {
    let change = Change {
        id: format!("{kind:?}"),
        kind,
        title: String::new(),
        target: "databricks-users".into(),
        before: String::new(),
        after: String::new(),
        intent,
        undo: Undo::Yes,
        guard: None,
    };
    DoneChange {
        change,
        ids: BTreeMap::new(),
        carried: None,
    }
}

fn sp(id: &str) -> Reference {
    Reference::Existing(id.into())
}

fn assigned(connector: &str, group: &str) -> DoneChange {
    let intent = Intent::Assign {
        service_principal: sp(connector),
        principal_id: group.into(),
        principal_kind: PrincipalKind::Group,
        app_role: sp(ROLE),
    };
    done(ChangeKind::Assign, intent)
}

fn start(connector: &str) -> DoneChange {
    done(
        ChangeKind::Start,
        Intent::Start {
            service_principal: sp(connector),
            job: sp("job"),
        },
    )
}

fn pause(connector: &str) -> DoneChange {
    done(
        ChangeKind::Pause,
        Intent::Pause {
            service_principal: sp(connector),
            job: sp("job"),
            retires: true,
        },
    )
}

fn takes_back(undoing: &Undoing) -> bool {
    matches!(undoing, Undoing::TakeBack { .. })
}

fn kept(undoing: &Undoing) -> &str {
    match undoing {
        Undoing::Keep(reason) => {
            assert!(!reason.contains(".."), "{reason}");
            reason
        }
        other => panic!("not kept: {other:?}"),
    }
}

fn state(world: &mut crate::observation::Observation, state: ScheduleState) {
    known(&mut first(world).jobs)[0].state = state;
}

#[test]
fn a_whole_fresh_run_is_taken_back_as_far_as_the_rules_allow() {
    let mut world = fresh();
    let plan = planned(&setup(), &world);
    apply(&plan, &mut world);
    let ids = BTreeMap::from([("servicePrincipalId".to_owned(), SP.to_owned())]);
    let journal: Vec<DoneChange> = plan
        .changes
        .into_iter()
        .map(|change| DoneChange {
            change,
            ids: ids.clone(),
            carried: None,
        })
        .collect();
    let decisions = rollback(&journal, &world);
    let words: Vec<(&str, &str)> = decisions
        .iter()
        .map(|(id, undoing)| {
            let word = match undoing {
                Undoing::TakeBack { .. } => "undone",
                Undoing::Keep(_) => "kept",
                Undoing::Manual(_) => "manual",
            };
            (id.split(':').next().unwrap(), word)
        })
        .collect();
    // Nothing was brought yet, so the assignments come off once the job is paused.
    assert_eq!(
        words,
        [
            ("start", "undone"),
            ("assign", "undone"),
            ("assign", "undone"),
            ("set-property", "undone"),
            ("create-job", "kept"),
            ("save-settings", "undone"),
            ("save-credentials", "kept"),
            ("create-application", "manual"),
        ]
    );
}

#[test]
fn rule_2_an_assignment_stays_while_people_would_lose_anything() {
    let mut world = world();
    let change = assigned(SP, "g1");
    assert!(kept(&decide(&change, &world)).contains("runs"));
    state(&mut world, ScheduleState::Paused);
    let undoing = decide(&change, &world);
    assert!(
        kept(&undoing).contains(&mail(0)) && kept(&undoing).contains("Do not start this connector")
    );
    // In flight counts as running, a quarantined job as well.
    known(&mut first(&mut world).jobs)[0].in_flight = true;
    assert!(kept(&decide(&change, &world)).contains("runs"));
    known(&mut first(&mut world).jobs)[0].in_flight = false;
    // What cannot be told keeps it.
    let groups = std::mem::take(&mut world.entra.principals.groups);
    assert!(kept(&decide(&change, &world)).contains("Do not start this connector"));
    world.entra.principals.groups = groups;
    first(&mut world).jobs = Seen::default();
    assert!(kept(&decide(&change, &world)).contains("could not be read"));
}

#[test]
fn rule_2_whoever_another_running_connector_covers_may_go() {
    let mut world = world();
    state(&mut world, ScheduleState::Paused);
    let mut other = connector();
    other.service_principal_id = "other".into();
    known(&mut world.entra.connectors).push(other);
    assert!(takes_back(&decide(&assigned(SP, "g1"), &world)));
    known(&mut known(&mut world.entra.connectors)[1].assignments)
        .retain(|one| one.principal_id == "g2");
    let undoing = decide(&assigned(SP, "g1"), &world);
    assert!(kept(&undoing).contains(&mail(0)));
}

#[test]
fn rule_2_the_account_connector_counts_for_a_federated_workspace_alone() {
    let mut world = world();
    let mut old = connector();
    old.service_principal_id = "old".into();
    known(&mut old.secrets).base_address =
        Some("https://adb-1001.1.azuredatabricks.net/api/2.0/preview/scim".into());
    known(&mut old.jobs)[0].state = ScheduleState::Paused;
    known(&mut world.entra.connectors).push(old);
    assert!(takes_back(&decide(&assigned("old", "g1"), &world)));
    world.databricks.workspaces[0].federated = databricks(false);
    assert!(!takes_back(&decide(&assigned("old", "g1"), &world)));
}

#[test]
fn rule_2_whoever_was_never_brought_may_go() {
    let mut world = world();
    state(&mut world, ScheduleState::Paused);
    known(&mut first(&mut world).log).exported.clear();
    known(&mut world.databricks.directory.users).clear();
    assert!(takes_back(&decide(&assigned(SP, "g1"), &world)));
    // Absent from the log alone proves nothing: it reaches back some weeks.
    let mut known_there = self::world_paused();
    known(&mut first(&mut known_there).log).exported.clear();
    assert!(!takes_back(&decide(&assigned(SP, "g1"), &known_there)));
}

fn world_paused() -> crate::observation::Observation {
    let mut world = world();
    state(&mut world, ScheduleState::Paused);
    world
}

#[test]
fn rule_3_a_retired_connector_starts_again_with_everyone_and_working_credentials() {
    let mut world = world_paused();
    assert_eq!(
        decide(&pause(SP), &world),
        Undoing::TakeBack {
            reason: None,
            needs_credentials: true
        }
    );
    known(&mut first(&mut world).saved_credentials).accepted = false;
    assert!(matches!(decide(&pause(SP), &world), Undoing::Manual(_)));
    let mut world = world_paused();
    known(&mut first(&mut world).assignments).pop();
    let Undoing::Manual(reason) = decide(&pause(SP), &world) else {
        panic!("started with a smaller scope")
    };
    assert!(reason.contains(&mail(24)));
}

#[test]
fn rule_10_what_was_unassigned_is_put_back_before_the_start() {
    let mut world = world_paused();
    known(&mut first(&mut world).assignments).pop();
    let unassigned = done(
        ChangeKind::Unassign,
        Intent::Unassign {
            service_principal: sp(SP),
            assignment_id: "assignment-g2".into(),
            principal_id: "g2".into(),
            principal_kind: PrincipalKind::Group,
            app_role_id: ROLE.into(),
        },
    );
    let decisions = rollback(&[pause(SP), unassigned], &world);
    assert_eq!(
        decisions
            .iter()
            .map(|(id, _)| id.as_str())
            .collect::<Vec<_>>(),
        ["Unassign", "Pause"]
    );
    assert!(
        decisions.iter().all(|(_, undoing)| takes_back(undoing)),
        "{decisions:?}"
    );
}

#[test]
fn a_start_is_taken_back_by_a_pause_and_people_stay() {
    let Undoing::TakeBack {
        reason: Some(reason),
        ..
    } = decide(&start(SP), &world())
    else {
        panic!("not taken back")
    };
    assert!(reason.contains("stay"));
    assert!(kept(&decide(&start(SP), &world_paused())).contains("off already"));
}

#[test]
fn rule_9_nothing_is_deleted() {
    let made = done(
        ChangeKind::CreateApplication,
        Intent::CreateApplication {
            template_id: TEMPLATE.into(),
            display_name: APP.into(),
            seen_before: Vec::new(),
        },
    );
    let Undoing::Manual(reason) = decide(&made, &world()) else {
        panic!("an application was taken back")
    };
    assert!(reason.contains(APP));
}

#[test]
fn a_widened_scope_is_not_narrowed_again_under_people() {
    let settings = crate::plan::SettingsIntent {
        scope: Some(crate::model::setup::Scope::All),
        ..Default::default()
    };
    let widened = done(
        ChangeKind::SaveSettings,
        Intent::SaveSecrets {
            service_principal: sp(SP),
            base_address: scim_url(),
            settings,
        },
    );
    assert!(kept(&decide(&widened, &world())).contains("deactivate"));
}

#[test]
fn settings_that_another_hand_changed_since_stay() {
    let wrote = |address: &str| {
        let settings = crate::plan::SettingsIntent {
            notification_email: Some(address.into()),
            ..Default::default()
        };
        let intent = Intent::SaveSecrets {
            service_principal: sp(SP),
            base_address: scim_url(),
            settings,
        };
        done(ChangeKind::SaveSettings, intent)
    };
    let mut world = world();
    let told = Notification {
        enabled: true,
        recipients: "iam@contoso.example".into(),
        ..Notification::default()
    };
    known(&mut first(&mut world).secrets).notification = Some(told);
    let (older, newer) = (wrote("old@contoso.example"), wrote("IAM@contoso.example"));
    let both = rollback(&[older.clone(), newer], &world);
    assert!(
        both.iter().all(|(_, undoing)| takes_back(undoing)),
        "{both:#?}"
    );
    assert!(kept(&rollback(&[older], &world)[0].1).contains("another hand"));
}

#[test]
fn a_schedule_in_a_state_nobody_knows_is_left_to_a_person() {
    let mut world = world();
    state(&mut world, ScheduleState::Other("Dormant".into()));
    for change in [start(SP), pause(SP)] {
        let undoing = decide(&change, &world);
        assert!(matches!(undoing, Undoing::Manual(_)), "{undoing:?}");
    }
}

#[test]
fn a_cycle_that_ends_after_the_pause_does_not_keep_a_connector_off() {
    let mut world = world();
    let job = &mut known(&mut first(&mut world).jobs)[0];
    (job.state, job.in_flight) = (ScheduleState::Paused, true);
    assert!(takes_back(&decide(&pause(SP), &world)));
    state(&mut world, ScheduleState::Active);
    assert!(kept(&decide(&pause(SP), &world)).contains("already"));
}

#[test]
fn whoever_is_taken_off_is_named_with_a_warning() {
    let mut world = world();
    state(&mut world, ScheduleState::Paused);
    let job = &mut known(&mut first(&mut world).jobs)[0];
    (job.last, job.last_success) = (None, None);
    job.counts.clear();
    let Undoing::TakeBack { reason, .. } = decide(&assigned(SP, "g1"), &world) else {
        panic!("nobody was brought, so nobody can lose anything");
    };
    let reason = reason.unwrap();
    assert!(reason.contains("do not start this connector"), "{reason}");
    assert!(reason.contains(&known(&mut first(&mut world).assignments)[0].display_name));
}
