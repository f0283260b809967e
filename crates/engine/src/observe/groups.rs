//! Groups with their direct members, and what in them will not travel.
//!
//! Five groups fit into one request, with the first page of each of their lists. Further pages can only be read one after the
//! other, so they go before further groups: a long list that is begun late would be read alone at the end.

use std::collections::{HashSet, VecDeque};

use futures::stream::{FuturesUnordered, StreamExt as _};
use url::Url;
use usher_core::observation::principals::{EntraGroup, NestedGroup};
use usher_core::observation::{Principals, Seen};
use usher_entra::graph::{
    BATCH_SIZE, Call, CountUsers, Endpoint, GetGroup, Graph, GraphError, Group, ListOtherMembers,
    ListUserMembers, Named, OtherMembers, Page, User, read,
};

use super::kept::without;
use super::principals::{Faults, Wanted, keep};
use super::{Eyes, IN_FLIGHT};

/// Calls a group takes, so that a batch holds whole groups.
const CALLS: usize = 4;

pub(super) async fn look(
    eyes: &Eyes<'_>,
    graph: &Graph,
    wanted: &Wanted,
    principals: &mut Principals,
    faults: &mut Faults,
) {
    let total = wanted.groups.len();
    let groups = wanted.groups.iter();
    let ids: Vec<&String> = groups
        .filter(|id| !principals.groups.contains_key(id.as_str()))
        .collect();
    let mut batches = ids.chunks(BATCH_SIZE / CALLS);
    let mut reading = Reading {
        also: &wanted.also,
        groups: Vec::with_capacity(ids.len()),
        rest: VecDeque::new(),
        followed: HashSet::new(),
    };
    let mut done = total - ids.len();
    let what = without("Reading assigned groups", done);
    let mut asked = FuturesUnordered::new();
    loop {
        while asked.len() < IN_FLIGHT {
            let next = reading.rest.pop_front().or_else(|| {
                let ids = batches.next()?.iter().map(|id| (*id).clone());
                Some(Request::Groups(ids.collect()))
            });
            let Some(request) = next else { break };
            asked.push(ask(eyes, graph, &wanted.also, request));
        }
        match asked.next().await {
            None => break,
            Some(Answer::Groups(asked, Ok(groups))) => {
                done += asked;
                for group in groups {
                    if let Some(at) = reading.begin(group, principals, faults) {
                        reading.answered(at, eyes, principals, faults);
                    }
                }
                eyes.count(&what, done, Some(total));
            }
            Some(Answer::Groups(_, Err(error))) => faults.note(&error),
            Some(Answer::Users(at, page)) => {
                reading.users(at, page, principals);
                reading.answered(at, eyes, principals, faults);
            }
            Some(Answer::Named(at, kind, page)) => {
                reading.named(at, kind, page);
                reading.answered(at, eyes, principals, faults);
            }
            Some(Answer::Count(at, count)) => {
                reading.counted(at, count);
                reading.answered(at, eyes, principals, faults);
            }
        }
    }
}

/// What is asked in one request.
enum Request {
    /// Some groups, each with the first pages of its lists.
    Groups(Vec<String>),
    /// A further page of people.
    Users(usize, String, Url),
    /// A further page of what does not travel.
    Named(usize, String, OtherMembers, Url),
    /// How many people a group holds through nested groups too. A plain number: asked outside of batches, which carry JSON.
    Count(usize, String),
}

/// What came.
enum Answer {
    /// So many groups were asked for; those that came.
    Groups(usize, Result<Vec<First>, GraphError>),
    Users(usize, Result<Page<User>, GraphError>),
    Named(usize, OtherMembers, Result<Page<Named>, GraphError>),
    Count(usize, Result<u64, GraphError>),
}

/// What the first request told of a group.
struct First {
    id: String,
    group: Result<Group, GraphError>,
    users: Result<Page<User>, GraphError>,
    nested: Result<Page<Named>, GraphError>,
    service_principals: Result<Page<Named>, GraphError>,
}

async fn ask(eyes: &Eyes<'_>, graph: &Graph, also: &[String], request: Request) -> Answer {
    match request {
        Request::Groups(ids) => {
            let asked = ids.len();
            Answer::Groups(asked, first(eyes, graph, also, ids).await)
        }
        Request::Users(at, group, url) => {
            let list = people(group, also);
            Answer::Users(at, graph.page_at(&list, url, eyes.cancel).await)
        }
        Request::Named(at, group, kind, url) => {
            let list = ListOtherMembers { group, kind };
            Answer::Named(at, kind, graph.page_at(&list, url, eyes.cancel).await)
        }
        Request::Count(at, group) => {
            let count = CountUsers {
                group,
                transitive: true,
            };
            Answer::Count(at, graph.run(&count, eyes.cancel).await)
        }
    }
}

fn people(group: String, also: &[String]) -> ListUserMembers {
    ListUserMembers {
        group,
        also: also.to_vec(),
    }
}

async fn first(
    eyes: &Eyes<'_>,
    graph: &Graph,
    also: &[String],
    ids: Vec<String>,
) -> Result<Vec<First>, GraphError> {
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
        groups.push(First {
            group: read(&parts.get, group),
            users: read(&parts.users, users),
            nested: read(&parts.groups, nested),
            service_principals: read(&parts.apps, apps),
            id: parts.get.id,
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
            users: people(id.clone(), also),
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

/// A group while it is read.
struct Begun {
    id: String,
    about: Group,
    users: Result<Vec<Box<str>>, GraphError>,
    nested: Result<Vec<Named>, GraphError>,
    service_principals: Result<Vec<Named>, GraphError>,
    /// `None`: nothing is nested, so it is the number of direct members.
    transitive: Option<Result<u64, GraphError>>,
    /// Answers that are still to come.
    open: usize,
}

/// The groups that are being read.
struct Reading<'a> {
    also: &'a [String],
    /// Those that were read to their end are gone from here.
    groups: Vec<Option<Begun>>,
    /// What is to be asked before further groups.
    rest: VecDeque<Request>,
    /// Pages that were asked for: a link that leads back to one would never end.
    followed: HashSet<Url>,
}

impl Reading<'_> {
    /// Takes in what the first request told; `None`: there is no such group, or it could not be read.
    fn begin(
        &mut self,
        first: First,
        principals: &mut Principals,
        faults: &mut Faults,
    ) -> Option<usize> {
        let about = match first.group {
            Ok(group) => group,
            // Assigned, and deleted a moment ago.
            Err(error) if error.is_not_found() => return None,
            Err(error) => {
                faults.note(&error);
                return None;
            }
        };
        let at = self.groups.len();
        self.groups.push(Some(Begun {
            id: first.id,
            about,
            users: Ok(Vec::new()),
            nested: Ok(Vec::new()),
            service_principals: Ok(Vec::new()),
            transitive: None,
            open: 1,
        }));
        self.users(at, first.users, principals);
        let has_nested = first
            .nested
            .as_ref()
            .map_or(true, |page| !page.value.is_empty());
        self.named(at, OtherMembers::Groups, first.nested);
        self.named(
            at,
            OtherMembers::ServicePrincipals,
            first.service_principals,
        );
        if has_nested && let Some(Some(group)) = self.groups.get_mut(at) {
            group.open += 1;
            self.rest.push_back(Request::Count(at, group.id.clone()));
        }
        Some(at)
    }

    /// One answer less is to come for a group; with the last it is kept.
    fn answered(
        &mut self,
        at: usize,
        eyes: &Eyes<'_>,
        principals: &mut Principals,
        faults: &mut Faults,
    ) {
        let Some(place) = self.groups.get_mut(at) else {
            return;
        };
        let Some(group) = place else {
            return;
        };
        group.open -= 1;
        if group.open == 0
            && let Some(group) = place.take()
        {
            group.close(eyes, principals, faults);
        }
    }

    fn users(
        &mut self,
        at: usize,
        page: Result<Page<User>, GraphError>,
        principals: &mut Principals,
    ) {
        let Some(Some(group)) = self.groups.get_mut(at) else {
            return;
        };
        let page = page.and_then(|page| {
            let next = fresh(&mut self.followed, page.next, || {
                people(group.id.clone(), self.also).call()
            })?;
            Ok((page.value, next))
        });
        match page {
            Err(error) => group.users = Err(error),
            Ok((users, next)) => {
                if let Ok(ids) = &mut group.users {
                    ids.extend(users.iter().map(|user| user.id.clone()));
                }
                keep(users, principals);
                if let Some(url) = next {
                    group.open += 1;
                    self.rest
                        .push_back(Request::Users(at, group.id.clone(), url));
                }
            }
        }
    }

    fn named(&mut self, at: usize, kind: OtherMembers, page: Result<Page<Named>, GraphError>) {
        let Some(Some(group)) = self.groups.get_mut(at) else {
            return;
        };
        let list = match kind {
            OtherMembers::Groups => &mut group.nested,
            OtherMembers::ServicePrincipals => &mut group.service_principals,
        };
        let id = &group.id;
        let page = page.and_then(|page| {
            let call = || {
                ListOtherMembers {
                    group: id.clone(),
                    kind,
                }
                .call()
            };
            let next = fresh(&mut self.followed, page.next, call)?;
            Ok((page.value, next))
        });
        match page {
            Err(error) => *list = Err(error),
            Ok((members, next)) => {
                if let Ok(list) = list {
                    list.extend(members);
                }
                if let Some(url) = next {
                    group.open += 1;
                    self.rest
                        .push_back(Request::Named(at, id.clone(), kind, url));
                }
            }
        }
    }

    fn counted(&mut self, at: usize, count: Result<u64, GraphError>) {
        if let Some(Some(group)) = self.groups.get_mut(at) {
            group.transitive = Some(count);
        }
    }
}

/// The next page, unless it was asked for already.
fn fresh(
    followed: &mut HashSet<Url>,
    next: Option<Url>,
    call: impl FnOnce() -> Call,
) -> Result<Option<Url>, GraphError> {
    match next {
        Some(url) if !followed.insert(url.clone()) => Err(GraphError::RepeatedLink {
            operation: call().name,
        }),
        next => Ok(next),
    }
}

impl Begun {
    /// Keeps what was read of a group.
    fn close(self, eyes: &Eyes<'_>, principals: &mut Principals, faults: &mut Faults) {
        let apps = self.service_principals.map(|apps| {
            let ids: Vec<Box<str>> = apps.iter().map(|app| app.id.clone()).collect();
            principals
                .service_principals
                .extend(apps.into_iter().map(|app| (app.id, app.display_name)));
            ids
        });
        let nested = self.nested.map(|groups| {
            groups
                .into_iter()
                .map(|group| NestedGroup {
                    id: group.id,
                    display_name: group.display_name,
                })
                .collect()
        });
        let users = self.users.map(|mut ids| {
            ids.shrink_to_fit();
            ids
        });
        let users = faults.seen(eyes, users);
        let direct_users: Seen<u64> = users.map(|ids| u64::try_from(ids.len()).unwrap_or(u64::MAX));
        let transitive_users = match self.transitive {
            Some(count) => faults.seen(eyes, count),
            None => direct_users.clone(),
        };
        let group = EntraGroup {
            display_name: self.about.display_name.as_str().into(),
            security_enabled: self.about.security_enabled,
            dynamic: self.about.is_dynamic(),
            direct_users,
            users,
            nested: faults.seen(eyes, nested),
            service_principals: faults.seen(eyes, apps),
            transitive_users,
        };
        principals.groups.insert(self.id.into(), group);
    }
}
