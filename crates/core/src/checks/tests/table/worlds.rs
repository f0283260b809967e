//! Ways to spoil the good world, by the name of what is wrong then.

use crate::checks::tests::*;
use crate::observation::principals::EntraGroup;

/// A fact that a sign-in would bring.
pub(super) fn nobody<T>() -> Seen<T> {
    Seen::needing("Nobody is signed in.", "a sign-in")
}

pub(super) fn good(_: &mut Setup, _: &mut Observation) {}

pub(super) fn attested(setup: &mut Setup, check: &str) {
    let word = Attestation {
        by: "Ada".into(),
        at: now(),
        note: None,
    };
    setup.attested.insert(check.into(), word);
}

pub(super) fn no_groups(setup: &mut Setup, world: &mut Observation) {
    setup.want.assign.clear();
    known(&mut first(world).assignments).clear();
}

pub(super) fn no_workspaces(setup: &mut Setup, world: &mut Observation) {
    setup.databricks.workspaces.clear();
    world.databricks.workspaces.clear();
}

pub(super) fn no_entra(_: &mut Setup, world: &mut Observation) {
    world.entra.connectors = nobody();
}

pub(super) fn moving_nothing(setup: &mut Setup, world: &mut Observation) {
    setup.journey = Journey::Migrate;
    no_workspaces(setup, world);
}

pub(super) fn lasts(setup: &mut Setup, days: i64) {
    setup.databricks.token_expires_at = Some(now() + jiff::SignedDuration::from_hours(24 * days));
}

pub(super) fn refuse(world: &mut Observation) {
    let report = known(&mut world.databricks.connection);
    report.verdict = Connection::Fail;
    report.fault = Some(Fault::of(
        FaultCode::TokenRejected,
        &FaultContext::default(),
    ));
}

pub(super) fn owner() -> TokenOwner {
    TokenOwner {
        id: "1".into(),
        user_name: "root@contoso.example".into(),
        external_id: None,
        active: true,
        is_admin: Some(true),
        is_service_principal: false,
    }
}

/// A workspace's set-up, with its token's owner.
pub(super) fn owned(setup: &mut Setup, world: &mut Observation, owner: Seen<TokenOwner>) {
    setup.journey = Journey::Workspace;
    setup.databricks.scim_url =
        Some("https://adb-1001.1.azuredatabricks.net/api/2.0/preview/scim".into());
    world.databricks.token_owner = owner;
}

/// A second running connector to a target.
pub(super) fn second(world: &mut Observation, url: &str) {
    let mut other = connector();
    other.service_principal_id = "other".into();
    other.display_name = "prod-provisioning".into();
    known(&mut other.secrets).base_address = Some(url.to_owned());
    known(&mut world.entra.connectors).push(other);
}

pub(super) fn user_mapping(world: &mut Observation) -> &mut ObjectMapping {
    known(&mut the_job(world).schema).user.as_mut().unwrap()
}

pub(super) fn group(world: &mut Observation) -> &mut EntraGroup {
    world.entra.principals.groups.get_mut("g1").unwrap()
}

pub(super) fn person(world: &mut Observation) -> &mut crate::observation::principals::EntraUser {
    world.entra.principals.users.get_mut("u00").unwrap()
}

pub(super) fn wants(setup: &mut Setup, name: &str) {
    setup.want.assign.push(WantedAssignment {
        kind: PrincipalKind::Group,
        id: "g3".into(),
        display_name: Some(name.into()),
    });
}

pub(super) fn quarantine(reason: &str) -> Quarantine {
    Quarantine {
        since: Some(ago(60 * 24 * 10)),
        next_attempt: None,
        reason: reason.into(),
        error_code: None,
        error_message: None,
    }
}

pub(super) fn stranger() -> DatabricksUser {
    DatabricksUser {
        id: "77".into(),
        user_name: "gone@contoso.example".into(),
        external_id: Some("gone".into()),
        active: true,
        ..DatabricksUser::default()
    }
}

/// A move of one workspace: its connector runs beside the account's.
pub(super) fn moving(setup: &mut Setup, world: &mut Observation) {
    setup.journey = Journey::Migrate;
    second(
        world,
        "https://adb-1001.1.azuredatabricks.net/api/2.0/preview/scim",
    );
    let assignments = GROUPS.iter().map(|(id, name, _)| WorkspaceAssignment {
        principal_id: format!("d{id}"),
        name: (*name).into(),
        is_group: true,
        is_admin: false,
    });
    workspace(world).assignments = databricks(assignments.collect());
    workspace(world).directory.groups = databricks(Vec::new());
}

/// The same, with a group local to the workspace.
pub(super) fn local(setup: &mut Setup, world: &mut Observation, name: &str) {
    moving(setup, world);
    known(&mut workspace(world).directory.groups).push(DatabricksGroup {
        id: "l1".into(),
        display_name: name.into(),
        kind: GroupKind::WorkspaceLocal,
        entitlements: vec!["workspace-access".into()],
        ..DatabricksGroup::default()
    });
}
