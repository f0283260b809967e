//! The people and groups that are assigned to the connectors a journey is about, or wanted: groups with their direct
//! members, and what in them will not travel.

use std::collections::BTreeSet;
use std::collections::btree_map::Entry;
use std::pin::pin;

use futures::TryStreamExt as _;
use futures::stream::{self, StreamExt as _};
use usher_core::model::Setup;
use usher_core::model::setup::{Journey, PrincipalKind, Scope as WantedScope};
use usher_core::observation::principals::{EntraUser, READ_ON_REQUEST};
use usher_core::observation::{Connector, Observation, Principals, Seen};
use usher_entra::graph::{BATCH_SIZE, GetUser, Graph, GraphError, ListUsers, User};

use super::kept::{Hold, whole};
use super::refusal::unknown;
use super::{Eyes, IN_FLIGHT, groups};

/// Who is to be read.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    users: BTreeSet<String>,
    pub(super) groups: BTreeSet<String>,
    /// Their ids and names, in lower case.
    pub(super) called: BTreeSet<String>,
    everyone: bool,
    pub(super) also: Vec<String>,
}

impl Wanted {
    /// Those assigned to the connectors the journey is about, and those the set-up wants.
    pub(super) fn of(setup: &Setup, observation: &Observation) -> Self {
        let mut wanted = Self {
            everyone: setup.want.scope == Some(WantedScope::All),
            ..Self::default()
        };
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
                let name = Some(&*assignment.display_name);
                wanted.add(assignment.kind, &assignment.principal_id, name);
            }
            let syncs_all = connector
                .secrets
                .value()
                .is_some_and(|secrets| secrets.sync_all == Some(true));
            wanted.everyone |= syncs_all && !connector.jobs.value().is_none_or(Vec::is_empty);
            attributes.extend(attributes_of(connector));
        }
        for assign in &setup.want.assign {
            wanted.add(assign.kind, &assign.id, assign.display_name.as_deref());
        }
        wanted.also = READ_ON_REQUEST
            .iter()
            .filter(|name| attributes.contains(**name))
            .map(|&name| name.to_owned())
            .collect();
        wanted
    }

    /// What tells one way of reading people from another.
    pub(super) fn key(&self) -> String {
        self.also.join(",")
    }

    fn add(&mut self, kind: PrincipalKind, id: &str, name: Option<&str>) {
        if kind == PrincipalKind::Group {
            let called = [Some(id), name].into_iter().flatten();
            self.called.extend(called.map(str::to_lowercase));
        }
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

pub(super) async fn look<'a>(
    eyes: &Eyes<'a>,
    graph: &Graph,
    wanted: &Wanted,
) -> Hold<'a, Principals> {
    let of = wanted.key();
    let mut principals = Hold::begin(eyes.kept, |kept| &mut kept.people, &of, eyes.at);
    whole(&mut principals, &wanted.groups);
    let mut faults = Faults::default();
    if wanted.everyone {
        everyone(eyes, graph, wanted, &mut principals, &mut faults).await;
    }
    groups::look(eyes, graph, wanted, &mut principals, &mut faults).await;
    users(eyes, graph, wanted, &mut principals, &mut faults).await;
    principals.complete = faults.first.unwrap_or_else(|| eyes.seen(()));
    principals
}

/// The first thing that could not be read.
#[derive(Default)]
pub(super) struct Faults {
    first: Option<Seen<()>>,
}

impl Faults {
    pub(super) fn note(&mut self, error: &GraphError) {
        self.first.get_or_insert_with(|| unknown(error));
    }

    /// The fact, or an unknown one with the failure noted.
    pub(super) fn seen<T>(&mut self, eyes: &Eyes<'_>, result: Result<T, GraphError>) -> Seen<T> {
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

/// Keeps people, compact.
pub(super) fn keep(users: Vec<User>, principals: &mut Principals) {
    for user in users {
        // Most people are in several groups.
        let Entry::Vacant(place) = principals.users.entry(user.id) else {
            continue;
        };
        let guest = user.user_type.as_deref() == Some("Guest")
            || user.user_principal_name.contains("#EXT#");
        place.insert(EntraUser {
            display_name: user.display_name,
            user_principal_name: user.user_principal_name,
            mail: user.mail,
            // Where the permission does not show it, the account is taken to be on; Entra itself skips it if it is not.
            enabled: user.account_enabled.unwrap_or(true),
            guest,
            other: user.other.into_iter().collect(),
        });
    }
}
