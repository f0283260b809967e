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
    Answer, BATCH_SIZE, Call, CountUsers, Endpoint, GetGroup, GetUser, Graph, GraphError, Group,
    ListOtherMembers, ListUserMembers, ListUsers, Named, OtherMembers, Page, User, read,
};

use super::refusal::unknown;
use super::{Eyes, IN_FLIGHT};

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
    let chunks: Vec<Vec<GetUser>> = missing.chunks(BATCH_SIZE).map(<[_]>::to_vec).collect();
    let mut read = stream::iter(chunks)
        .map(|chunk| async move { graph.batch(&chunk, eyes.cancel).await })
        .buffer_unordered(IN_FLIGHT);
    let mut done = 0;
    while let Some(answers) = read.next().await {
        let answers = match answers {
            Ok(answers) => answers,
            Err(error) => return faults.note(&error),
        };
        done += answers.len();
        for answer in answers {
            match answer {
                Ok(user) => keep(vec![user], principals),
                // Assigned, and deleted a moment ago: nobody is there to be carried.
                Err(error) if error.is_not_found() => {}
                Err(error) => faults.note(&error),
            }
        }
        eyes.count("Reading assigned people", done, Some(total));
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

/// Calls a group takes, so that a batch holds whole groups.
const CALLS: usize = 4;

async fn groups(
    eyes: &Eyes<'_>,
    graph: &Graph,
    wanted: &Wanted,
    principals: &mut Principals,
    faults: &mut Faults,
) {
    let ids: Vec<String> = wanted.groups.iter().cloned().collect();
    let total = ids.len();
    let chunks: Vec<Vec<String>> = ids
        .chunks(BATCH_SIZE / CALLS)
        .map(<[String]>::to_vec)
        .collect();
    let mut read = stream::iter(chunks)
        .map(|ids| several(eyes, graph, ids, &wanted.also))
        .buffer_unordered(IN_FLIGHT);
    let mut done = 0;
    while let Some(groups) = read.next().await {
        match groups {
            Ok(groups) => {
                done += groups.len();
                groups
                    .into_iter()
                    .for_each(|group| take(eyes, group, principals, faults));
            }
            Err(error) => faults.note(&error),
        }
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
    /// `None`: nothing is nested, so it is the number of direct members.
    transitive: Option<Result<u64, GraphError>>,
}

/// Several groups in one request, then what does not fit into it: further pages, and counts through nested groups.
async fn several(
    eyes: &Eyes<'_>,
    graph: &Graph,
    ids: Vec<String>,
    also: &[String],
) -> Result<Vec<RawGroup>, GraphError> {
    let parts: Vec<Parts> = ids.into_iter().map(|id| Parts::of(id, also)).collect();
    let calls: Vec<Call> = parts.iter().flat_map(Parts::calls).collect();
    let mut answers = graph.batch_calls(&calls, eyes.cancel).await?.into_iter();
    let mut groups = Vec::with_capacity(parts.len());
    for parts in parts {
        let (Some(group), Some(users), Some(nested), Some(apps)) = (
            answers.next(),
            answers.next(),
            answers.next(),
            answers.next(),
        ) else {
            break;
        };
        let users = rest(eyes, graph, &parts.users, users).await;
        let nested = rest(eyes, graph, &parts.groups, nested).await;
        let service_principals = rest(eyes, graph, &parts.apps, apps).await;
        let transitive = if nested.as_ref().is_ok_and(Vec::is_empty) {
            None
        } else {
            // A plain number; it is asked for outside of batches, which carry JSON.
            let count = CountUsers {
                group: parts.get.id.clone(),
                transitive: true,
            };
            Some(graph.run(&count, eyes.cancel).await)
        };
        let group = read(&parts.get, group);
        groups.push(RawGroup {
            id: parts.get.id,
            group,
            users,
            nested,
            service_principals,
            transitive,
        });
    }
    Ok(groups)
}

/// The calls a group takes.
struct Parts {
    get: GetGroup,
    users: ListUserMembers,
    groups: ListOtherMembers,
    apps: ListOtherMembers,
}

impl Parts {
    fn of(id: String, also: &[String]) -> Self {
        let other = |kind| ListOtherMembers {
            group: id.clone(),
            kind,
        };
        Self {
            users: ListUserMembers {
                group: id.clone(),
                also: also.to_vec(),
            },
            groups: other(OtherMembers::Groups),
            apps: other(OtherMembers::ServicePrincipals),
            get: GetGroup { id },
        }
    }

    fn calls(&self) -> [Call; CALLS] {
        [
            self.get.call(),
            self.users.call(),
            self.groups.call(),
            self.apps.call(),
        ]
    }
}

/// A list whose first page came in a batch.
async fn rest<E, T>(
    eyes: &Eyes<'_>,
    graph: &Graph,
    endpoint: &E,
    first: Result<Answer, GraphError>,
) -> Result<Vec<T>, GraphError>
where
    E: Endpoint<Output = Page<T>> + Sync,
    T: Send,
{
    graph
        .rest(endpoint, read(endpoint, first)?, eyes.cancel)
        .await
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
    let direct_users = users.map(|ids| u64::try_from(ids.len()).unwrap_or(u64::MAX));
    let transitive_users = match raw.transitive {
        Some(count) => faults.seen(eyes, count),
        None => direct_users.clone(),
    };
    let group = EntraGroup {
        display_name: about.display_name.as_str().into(),
        security_enabled: about.security_enabled,
        dynamic: about.is_dynamic(),
        direct_users,
        users,
        nested: faults.seen(eyes, nested),
        service_principals: faults.seen(eyes, apps),
        transitive_users,
    };
    principals.groups.insert(raw.id.into(), group);
}
