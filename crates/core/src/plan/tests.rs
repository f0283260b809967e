mod address;
mod fixing;
mod moving;
mod moving_guards;
mod undoing;

use proptest::prelude::*;

use super::account::plan;
use super::*;
use crate::model::Setup;
use crate::model::setup::{Attestation, GALLERY_NAME, Provisioning, WantedAssignment};
use crate::observation::connector::*;
use crate::observation::{Connector, Observation, Seen};
use crate::testing::*;

const TOKEN: PlanOptions = PlanOptions {
    token_held: true,
    admin_confirmed: false,
    address_fault: None,
};

fn planned(setup: &Setup, world: &Observation) -> Plan {
    let plan = plan(setup, world, TOKEN, now());
    assert!(
        plan.refusals.is_empty() || plan.changes.is_empty(),
        "a refused plan changes nothing"
    );
    plan
}

fn ids(plan: &Plan) -> Vec<&str> {
    plan.changes
        .iter()
        .map(|change| change.id.as_str())
        .collect()
}

fn refused(setup: &Setup, world: &Observation) -> Vec<String> {
    let plan = planned(setup, world);
    assert!(!plan.refusals.is_empty(), "not refused: {:?}", ids(&plan));
    plan.refusals
        .into_iter()
        .map(|refusal| refusal.check)
        .collect()
}

fn paused(world: &mut Observation) {
    known(&mut first(world).jobs)[0].state = ScheduleState::Paused;
}

#[test]
fn by_hand_what_is_wanted_becomes_steps_and_nothing_is_sent() {
    let mut setup = setup();
    setup.entra.sign_in = Some(SignIn::ByHand);
    let checks = |setup: &Setup| -> Vec<String> {
        let plan = super::plan(setup, &Observation::default(), TOKEN, now());
        assert_eq!((plan.changes.len(), plan.refusals.len()), (0, 0));
        plan.by_hand.into_iter().map(|step| step.check).collect()
    };
    let all = checks(&setup);
    assert_eq!(all.first().map(String::as_str), Some("app-from-gallery"));
    assert_eq!(all.last().map(String::as_str), Some("provisioning-on"));
    let attestation = Attestation {
        by: "Adele".into(),
        at: now(),
        note: None,
    };
    setup
        .attested
        .insert("app-from-gallery".into(), attestation);
    assert_eq!(checks(&setup), all[1..], "what is attested is done");
    setup.journey = Journey::Migrate;
    let plan = super::plan(&setup, &Observation::default(), TOKEN, now());
    assert_eq!(plan.refusals[0].check, "coverage");
}

#[test]
fn a_fresh_tenant_gets_everything_in_order() {
    let plan = planned(&setup(), &fresh());
    assert_eq!(
        ids(&plan),
        [
            "create-application:contoso-databricks",
            "save-credentials:contoso-databricks",
            "save-settings:contoso-databricks",
            "create-job:contoso-databricks",
            "set-property:contoso-databricks:assignment-required",
            "assign:group:g1",
            "assign:group:g2",
            "start:contoso-databricks",
        ]
    );
    insta::assert_json_snapshot!(plan);
}

#[test]
fn a_finished_world_needs_nothing() {
    assert_eq!(planned(&setup(), &world()), Plan::default());
}

#[test]
fn an_application_under_the_gallery_name_is_taken_when_the_set_up_names_none() {
    let mut setup = setup();
    setup.entra.app.display_name = None;
    setup.entra.app.service_principal_id = None;
    let mut world = world();
    first(&mut world).display_name = GALLERY_NAME.into();
    assert_eq!(planned(&setup, &world), Plan::default());
}

#[test]
fn what_was_carried_out_is_not_planned_again() {
    let mut world = fresh();
    apply(&planned(&setup(), &world), &mut world);
    assert_eq!(planned(&setup(), &world), Plan::default());
}

#[test]
fn ids_stay_when_part_of_it_is_done() {
    let mut world = fresh();
    let whole = planned(&setup(), &world);
    let part = Plan {
        changes: whole.changes[..3].to_vec(),
        ..Plan::default()
    };
    apply(&part, &mut world);
    let rest = planned(&setup(), &world);
    assert_eq!(ids(&rest), ids(&whole)[3..]);
}

#[test]
fn without_a_token_nothing_is_saved() {
    let plan = plan(&setup(), &fresh(), PlanOptions::default(), now());
    assert_eq!(plan.refusals[0].check, "secret-saved");
    // A setting alone becomes a step by hand, and the rest is done.
    let mut world = world();
    known(&mut first(&mut world).secrets).notification = None;
    let plan = account::plan(&setup(), &world, PlanOptions::default(), now());
    assert!(plan.changes.is_empty() && plan.refusals.is_empty());
    assert_eq!(plan.by_hand.len(), 1);
}

#[test]
fn mappings_are_repaired_only_when_asked() {
    let (mut setup, mut world) = (setup(), world());
    let schema = known(&mut known(&mut first(&mut world).jobs)[0].schema);
    schema.group.as_mut().unwrap().enabled = false;
    let attributes = &mut schema.user.as_mut().unwrap().attributes;
    attributes[1].source = Some("mail".into());
    attributes[2].source = Some("mailNickname".into());
    assert!(planned(&setup, &world).changes.is_empty());
    setup.want.repair_mappings = true;
    let plan = planned(&setup, &world);
    assert_eq!(
        ids(&plan),
        [
            "repair-mapping:contoso-databricks:user:externalid",
            "repair-mapping:contoso-databricks:user:emails-type-eq-work-value",
            "repair-mapping:contoso-databricks:group:mapping",
        ]
    );
    apply(&plan, &mut world);
    assert!(planned(&setup, &world).changes.is_empty());
}

#[test]
fn rule_3_a_start_that_would_deactivate_people_is_refused_by_name() {
    let mut world = world();
    paused(&mut world);
    known(&mut first(&mut world).assignments).pop();
    let mut setup = setup();
    setup.want.assign.pop();
    let plan = planned(&setup, &world);
    assert_eq!(plan.refusals[0].check, "scope-narrowing");
    for index in 20..25 {
        assert!(
            plan.refusals[0].title.contains(&mail(index)),
            "{}",
            plan.refusals[0].title
        );
    }
    assert!(!plan.refusals[0].title.contains(&mail(3)));
    // With the group wanted again, everyone is in scope, and the start is planned behind the assignment.
    setup.want.assign = setup_assign();
    assert_eq!(
        ids(&planned(&setup, &world)),
        ["assign:group:g2", "start:contoso-databricks"]
    );
}

fn setup_assign() -> Vec<WantedAssignment> {
    setup().want.assign
}

#[test]
fn rule_3_a_running_job_is_not_started_again() {
    assert!(
        planned(&setup(), &world())
            .changes
            .iter()
            .all(|change| change.kind != ChangeKind::Start)
    );
}

#[test]
fn a_smaller_scope_of_a_connector_that_ran_says_that_it_needs_a_restart() {
    let says = |world: &Observation| {
        let plan = planned(&setup(), world);
        assert_eq!(plan.refusals, []);
        let told = |step: &ByHand| step.check == "scope-assigned" && step.fix.contains("Restart");
        plan.by_hand.iter().any(told)
    };
    let mut world = world();
    assert!(!says(&world));
    known(&mut first(&mut world).secrets).sync_all = Some(true);
    assert!(says(&world));
    let job = &mut known(&mut first(&mut world).jobs)[0];
    (job.last, job.last_success, job.in_flight) = (None, None, false);
    job.counts.clear();
    assert!(!says(&world), "one that never ran has brought nobody");
}

#[test]
fn rule_4_the_scope_is_not_narrowed_while_anyone_would_leave() {
    let mut world = world();
    known(&mut first(&mut world).secrets).sync_all = Some(true);
    known(&mut world.databricks.directory.users).push(
        crate::observation::databricks::DatabricksUser {
            user_name: "left@contoso.example".into(),
            external_id: Some("u99".into()),
            active: true,
            ..Default::default()
        },
    );
    let plan = planned(&setup(), &world);
    assert_eq!(plan.refusals[0].check, "scope-narrowing");
    assert!(plan.refusals[0].title.contains("left@contoso.example"));
    known(&mut world.databricks.directory.users).pop();
    assert_eq!(
        ids(&planned(&setup(), &world)),
        ["save-settings:contoso-databricks"]
    );
    world.databricks.directory.users = Seen::default();
    assert_eq!(refused(&setup(), &world), ["scope-narrowing"]);
}

#[test]
fn rule_4_user_names_are_not_mapped_anew_under_people() {
    let (mut setup, mut world) = (setup(), world());
    setup.want.repair_mappings = true;
    let schema = known(&mut known(&mut first(&mut world).jobs)[0].schema);
    let name = &mut schema.user.as_mut().unwrap().attributes[0];
    name.source = None;
    name.expression = Some("Replace([mail], \"@\", \"-\")".into());
    assert_eq!(refused(&setup, &world), ["scope-narrowing"]);
}

#[test]
fn a_filter_that_cannot_be_evaluated_refuses() {
    let mut world = world();
    paused(&mut world);
    let clause = ScopeClause {
        attribute: "department".into(),
        operator: "REGEX MATCH".into(),
        values: vec![".*".into()],
    };
    known(&mut known(&mut first(&mut world).jobs)[0].schema)
        .user
        .as_mut()
        .unwrap()
        .scope = vec![vec![clause]];
    assert_eq!(refused(&setup(), &world), ["scope-narrowing"]);
}

#[test]
fn rules_1_and_3_a_state_that_nobody_knows_is_neither_started_nor_taken_for_off() {
    let mut world = world();
    known(&mut first(&mut world).jobs)[0].state = ScheduleState::Other("Dozing".into());
    assert_eq!(first(&mut world).is_running(), None);
    for provisioning in [Provisioning::On, Provisioning::Off] {
        let mut setup = setup();
        setup.want.provisioning = Some(provisioning);
        assert_eq!(refused(&setup, &world), ["provisioning-on"]);
    }
}

#[test]
fn rule_5_a_restart_is_for_credentials_alone() {
    let quarantined = |reason: &str| {
        let mut world = world();
        let job = &mut known(&mut first(&mut world).jobs)[0];
        job.code = JobCode::Quarantine;
        job.quarantine = Some(Quarantine {
            since: None,
            next_attempt: None,
            reason: reason.into(),
            error_code: None,
            error_message: None,
        });
        world
    };
    let plan = planned(&setup(), &quarantined("EncounteredQuarantineException"));
    assert_eq!(ids(&plan), ["restart:contoso-databricks"]);
    let Intent::Restart { reset_scope, .. } = &plan.changes[0].intent else {
        panic!("no restart")
    };
    assert!(!reset_scope.contains("Full") && !reset_scope.contains("ForceDeletes"));
    for reason in [
        "TooManyDeletes",
        "Unknown",
        "EncounteredTotalEscrowThreshold",
        "something new",
    ] {
        assert_eq!(
            refused(&setup(), &quarantined(reason)),
            ["deletions-held"],
            "{reason}"
        );
    }
}

#[test]
fn rule_7_an_admin_stays_outside() {
    let mut world = fresh();
    known(&mut world.databricks.admins)[0].user_name = mail(3);
    assert_eq!(refused(&setup(), &world), ["own-admin-kept"]);
    world.databricks.admins = Seen::default();
    assert_eq!(refused(&setup(), &world), ["own-admin-kept"]);
    let confirmed = PlanOptions {
        admin_confirmed: true,
        address_fault: None,
        ..TOKEN
    };
    assert!(plan(&setup(), &world, confirmed, now()).refusals.is_empty());
    let mut attested = setup();
    attested.attested.insert(
        "own-admin-kept".into(),
        Attestation {
            by: "Ada".into(),
            at: now(),
            note: None,
        },
    );
    assert!(planned(&attested, &world).refusals.is_empty());
}

#[test]
fn a_running_connector_whose_address_is_not_seen_refuses_until_a_person_says_where_it_leads() {
    let hidden = |running: bool| {
        let mut world = fresh();
        let mut other = Connector {
            display_name: "Old".into(),
            service_principal_id: "old".into(),
            secrets: Seen::unknown("Graph refused to show it."),
            ..connector()
        };
        if !running {
            known(&mut other.jobs)[0].state = ScheduleState::Paused;
        }
        known(&mut world.entra.connectors).push(other);
        world
    };
    assert_eq!(refused(&setup(), &hidden(true)), ["app-unique"]);
    let refusal = &planned(&setup(), &hidden(true)).refusals[0];
    for told in ["Old (old)", "Graph refused to show it."] {
        assert!(refusal.title.contains(told), "{}", refusal.title);
    }
    assert!(planned(&setup(), &hidden(false)).refusals.is_empty());
    let mut attested = setup();
    attested.attested.insert(
        "app-unique".into(),
        Attestation {
            by: "Ada".into(),
            at: now(),
            note: None,
        },
    );
    assert!(planned(&attested, &hidden(true)).refusals.is_empty());
}

#[test]
fn a_second_live_connector_to_the_same_target_refuses() {
    let mut world = fresh();
    known(&mut world.entra.connectors).push(Connector {
        display_name: "Old".into(),
        ..connector()
    });
    assert_eq!(refused(&setup(), &world), ["app-unique"]);
    paused(&mut world);
    assert_eq!(
        planned(&setup(), &world).changes[0].kind,
        ChangeKind::CreateApplication
    );
}

#[test]
fn an_application_that_provisions_elsewhere_is_not_turned() {
    let mut world = world();
    known(&mut first(&mut world).secrets).base_address =
        Some("https://adb-1.1.azuredatabricks.net/api/2.0/preview/scim".into());
    assert_eq!(refused(&setup(), &world), ["endpoint-matches"]);
}

#[test]
fn what_cannot_be_seen_refuses() {
    for spoil in [
        (|world: &mut Observation| world.entra.connectors = Seen::default())
            as fn(&mut Observation),
        |world| first(world).secrets = Seen::default(),
        |world| first(world).jobs = Seen::default(),
        |world| first(world).assignments = Seen::default(),
        |world| known(&mut world.entra.connectors).push(connector()),
        |world| {
            *world = fresh();
            world.entra.template = Seen::default();
        },
    ] {
        let mut world = world();
        spoil(&mut world);
        assert!(!refused(&setup(), &world).is_empty());
    }
}

#[test]
fn paused_is_what_off_means() {
    let mut setup = setup();
    setup.want.provisioning = Some(Provisioning::Off);
    assert_eq!(
        ids(&planned(&setup, &world())),
        ["pause:contoso-databricks"]
    );
}

/// A world that is done in part, and a set-up that asks for this or that.
fn cases() -> impl Strategy<Value = (Setup, Observation)> {
    let switches = prop::collection::vec(any::<bool>(), 12);
    (switches, 0_usize..3, 0_usize..3).prop_map(|(on, wanted, assigned)| {
        let (mut setup, mut world) = (setup(), if on[0] { world() } else { fresh() });
        setup.want.assign.truncate(wanted);
        setup.want.repair_mappings = on[1];
        setup.want.provisioning = if on[2] { Some(Provisioning::On) } else { None };
        setup.want.delete_threshold = on[3].then_some(200);
        setup.want.assignment_required = on[4].then_some(false);
        setup.want.scope = on[11].then_some(crate::model::setup::Scope::Assigned);
        if on[0] {
            let connector = first(&mut world);
            known(&mut connector.assignments).truncate(assigned);
            let secrets = known(&mut connector.secrets);
            secrets.token_stored = on[5];
            secrets.sync_all = if on[6] { Some(false) } else { None };
            if on[7] {
                secrets.notification = None;
            }
            connector.assignment_required = entra(on[8]);
            let job = &mut known(&mut connector.jobs)[0];
            job.state = if on[9] {
                ScheduleState::Active
            } else {
                ScheduleState::Paused
            };
            if on[10] {
                known(&mut job.schema).user.as_mut().unwrap().attributes[2].source =
                    Some("mail".into());
            }
        }
        (setup, world)
    })
}

proptest! {
    #[test]
    fn carrying_a_plan_out_leaves_nothing_to_plan((setup, mut world) in cases()) {
        let first = plan(&setup, &world, TOKEN, now());
        prop_assert_eq!(&first, &plan(&setup, &world, TOKEN, now()));
        if first.refusals.is_empty() {
            apply(&first, &mut world);
            let second = plan(&setup, &world, TOKEN, now());
            prop_assert!(second.changes.is_empty() && second.refusals.is_empty(), "{:?} then {:?}", ids(&first), second);
        } else {
            prop_assert!(first.changes.is_empty());
        }
    }

    #[test]
    fn ids_are_unique_and_refer_backwards((setup, world) in cases()) {
        let plan = plan(&setup, &world, TOKEN, now());
        for (index, change) in plan.changes.iter().enumerate() {
            prop_assert!(plan.changes[..index].iter().all(|earlier| earlier.id != change.id));
            let text = serde_json::to_string(&change.intent).unwrap();
            for later in &plan.changes[index..] {
                let reference = format!("\"change\":\"{}\"", later.id);
                prop_assert!(!text.contains(&reference), "{} refers to {}", change.id, later.id);
            }
        }
    }
}
