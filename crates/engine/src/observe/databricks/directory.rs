//! Users, groups and service principals where a SCIM URL leads.

use std::collections::{BTreeSet, HashMap};

use futures::stream::{self, StreamExt as _};
use usher_core::observation::databricks::{
    Admin, DatabricksGroup, DatabricksUser, Directory, GroupKind,
};
use usher_core::observation::{Observation, Seen};
use usher_databricks::{Group, Query, Scim, ServicePrincipal, User};

use super::super::estimate::Side;
use super::super::{Eyes, IN_FLIGHT};
use super::{same, unknown};

/// Light pages: large directories are readable only without members and entitlements (facts/databricks §9).
const USER_FIELDS: &str = "id,userName,displayName,externalId,active,emails,roles";
/// The same for groups.
const GROUP_FIELDS: &str = "id,displayName,externalId,meta,entitlements";

/// The role of an account admin.
const ACCOUNT_ADMIN: &str = "account_admin";

/// How the entries of a directory count for the time that is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    /// By themselves: the directory of the account, or of a set-up's one workspace.
    Alone,
    /// The workspace counts as a whole.
    Inside,
}

impl Counted {
    fn at(self, entries: u64) -> Side {
        match self {
            Self::Alone => {
                let entries = u32::try_from(entries).unwrap_or(u32::MAX);
                Side::Databricks(Some(LISTS * f64::from(entries)))
            }
            Self::Inside => Side::Inside,
        }
    }
}

/// Pages of a list, and single resources, that the account's limits let through in a second (facts/databricks §3.6, INFERRED units).
const LISTS: f64 = 4.0;
const SINGLE: f64 = 20.0;

/// A directory, and the account admins among its users.
pub(super) struct Read {
    pub(super) directory: Directory,
    pub(super) admins: Seen<Vec<Admin>>,
}

pub(super) fn unseen(reason: &Seen<()>) -> Directory {
    Directory {
        user_total: same(reason),
        group_total: same(reason),
        service_principal_total: same(reason),
        users: same(reason),
        groups: same(reason),
    }
}

pub(super) async fn look(eyes: &Eyes<'_>, scim: &Scim, place: &str, counted: Counted) -> Read {
    let reading_users = format!("Reading users of {place}");
    let reading_groups = format!("Reading groups of {place}");
    // Entries come in pages, and pages are what is limited.
    let side = counted.at(scim.page_size());
    let told = |what: &str, done: u64, total: u64| eyes.count_at(side, what, done, Some(total));
    let users = Query::default().attributes(USER_FIELDS);
    let groups = Query::default().attributes(GROUP_FIELDS);
    let few = Query::default().attributes("id");
    let mut found = Vec::new();
    let keep_user = |one: User| {
        found.extend(account_admin(&one));
        user(one)
    };
    let told_users = |done, total| told(&reading_users, done, total);
    let told_groups = |done, total| told(&reading_groups, done, total);
    let (users, groups, apps) = tokio::join!(
        scim.read_all_as(&users, keep_user, told_users, eyes.cancel),
        async {
            let groups = scim.read_all_as(&groups, group, told_groups, eyes.cancel);
            let groups = groups.await;
            if counted == Counted::Alone {
                let named = groups.iter().flat_map(|list| &list.resources);
                let _ = eyes.groups.set(named.map(GroupName::of).collect());
            }
            groups
        },
        scim.page::<ServicePrincipal>(&few, 1, 1, eyes.cancel)
    );
    let mut directory = Directory::default();
    let admins;
    match users {
        Ok(listing) => {
            directory.user_total = Seen::databricks(listing.total_results, eyes.at);
            admins = account_admins(eyes, found);
            directory.users = Seen::databricks(listing.resources, eyes.at);
        }
        Err(error) => {
            directory.user_total = unknown(&error);
            directory.users = unknown(&error);
            admins = unknown(&error);
        }
    }
    match groups {
        Ok(listing) => {
            directory.group_total = Seen::databricks(listing.total_results, eyes.at);
            directory.groups = Seen::databricks(listing.resources, eyes.at);
        }
        Err(error) => {
            directory.group_total = unknown(&error);
            directory.groups = unknown(&error);
        }
    }
    directory.service_principal_total = match apps {
        Ok(page) => page.total_results.map_or_else(
            || Seen::unknown("Databricks did not say how many there are."),
            |total| Seen::databricks(total, eyes.at),
        ),
        Err(error) => unknown(&error),
    };
    Read { directory, admins }
}

/// The user as an account admin, where the role says so.
fn account_admin(user: &User) -> Option<Admin> {
    let mut roles = user.roles.iter();
    roles
        .any(|role| role.value.as_deref() == Some(ACCOUNT_ADMIN))
        .then(|| admin(user))
}

/// An account always has an admin, so where no user shows the role it cannot be told who they are.
fn account_admins(eyes: &Eyes<'_>, admins: Vec<Admin>) -> Seen<Vec<Admin>> {
    if admins.is_empty() {
        Seen::unknown("The account's answers show no roles, so its admins cannot be told.")
    } else {
        Seen::databricks(admins, eyes.at)
    }
}

pub(super) fn admin(user: &User) -> Admin {
    Admin {
        id: user.id.clone(),
        user_name: user.user_name.clone().unwrap_or_default(),
        external_id: user.external_id.clone(),
        active: user.active.unwrap_or(true),
    }
}

fn user(user: User) -> DatabricksUser {
    let work = user
        .emails
        .iter()
        .find(|email| email.kind.as_deref() == Some("work"));
    let main = work.or_else(|| user.emails.iter().find(|email| email.primary == Some(true)));
    let email = main
        .and_then(|email| email.value.as_deref())
        .map(Into::into);
    DatabricksUser {
        id: user.id.into(),
        user_name: user.user_name.unwrap_or_default().into(),
        display_name: user.display_name.map(Into::into),
        external_id: user.external_id.map(Into::into),
        email,
        active: user.active.unwrap_or(true),
    }
}

fn group(group: Group) -> DatabricksGroup {
    let name = group.display_name.clone().unwrap_or_default();
    let kind = if ["admins", "users", "account users"].contains(&name.as_str()) {
        GroupKind::System
    } else if group.is_workspace_local() == Some(true) {
        GroupKind::WorkspaceLocal
    } else {
        GroupKind::Account
    };
    DatabricksGroup {
        id: group.id.into(),
        display_name: name.into(),
        external_id: group.external_id.map(Into::into),
        kind,
        members: group.members.map(ids_of),
        entitlements: group
            .entitlements
            .into_iter()
            .filter_map(|right| right.value)
            .map(Into::into)
            .collect(),
    }
}

fn ids_of(members: Vec<usher_databricks::scim::Member>) -> Vec<Box<str>> {
    members
        .into_iter()
        .map(|member| member.value.into())
        .collect()
}

/// Names and external ids, in lower case, of the groups that are compared: assigned or wanted in Entra, or the account's
/// namesake of a workspace-local group.
pub(in crate::observe) fn compared(observation: &Observation) -> BTreeSet<String> {
    let entra = observation
        .entra
        .principals
        .groups
        .iter()
        .flat_map(|(id, group)| [id.to_lowercase(), group.display_name.to_lowercase()]);
    let local = observation
        .databricks
        .workspaces
        .iter()
        .flat_map(|workspace| workspace.directory.groups.value())
        .flatten();
    let names = local
        .filter(|group| group.kind == GroupKind::WorkspaceLocal)
        .map(|group| group.display_name.to_lowercase());
    entra.chain(names).collect()
}

/// What a group is called, in lower case where it is compared.
#[derive(Debug)]
pub(in crate::observe) struct GroupName {
    id: Box<str>,
    display_name: String,
    external_id: Option<String>,
}

impl GroupName {
    fn of(group: &DatabricksGroup) -> Self {
        Self {
            id: group.id.clone(),
            display_name: group.display_name.to_lowercase(),
            external_id: group.external_id.as_deref().map(str::to_lowercase),
        }
    }

    fn is_in(&self, wanted: &BTreeSet<String>) -> bool {
        let external = self.external_id.as_ref();
        wanted.contains(&self.display_name) || external.is_some_and(|id| wanted.contains(id))
    }
}

/// A group's id and its members'.
pub(in crate::observe) type Membership = (Box<str>, Vec<Box<str>>);

/// Reads the members of the groups named, one group at a time: lists leave members out.
pub(super) async fn members_of(
    eyes: &Eyes<'_>,
    scim: &Scim,
    groups: &[GroupName],
    wanted: &BTreeSet<String>,
) -> Vec<Membership> {
    let wanted = groups.iter().filter(|group| group.is_in(wanted));
    let ids = wanted.map(|group| group.id.clone()).collect();
    read_members(eyes, scim, ids, Side::Databricks(Some(SINGLE))).await
}

/// The same for those of a directory that were not read so far.
pub(super) async fn members(
    eyes: &Eyes<'_>,
    scim: &Scim,
    directory: &mut Directory,
    wanted: &BTreeSet<String>,
) {
    let open = unread(directory).map(GroupName::of);
    let open: Vec<GroupName> = open.collect();
    let found = members_of(eyes, scim, &open, wanted).await;
    put(directory, found);
}

/// Reads the members of every workspace-local group.
pub(super) async fn local_members(eyes: &Eyes<'_>, scim: &Scim, directory: &mut Directory) {
    let local = unread(directory).filter(|group| group.kind == GroupKind::WorkspaceLocal);
    let ids = local.map(|group| group.id.clone()).collect();
    let found = read_members(eyes, scim, ids, Side::Inside).await;
    put(directory, found);
}

fn unread(directory: &Directory) -> impl Iterator<Item = &DatabricksGroup> {
    let groups = directory.groups.value().into_iter().flatten();
    groups.filter(|group| group.members.is_none())
}

/// Keeps members with their groups.
pub(in crate::observe) fn put(directory: &mut Directory, found: Vec<Membership>) {
    let Seen::Known { value: groups, .. } = &mut directory.groups else {
        return;
    };
    let mut found: HashMap<Box<str>, Vec<Box<str>>> = found.into_iter().collect();
    for group in groups {
        if let Some(members) = found.remove(&group.id) {
            group.members = Some(members);
        }
    }
}

/// A group that cannot be read keeps its members unseen; the checks say so.
async fn read_members(
    eyes: &Eyes<'_>,
    scim: &Scim,
    ids: Vec<Box<str>>,
    side: Side,
) -> Vec<Membership> {
    let total = ids.len();
    let mut done = 0;
    let mut found = Vec::with_capacity(total);
    let mut read = stream::iter(ids)
        .map(|id| async move {
            let group = scim.get::<Group>(&id, eyes.cancel).await;
            (id, group)
        })
        .buffer_unordered(IN_FLIGHT);
    while let Some((id, group)) = read.next().await {
        done += 1;
        let what = "Reading members of groups in Databricks";
        eyes.count_at(side, what, done, Some(total));
        if let Ok(group) = group {
            found.push((id, ids_of(group.members.unwrap_or_default())));
        }
    }
    found
}
