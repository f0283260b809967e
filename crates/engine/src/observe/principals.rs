//! The people and groups that are assigned to the connectors a journey is about, or wanted: groups with their direct
//! members, and what in them will not travel.

use std::collections::BTreeSet;
use std::pin::pin;

use futures::TryStreamExt as _;
use futures::stream::{self, StreamExt as _};
use serde_json::Value;
use usher_core::model::Setup;
use usher_core::model::setup::{Journey, PrincipalKind};
use usher_core::observation::principals::{EntraGroup, EntraUser, NestedGroup};
use usher_core::observation::{Connector, Observation, Principals, Seen};
use usher_entra::graph::{
    CountUsers, GetGroup, GetUser, Graph, GraphError, Group, ListOtherMembers, ListUserMembers,
    ListUsers, Named, OtherMembers, User,
};

use super::Eyes;
use super::refusal::unknown;

/// Groups are read this many at a time, so that memory holds a few of them in the raw.
const GROUPS_AT_ONCE: usize = 4;

/// Attributes of a user that Graph and the schema call by the same name; others are not asked for, because Graph refuses
/// a whole request for one name it does not know.
const SAME_NAMED: [&str; 17] = [
    "givenName",
    "surname",
    "mailNickname",
    "department",
    "jobTitle",
    "companyName",
    "country",
    "city",
    "state",
    "postalCode",
    "streetAddress",
    "employeeId",
    "employeeType",
    "preferredLanguage",
    "usageLocation",
    "onPremisesSamAccountName",
    "onPremisesUserPrincipalName",
];

/// Who is to be read.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    users: BTreeSet<String>,
    groups: BTreeSet<String>,
    everyone: bool,
    also: Vec<String>,
}

impl Wanted {
    /// Those assigned to the connectors the journey is about, and those the set-up wants.
    pub(super) fn of(setup: &Setup, observation: &Observation) -> Self {
        let mut wanted = Self::default();
        let connectors: Vec<&Connector> = match setup.journey {
            Journey::Migrate => observation
                .entra
                .connectors
                .value()
                .into_iter()
                .flatten()
                .collect(),
            Journey::Account | Journey::Workspace => {
                observation.connector(setup).into_iter().collect()
            }
        };
        let mut attributes = BTreeSet::new();
        for connector in connectors {
            for assignment in connector.assignments.value().into_iter().flatten() {
                wanted.add(assignment.kind, &assignment.principal_id);
            }
            let syncs_all = connector
                .secrets
                .value()
                .is_some_and(|secrets| secrets.sync_all == Some(true));
            wanted.everyone |= syncs_all && !connector.jobs.value().is_none_or(Vec::is_empty);
            attributes.extend(attributes_of(connector));
        }
        for assign in &setup.want.assign {
            wanted.add(assign.kind, &assign.id);
        }
        wanted.also = SAME_NAMED
            .iter()
            .filter(|name| attributes.contains(**name))
            .map(|&name| name.to_owned())
            .collect();
        wanted
    }

    fn add(&mut self, kind: PrincipalKind, id: &str) {
        match kind {
            PrincipalKind::User => self.users.insert(id.to_owned()),
            PrincipalKind::Group => self.groups.insert(id.to_owned()),
            PrincipalKind::ServicePrincipal => false,
        };
    }
}

/// Attributes that decide who a person is in Databricks, or whether they are in scope.
fn attributes_of(connector: &Connector) -> BTreeSet<String> {
    let schemas = connector
        .jobs
        .value()
        .into_iter()
        .flatten()
        .filter_map(|job| job.schema.value());
    let users = schemas.filter_map(|schema| schema.user.as_ref());
    users
        .flat_map(|mapping| {
            let mapped = mapping
                .attributes
                .iter()
                .filter(|mapping| mapping.matching_priority > 0 || named(&mapping.target));
            let sources = mapped.filter_map(|mapping| mapping.source.clone());
            let scoped = mapping
                .scope
                .iter()
                .flatten()
                .map(|clause| clause.attribute.clone());
            sources.chain(scoped).collect::<Vec<_>>()
        })
        .collect()
}

fn named(target: &str) -> bool {
    target == "userName" || target == "externalId" || target.starts_with("emails")
}

pub(super) async fn look(eyes: &Eyes<'_>, graph: &Graph, wanted: &Wanted) -> Principals {
    let mut principals = Principals::default();
    let mut faults = Faults::default();
    if wanted.everyone {
        everyone(eyes, graph, wanted, &mut principals, &mut faults).await;
    }
    groups(eyes, graph, wanted, &mut principals, &mut faults).await;
    users(eyes, graph, wanted, &mut principals, &mut faults).await;
    principals.complete = faults.first.unwrap_or_else(|| eyes.seen(()));
    principals
}

/// The first thing that could not be read.
#[derive(Default)]
struct Faults {
    first: Option<Seen<()>>,
}

impl Faults {
    fn note(&mut self, error: &GraphError) {
        self.first.get_or_insert_with(|| unknown(error));
    }

    /// The fact, or an unknown one with the failure noted.
    fn seen<T>(&mut self, eyes: &Eyes<'_>, result: Result<T, GraphError>) -> Seen<T> {
        match result {
            Ok(value) => eyes.seen(value),
            Err(error) => {
                self.note(&error);
                unknown(&error)
            }
        }
    }
}

/// Every user of the tenant: a connector syncs all.
async fn everyone(
    eyes: &Eyes<'_>,
    graph: &Graph,
    wanted: &Wanted,
    principals: &mut Principals,
    faults: &mut Faults,
) {
    let list = ListUsers {
        also: wanted.also.clone(),
        ..ListUsers::default()
    };
    let mut pages = pin!(graph.pages(&list, eyes.cancel));
    loop {
        match pages.try_next().await {
            Ok(Some(page)) => {
                keep(page.value, principals);
                eyes.count(
                    "Reading people of the tenant",
                    principals.users.len(),
                    None::<u64>,
                );
            }
            Ok(None) => return,
            Err(error) => return faults.note(&error),
        }
    }
}

/// Assigned and wanted people who are in no group that was read.
async fn users(
    eyes: &Eyes<'_>,
    graph: &Graph,
    wanted: &Wanted,
    principals: &mut Principals,
    faults: &mut Faults,
) {
    let missing: Vec<GetUser> = wanted
        .users
        .iter()
        .filter(|id| !principals.users.contains_key(id.as_str()))
        .map(|id| GetUser {
            id: id.clone(),
            also: wanted.also.clone(),
        })
        .collect();
    let total = missing.len();
    for chunk in missing.chunks(200) {
        match graph.batch(chunk, eyes.cancel).await {
            Ok(answers) => {
                for answer in answers {
                    match answer {
                        Ok(user) => keep(vec![user], principals),
                        // Assigned, and deleted a moment ago: nobody is there to be carried.
                        Err(error) if error.is_not_found() => {}
                        Err(error) => faults.note(&error),
                    }
                }
            }
            Err(error) => return faults.note(&error),
        }
        eyes.count(
            "Reading assigned people",
            principals.users.len().min(total),
            Some(total),
        );
    }
}

fn keep(users: Vec<User>, principals: &mut Principals) {
    for user in users {
        let guest = user.user_type.as_deref() == Some("Guest")
            || user.user_principal_name.contains("#EXT#");
        let other = user
            .other
            .into_iter()
            .filter_map(|(name, value)| match value {
                Value::String(text) if !text.is_empty() && !name.starts_with('@') => {
                    Some((name.into(), text.into()))
                }
                _ => None,
            });
        let kept = EntraUser {
            display_name: user.display_name,
            user_principal_name: user.user_principal_name,
            mail: user.mail,
            // Where the permission does not show it, the account is taken to be on; Entra itself skips it if it is not.
            enabled: user.account_enabled.unwrap_or(true),
            guest,
            other: other.collect(),
        };
        principals.users.insert(user.id, kept);
    }
}

async fn groups(
    eyes: &Eyes<'_>,
    graph: &Graph,
    wanted: &Wanted,
    principals: &mut Principals,
    faults: &mut Faults,
) {
    let ids: Vec<&String> = wanted.groups.iter().collect();
    let total = ids.len();
    let mut read = stream::iter(ids)
        .map(|id| group(eyes, graph, id, &wanted.also))
        .buffer_unordered(GROUPS_AT_ONCE);
    let mut done = 0;
    while let Some(raw) = read.next().await {
        done += 1;
        take(eyes, raw, principals, faults);
        eyes.count("Reading assigned groups", done, Some(total));
    }
}

/// A group as it was read.
struct RawGroup {
    id: String,
    group: Result<Group, GraphError>,
    users: Result<Vec<User>, GraphError>,
    nested: Result<Vec<Named>, GraphError>,
    service_principals: Result<Vec<Named>, GraphError>,
    transitive: Result<u64, GraphError>,
}

async fn group(eyes: &Eyes<'_>, graph: &Graph, id: &str, also: &[String]) -> RawGroup {
    let users = ListUserMembers {
        group: id.to_owned(),
        also: also.to_vec(),
    };
    let other = |kind| ListOtherMembers {
        group: id.to_owned(),
        kind,
    };
    let (groups, apps) = (
        other(OtherMembers::Groups),
        other(OtherMembers::ServicePrincipals),
    );
    let count = CountUsers {
        group: id.to_owned(),
        transitive: true,
    };
    let get = GetGroup { id: id.to_owned() };
    let (group, users, nested, service_principals, transitive) = tokio::join!(
        graph.run(&get, eyes.cancel),
        graph.all(&users, eyes.cancel),
        graph.all(&groups, eyes.cancel),
        graph.all(&apps, eyes.cancel),
        graph.run(&count, eyes.cancel),
    );
    RawGroup {
        id: id.to_owned(),
        group,
        users,
        nested,
        service_principals,
        transitive,
    }
}

fn take(eyes: &Eyes<'_>, raw: RawGroup, principals: &mut Principals, faults: &mut Faults) {
    let about = match raw.group {
        Ok(group) => group,
        // Assigned, and deleted a moment ago.
        Err(error) if error.is_not_found() => return,
        Err(error) => return faults.note(&error),
    };
    let users = raw.users.map(|users| {
        let ids: Vec<Box<str>> = users.iter().map(|user| user.id.clone()).collect();
        keep(users, principals);
        ids
    });
    let apps = raw.service_principals.map(|apps| {
        let ids: Vec<Box<str>> = apps.iter().map(|app| app.id.clone()).collect();
        principals
            .service_principals
            .extend(apps.into_iter().map(|app| (app.id, app.display_name)));
        ids
    });
    let nested = raw.nested.map(|groups| {
        groups
            .into_iter()
            .map(|group| NestedGroup {
                id: group.id,
                display_name: group.display_name,
            })
            .collect()
    });
    let users = faults.seen(eyes, users);
    let group = EntraGroup {
        display_name: about.display_name.as_str().into(),
        security_enabled: about.security_enabled,
        dynamic: about.is_dynamic(),
        direct_users: users.map(|ids| u64::try_from(ids.len()).unwrap_or(u64::MAX)),
        users,
        nested: faults.seen(eyes, nested),
        service_principals: faults.seen(eyes, apps),
        transitive_users: faults.seen(eyes, raw.transitive),
    };
    principals.groups.insert(raw.id.into(), group);
}
