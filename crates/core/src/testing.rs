//! A set-up and a world to test with: an account, a running connector, two groups with their people, everything good.
//! Tests spoil one thing of it and look at what is said.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "no part of the product: tests and measurements use it"
)]

mod connectors;
mod doing;
mod large;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use crate::connection::{ConnectionReport, Phase, PhaseId, PhaseStatus, Verdict};
use crate::model::setup::{
    DatabricksSetup, EntraApp, EntraSetup, Journey, PrincipalKind, Provisioning, Scope, SignIn,
    Wanted, WantedAssignment, WorkspaceSetup,
};
use crate::model::{DatabricksCloud, EntraCloud, Setup};
use crate::observation::connector::*;
use crate::observation::databricks::*;
use crate::observation::entra::*;
use crate::observation::principals::*;
use crate::observation::{Connector, DatabricksFacts, EntraFacts, Observation, Principals, Seen};

pub(crate) use connectors::{assignment, connector, job};
pub(crate) use doing::apply;
pub use large::{Size, large};

pub(crate) const ACCOUNT: &str = "0a1b2c3d-1111-4222-8333-444455556666";
pub(crate) const TENANT: &str = "11111111-2222-4333-8444-555566667777";
pub(crate) const APP: &str = "Contoso Databricks";
pub(crate) const SP: &str = "aaaaaaaa-0000-4000-8000-000000000001";
pub(crate) const TEMPLATE: &str = "9c9818d2-2900-49e8-8ba4-22688be7c675";
pub(crate) const ROLE: &str = "a34c49f1-a169-404b-a890-00b3bfdbc1d6";

pub(crate) fn now() -> Timestamp {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

pub(crate) fn ago(minutes: i64) -> Timestamp {
    now() - SignedDuration::from_mins(minutes)
}

pub(crate) fn scim_url() -> String {
    format!("https://accounts.azuredatabricks.net/api/2.1/accounts/{ACCOUNT}/scim/v2")
}

pub(crate) fn entra<T>(value: T) -> Seen<T> {
    Seen::entra(value, now())
}

pub(crate) fn databricks<T>(value: T) -> Seen<T> {
    Seen::databricks(value, now())
}

pub(crate) fn user_id(index: usize) -> String {
    format!("u{index:02}")
}

pub(crate) fn mail(index: usize) -> String {
    format!("person{index:02}@contoso.example")
}

/// The groups: id, name, indices of their people.
pub(crate) const GROUPS: [(&str, &str, std::ops::Range<usize>); 2] = [
    ("g1", "databricks-users", 0..20),
    ("g2", "databricks-engineers", 15..25),
];

pub(crate) fn setup() -> Setup {
    Setup {
        schema: "usher.setup/1".into(),
        name: "Contoso production".into(),
        journey: Journey::Account,
        cloud: DatabricksCloud::Azure,
        entra: EntraSetup {
            cloud: EntraCloud::Global,
            tenant_id: Some(TENANT.into()),
            sign_in: Some(SignIn::ClientSecret),
            client_id: Some("client".into()),
            app: EntraApp {
                display_name: Some(APP.into()),
                service_principal_id: None,
            },
            deep_scan: None,
        },
        databricks: DatabricksSetup {
            account_id: Some(ACCOUNT.into()),
            scim_url: Some(scim_url()),
            token_expires_at: Some(now() + SignedDuration::from_hours(24 * 200)),
            workspaces: vec![WorkspaceSetup {
                id: "1001".into(),
                url: "https://adb-1001.1.azuredatabricks.net".into(),
                federated: None,
            }],
            ..DatabricksSetup::default()
        },
        want: Wanted {
            assignment_required: Some(false),
            scope: Some(Scope::Assigned),
            provisioning: Some(Provisioning::On),
            notification_email: Some("iam@contoso.example".into()),
            delete_threshold: Some(500),
            assign: GROUPS
                .iter()
                .map(|(id, name, _)| WantedAssignment {
                    kind: PrincipalKind::Group,
                    id: (*id).into(),
                    display_name: Some((*name).into()),
                })
                .collect(),
            ..Wanted::default()
        },
        attested: BTreeMap::new(),
        unknown: serde_json::Map::new(),
    }
}

pub(crate) fn world() -> Observation {
    Observation {
        databricks: databricks_side(),
        entra: entra_side(),
    }
}

/// The world before anything was done in Entra.
pub(crate) fn fresh() -> Observation {
    let mut world = world();
    world.entra.connectors = entra(Vec::new());
    world.databricks.directory.users = databricks(vec![admin_user()]);
    world.databricks.directory.groups = databricks(Vec::new());
    world
}

fn admin_user() -> DatabricksUser {
    DatabricksUser {
        id: "900".into(),
        user_name: "root@contoso.example".into(),
        active: true,
        ..DatabricksUser::default()
    }
}

fn databricks_side() -> DatabricksFacts {
    let mut users: Vec<DatabricksUser> = (0..25)
        .map(|index| DatabricksUser {
            id: format!("{index}").into(),
            user_name: mail(index).into(),
            display_name: Some(format!("Person {index}").into()),
            external_id: Some(user_id(index).into()),
            email: Some(mail(index).into()),
            active: true,
        })
        .collect();
    users.push(admin_user());
    let groups = GROUPS
        .iter()
        .map(|(id, name, people)| DatabricksGroup {
            id: format!("d{id}").into(),
            display_name: (*name).into(),
            external_id: Some((*id).into()),
            members: Some(
                people
                    .clone()
                    .map(|index| format!("{index}").into())
                    .collect(),
            ),
            ..DatabricksGroup::default()
        })
        .collect();
    DatabricksFacts {
        connection: databricks(connection()),
        directory: Directory {
            user_total: databricks(26),
            group_total: databricks(2),
            service_principal_total: databricks(1),
            users: databricks(users),
            groups: databricks(groups),
        },
        admins: databricks(vec![Admin {
            id: "900".into(),
            user_name: "root@contoso.example".into(),
            external_id: None,
            active: true,
        }]),
        second_credential_is_admin: databricks(true),
        token_expires: Seen::unknown("Databricks does not tell."),
        workspaces: vec![WorkspaceFacts {
            id: "1001".into(),
            url: "https://adb-1001.1.azuredatabricks.net".into(),
            name: "prod".into(),
            account_id: databricks(ACCOUNT.into()),
            tenant: databricks(TENANT.into()),
            federated: databricks(true),
            pricing_tier: databricks("PREMIUM".into()),
            ..WorkspaceFacts::default()
        }],
        ..DatabricksFacts::default()
    }
}

pub(crate) fn connection() -> ConnectionReport {
    let phases = PhaseId::ALL
        .into_iter()
        .map(|id| Phase {
            id,
            status: PhaseStatus::Pass,
            millis: 1.0,
            summary: "good".into(),
            detail: None,
        })
        .collect();
    ConnectionReport {
        url: scim_url(),
        host: "accounts.azuredatabricks.net".into(),
        verdict: Verdict::Pass,
        phases,
        fault: None,
    }
}

fn entra_side() -> EntraFacts {
    EntraFacts {
        signed_in: entra(SignedIn {
            kind: IdentityKind::AppOnly,
            name: "Usher".into(),
            id: None,
            permissions: vec![
                "Application.ReadWrite.All".into(),
                "Synchronization.ReadWrite.All".into(),
            ],
            is_opaque: false,
            directory_roles: Seen::default(),
        }),
        tenant: entra(Tenant {
            id: TENANT.into(),
            display_name: "Contoso".into(),
            tenant_type: None,
            verified_domains: Vec::new(),
        }),
        licences: entra(vec![Licence::P1]),
        template: entra(Some(GalleryTemplate {
            id: TEMPLATE.into(),
            display_name: "Azure Databricks SCIM Provisioning Connector".into(),
            can_provision: true,
        })),
        connectors: entra(vec![connector()]),
        connectors_from_gallery_only: true,
        same_named: entra(Vec::new()),
        principals: principals(),
    }
}

fn principals() -> Principals {
    let user = |index: usize| EntraUser {
        display_name: format!("Person {index}").into(),
        user_principal_name: mail(index).into(),
        mail: Some(mail(index).into()),
        enabled: true,
        ..EntraUser::default()
    };
    let group = |name: &str, people: std::ops::Range<usize>| EntraGroup {
        display_name: name.into(),
        security_enabled: true,
        dynamic: false,
        direct_users: entra(people.len() as u64),
        transitive_users: entra(people.len() as u64),
        users: entra(people.map(|index| user_id(index).into()).collect()),
        nested: entra(Vec::new()),
        service_principals: entra(Vec::new()),
    };
    Principals {
        users: (0..25)
            .map(|index| (user_id(index).into(), user(index)))
            .collect(),
        groups: GROUPS
            .iter()
            .map(|(id, name, people)| ((*id).into(), group(name, people.clone())))
            .collect(),
        service_principals: BTreeMap::new(),
        complete: entra(()),
        absent: entra(BTreeSet::new()),
    }
}

/// The world's first connector, to spoil.
pub(crate) fn first(world: &mut Observation) -> &mut Connector {
    match &mut world.entra.connectors {
        Seen::Known { value, .. } => &mut value[0],
        Seen::Unknown { .. } => panic!("the world has no connectors"),
    }
}

/// A known fact's value, to spoil.
pub(crate) fn known<T>(seen: &mut Seen<T>) -> &mut T {
    match seen {
        Seen::Known { value, .. } => value,
        Seen::Unknown { reason, .. } => panic!("{reason}"),
    }
}
