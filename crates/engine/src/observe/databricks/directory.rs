//! Users, groups and service principals where a SCIM URL leads.

use std::collections::BTreeSet;

use futures::stream::{self, StreamExt as _};
use usher_core::observation::databricks::{
    Admin, DatabricksGroup, DatabricksUser, Directory, GroupKind, WorkspaceFacts,
};
use usher_core::observation::{Principals, Seen};
use usher_databricks::scim::Membership;
use usher_databricks::{Group, Query, Scim, ServicePrincipal, User};

use super::super::estimate::Side;
use super::super::kept::{Members, without};
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
#[derive(Debug, Default)]
pub(in crate::observe) struct Read {
    pub(in crate::observe) directory: Directory,
    pub(in crate::observe) admins: Seen<Vec<Admin>>,
}

impl Read {
    /// The members that were read, taken out of their groups.
    pub(in crate::observe) fn take_members(&mut self) -> Members {
        let Seen::Known { value: groups, .. } = &mut self.directory.groups else {
            return Members::default();
        };
        let groups = groups.iter_mut();
        groups
            .filter_map(|group| Some((group.id.clone(), group.members.take()?)))
            .collect()
    }
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

/// Reads users and groups into `read`, as far as they are not there already.
pub(super) async fn look(
    eyes: &Eyes<'_>,
    scim: &Scim,
    place: &str,
    counted: Counted,
    read: &mut Read,
) {
    let few = Query::default().attributes("id");
    let Read { directory, admins } = read;
    let (users, groups) = (&mut directory.users, &mut directory.groups);
    let (user_total, group_total) = (&mut directory.user_total, &mut directory.group_total);
    let ((), (), apps) = tokio::join!(
        async {
            if !users.is_known() {
                let side = counted.at(scim.page_size());
                (*users, *user_total, *admins) = all_users(eyes, scim, place, side).await;
            }
        },
        async {
            if !groups.is_known() {
                let side = counted.at(scim.page_size());
                (*groups, *group_total) = all_groups(eyes, scim, place, side).await;
            }
            if counted == Counted::Alone {
                let named = groups.value().into_iter().flatten();
                let _ = eyes.groups.set(named.map(GroupName::of).collect());
            }
        },
        scim.page::<ServicePrincipal>(&few, 1, 1, eyes.cancel)
    );
    directory.service_principal_total = match apps {
        Ok(page) => page.total_results.map_or_else(
            || Seen::unknown("Databricks did not say how many there are."),
            |total| Seen::databricks(total, eyes.at),
        ),
        Err(error) => unknown(&error),
    };
}

/// Every user, how many there are, and the account admins among them. Entries come in pages, and pages are what is limited.
async fn all_users(
    eyes: &Eyes<'_>,
    scim: &Scim,
    place: &str,
    side: Side,
) -> (Seen<Vec<DatabricksUser>>, Seen<u64>, Seen<Vec<Admin>>) {
    let what = format!("Reading users of {place}");
    let query = Query::default().attributes(USER_FIELDS);
    let mut found = Vec::new();
    let keep = |one: User| {
        found.extend(account_admin(&one));
        user(one)
    };
    let told = |done, total| eyes.count_at(side, &what, done, Some(total));
    match scim.read_all_as(&query, keep, told, eyes.cancel).await {
        Ok(list) => (
            Seen::databricks(list.resources, eyes.at),
            Seen::databricks(list.total_results, eyes.at),
            account_admins(eyes, found),
        ),
        Err(error) => (unknown(&error), unknown(&error), unknown(&error)),
    }
}

/// Every group, and how many there are.
async fn all_groups(
    eyes: &Eyes<'_>,
    scim: &Scim,
    place: &str,
    side: Side,
) -> (Seen<Vec<DatabricksGroup>>, Seen<u64>) {
    let what = format!("Reading groups of {place}");
    let query = Query::default().attributes(GROUP_FIELDS);
    let told = |done, total| eyes.count_at(side, &what, done, Some(total));
    match scim.read_all_as(&query, group, told, eyes.cancel).await {
        Ok(list) => (
            Seen::databricks(list.resources, eyes.at),
            Seen::databricks(list.total_results, eyes.at),
        ),
        Err(error) => (unknown(&error), unknown(&error)),
    }
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
pub(in crate::observe) fn compared(
    principals: &Principals,
    workspaces: &[WorkspaceFacts],
) -> BTreeSet<String> {
    let entra = principals
        .groups
        .iter()
        .flat_map(|(id, group)| [id.to_lowercase(), group.display_name.to_lowercase()]);
    let local = workspaces
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

/// Reads the members of the groups named into `found`, one group at a time: lists leave members out.
pub(super) async fn members_of(
    eyes: &Eyes<'_>,
    scim: &Scim,
    groups: &[GroupName],
    wanted: &BTreeSet<String>,
    found: &mut Members,
) {
    let wanted = groups.iter().filter(|group| group.is_in(wanted));
    let ids = wanted.map(|group| group.id.clone()).collect();
    let side = Side::Databricks(Some(SINGLE));
    read_members(eyes, scim, ids, "groups in Databricks", side, found).await;
}

/// The same for those of a directory that were not read so far.
pub(super) async fn members(
    eyes: &Eyes<'_>,
    scim: &Scim,
    directory: &Directory,
    wanted: &BTreeSet<String>,
    found: &mut Members,
) {
    let open: Vec<GroupName> = unread(directory).map(GroupName::of).collect();
    members_of(eyes, scim, &open, wanted, found).await;
}

/// Reads the members of every workspace-local group. `label`: how the workspace is called.
pub(super) async fn local_members(
    eyes: &Eyes<'_>,
    scim: &Scim,
    label: &str,
    directory: &mut Directory,
) {
    let local = unread(directory).filter(|group| group.kind == GroupKind::WorkspaceLocal);
    let ids = local.map(|group| group.id.clone()).collect();
    let mut found = Members::default();
    let of = format!("local groups of {label}");
    read_members(eyes, scim, ids, &of, Side::Inside, &mut found).await;
    put(directory, found);
}

fn unread(directory: &Directory) -> impl Iterator<Item = &DatabricksGroup> {
    let groups = directory.groups.value().into_iter().flatten();
    groups.filter(|group| group.members.is_none())
}

/// Keeps members with their groups.
pub(in crate::observe) fn put(directory: &mut Directory, mut found: Members) {
    let Seen::Known { value: groups, .. } = &mut directory.groups else {
        return;
    };
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
    mut ids: Vec<Box<str>>,
    of: &str,
    side: Side,
    found: &mut Members,
) {
    let total = ids.len();
    ids.retain(|id| !found.contains_key(id));
    let mut done = total - ids.len();
    let what = without(&format!("Reading members of {of}"), done);
    found.reserve(ids.len());
    let mut read = stream::iter(ids)
        .map(|id| async move {
            let group = scim.get::<Membership>(&id, eyes.cancel).await;
            (id, group)
        })
        .buffer_unordered(IN_FLIGHT);
    while let Some((id, group)) = read.next().await {
        done += 1;
        eyes.count_at(side, &what, done, Some(total));
        if let Ok(group) = group {
            let members = group.members.into_iter().map(|member| member.value);
            found.insert(id, members.collect());
        }
    }
}
