//! The plan of exactly one finding.

use super::*;
use crate::plan::account::fix;

fn fixing(check: &str, setup: &Setup, world: &Observation) -> Vec<String> {
    let plan = fix::plan(check, setup, world, TOKEN, now()).unwrap();
    assert_eq!(plan.refusals, []);
    plan.changes.into_iter().map(|change| change.id).collect()
}

fn is_offered(check: &str, setup: &Setup, world: &Observation) -> bool {
    fix::is_offered(check, setup, world, TOKEN)
}

/// A world in which much is wrong at once.
fn neglected() -> Observation {
    let mut world = world();
    let connector = first(&mut world);
    connector.assignment_required = entra(true);
    let secrets = known(&mut connector.secrets);
    secrets.sync_all = Some(true);
    secrets.notification = None;
    known(&mut connector.jobs)[0].state = ScheduleState::Paused;
    world
}

#[test]
fn a_finding_is_fixed_by_its_own_change_alone() {
    let (setup, world) = (setup(), neglected());
    let settings = ["save-settings:contoso-databricks"];
    assert_eq!(fixing("scope-assigned", &setup, &world), settings);
    assert_eq!(fixing("delete-threshold", &setup, &world), settings);
    assert_eq!(
        fixing("assignment-required", &setup, &world),
        ["set-property:contoso-databricks:assignment-required"]
    );
    assert_eq!(
        fixing("provisioning-on", &setup, &world),
        ["start:contoso-databricks"]
    );
    let plan = fix::plan("scope-assigned", &setup, &world, TOKEN, now()).unwrap();
    let Intent::SaveSecrets { settings, .. } = &plan.changes[0].intent else {
        panic!("{plan:?}")
    };
    assert_eq!(settings.scope, Some(Scope::Assigned));
    assert_eq!(
        (settings.delete_threshold, &settings.notification_email),
        (None, &None)
    );
}

#[test]
fn what_is_fine_or_not_ours_to_change_is_not_offered() {
    let (mut setup, world) = (setup(), world());
    for check in [
        "scope-assigned",
        "provisioning-on",
        "secret-saved",
        "nested-groups",
        "no-such-check",
    ] {
        assert!(!is_offered(check, &setup, &world), "{check}");
    }
    assert!(fix::plan("nested-groups", &setup, &world, TOKEN, now()).is_none());
    assert!(is_offered("scope-assigned", &setup, &neglected()));
    // Without a token nothing can be saved, and without an address nobody can be told.
    assert!(!fix::is_offered(
        "scope-assigned",
        &setup,
        &neglected(),
        PlanOptions::default()
    ));
    setup.want.notification_email = None;
    assert!(!is_offered("notification-email", &setup, &neglected()));
}

#[test]
fn a_credential_quarantine_is_ended_by_a_good_token_and_a_restart() {
    let mut world = world();
    let connector = first(&mut world);
    connector.saved_credentials = entra(CredentialCheck {
        accepted: false,
        code: Some("InvalidCredentials".into()),
        message: None,
    });
    known(&mut connector.jobs)[0].quarantine = Some(Quarantine {
        since: Some(ago(60)),
        next_attempt: None,
        reason: "EncounteredQuarantineException".into(),
        error_code: None,
        error_message: None,
    });
    assert_eq!(
        fixing("job-healthy", &setup(), &world),
        [
            "save-credentials:contoso-databricks",
            "restart:contoso-databricks"
        ]
    );
    assert_eq!(
        fixing("connection-from-entra", &setup(), &world),
        ["save-credentials:contoso-databricks"]
    );
    // Where Entra cannot reach Databricks, another token does not help.
    known(&mut first(&mut world).saved_credentials).code =
        Some("SystemForCrossDomainIdentityManagementCredentialValidationUnavailable".into());
    assert!(!is_offered("connection-from-entra", &setup(), &world));
    known(&mut first(&mut world).jobs)[0]
        .quarantine
        .as_mut()
        .unwrap()
        .reason = "TooManyDeletes".into();
    assert!(!is_offered("job-healthy", &setup(), &world));
}

#[test]
fn a_new_token_is_saved_although_the_old_one_is_accepted() {
    let (setup, world) = (setup(), world());
    assert_eq!(
        fixing("token-age", &setup, &world),
        ["save-credentials:contoso-databricks"]
    );
}

#[test]
fn one_mapping_is_repaired_and_not_its_neighbours() {
    let mut world = world();
    let schema = known(&mut known(&mut first(&mut world).jobs)[0].schema);
    schema.group.as_mut().unwrap().enabled = false;
    schema
        .user
        .as_mut()
        .unwrap()
        .attributes
        .retain(|one| one.target != "externalId");
    assert_eq!(
        fixing("mapping-groups", &setup(), &world),
        ["repair-mapping:contoso-databricks:group:mapping"]
    );
    assert_eq!(
        fixing("mapping-external-id", &setup(), &world),
        ["repair-mapping:contoso-databricks:user:externalid"]
    );
    assert!(!is_offered("mapping-username", &setup(), &world));
}

#[test]
fn of_two_connectors_that_write_to_one_target_the_other_is_paused() {
    let (setup, mut world) = (setup(), world());
    assert!(!is_offered("app-unique", &setup, &world));
    let mut other = first(&mut world).clone();
    other.service_principal_id = "sp-other".to_owned();
    other.display_name = "Left over".to_owned();
    known(&mut other.jobs)[0].state = ScheduleState::Active;
    known(&mut world.entra.connectors).push(other);
    assert!(is_offered("app-unique", &setup, &world));
    let plan = fix::plan("app-unique", &setup, &world, TOKEN, now()).unwrap();
    assert_eq!(plan.refusals, []);
    let [change] = &plan.changes[..] else {
        panic!("{plan:?}")
    };
    assert_eq!(
        (change.title.as_str(), change.undo, &change.guard),
        ("Pause Left over", Undo::Yes, &None)
    );
    // Nothing else is planned while the other one runs.
    assert!(
        fix::plan("scope-assigned", &setup, &world, TOKEN, now())
            .is_some_and(|plan| !plan.refusals.is_empty())
    );
}

#[test]
fn inside_a_move_the_account_connectors_finding_has_its_own_change_and_no_old_connector_is_touched()
{
    let (setup, mut world) = super::moving::estate();
    let connector = first(&mut world);
    known(&mut connector.secrets).notification = None;
    known(&mut connector.jobs)[0].state = ScheduleState::Paused;
    let settings = ["save-settings:contoso-databricks"];
    assert_eq!(fixing("delete-threshold", &setup, &world), settings);
    let start = ["start:contoso-databricks"];
    assert_eq!(fixing("provisioning-on", &setup, &world), start);
    // What runs beside the account connector is paused by the move as a whole, with its proof.
    assert!(!is_offered("connectors-off", &setup, &world));
}
