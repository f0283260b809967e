//! What a move finds in each workspace: local groups, names in the way, access and entitlements.

use std::borrow::Cow;
use std::cell::{LazyCell, OnceCell};
use std::collections::{HashMap, HashSet};

use super::{retiring, workspace_of};
use crate::checks::Context;
use crate::checks::verdict::{Verdict, few, subject};
use crate::finding::{How, Status, Subject};
use crate::observation::databricks::{DatabricksGroup, DatabricksUser, GroupKind, WorkspaceFacts};
use crate::observation::{Connector, Observation, Seen};
use crate::scope;
use crate::text::lower;

/// Judges each workspace by its groups, which need a personal access token of it.
fn each_workspace(
    context: &Context<'_>,
    presses: &[&str],
    judge: impl Fn(&WorkspaceFacts, &[DatabricksGroup]) -> Vec<Subject>,
) -> Verdict {
    let workspaces = &context.seen.databricks.workspaces;
    if workspaces.is_empty() {
        return Verdict::not_applicable("This set-up names no workspace.");
    }
    let subjects =
        workspaces
            .iter()
            .flat_map(|workspace| match workspace.directory.groups.value() {
                Some(groups) => judge(workspace, groups),
                None => vec![subject(
                    workspace.label(),
                    Status::Unknown,
                    Verdict::unseen(&workspace.directory.groups)
                        .reason
                        .unwrap_or_default(),
                )],
            });
    let mut verdict = Verdict::worst(How::Databricks, subjects.collect(), presses);
    verdict.at = workspaces
        .iter()
        .filter_map(|workspace| workspace.directory.groups.at())
        .min();
    verdict
}

/// User names by Databricks id.
type Names<'a> = HashMap<&'a str, &'a str>;

fn names_of(users: Option<&Vec<DatabricksUser>>) -> Option<Names<'_>> {
    users.map(|users| named(users))
}

fn named(users: &[DatabricksUser]) -> Names<'_> {
    let named = |user| {
        let user: &DatabricksUser = user;
        (&*user.id, &*user.user_name)
    };
    users.iter().map(named).collect()
}

/// Names of a group's members, in lower case, by the directory it belongs to; `None` where its members are not shown.
fn member_names<'a>(
    group: &DatabricksGroup,
    names: Option<&Names<'a>>,
) -> Option<HashSet<Cow<'a, str>>> {
    let names = names?;
    let members = group.members.as_ref()?.iter();
    Some(
        members
            .filter_map(|id| names.get(&**id))
            .map(|name| lower(name))
            .collect(),
    )
}

pub(super) fn local_groups(context: &Context<'_>) -> Verdict {
    let presses = [
        "Decide for each group named here whether an account group takes its place.",
        "Rename the local group first, then assign the account group to the workspace under the original name, then move its permissions.",
        "For many groups use Databricks' UCX, which does this in order. Usher renames and deletes no group.",
    ];
    let account = &context.seen.databricks.directory;
    let twins: HashMap<Cow<'_, str>, &DatabricksGroup> = account
        .groups
        .value()
        .into_iter()
        .flatten()
        .map(|group| (lower(&group.display_name), group))
        .collect();
    let account_names = LazyCell::new(|| names_of(account.users.value()));
    each_workspace(context, &presses, |workspace, groups| {
        let locals = groups
            .iter()
            .filter(|group| group.kind == GroupKind::WorkspaceLocal);
        let names = LazyCell::new(|| names_of(workspace.directory.users.value()));
        let subjects: Vec<Subject> = locals
            .map(|local| {
                let name = format!("{} in {}", local.display_name, workspace.label());
                let Some(twin) = twins.get(&*lower(&local.display_name)) else {
                    return subject(name, Status::Warn, "is local; the account has no group of that name");
                };
                let sides = (member_names(local, names.as_ref()), member_names(twin, account_names.as_ref()));
                let note = match sides {
                    (Some(here), Some(there)) if here == there => "is local; the account has a group of that name with the same people".to_owned(),
                    (Some(here), Some(there)) => format!(
                        "is local; the account group of that name lacks {} and has {} more",
                        few(here.difference(&there).map(ToString::to_string).collect::<std::collections::BTreeSet<_>>()),
                        there.difference(&here).count()
                    ),
                    _ => "is local; the account has a group of that name, and their people could not be compared".to_owned(),
                };
                subject(name, Status::Warn, note)
            })
            .collect();
        if subjects.is_empty() {
            vec![subject(
                workspace.label(),
                Status::Pass,
                "has no local groups",
            )]
        } else {
            subjects
        }
    })
}

pub(super) fn local_name_clash(context: &Context<'_>) -> Verdict {
    let scope = context.in_scope();
    let presses = [
        "Rename the local group in the workspace, with the workspace's Groups API or with UCX. Its permissions stay with it.",
        "Then assign the account group to the workspace.",
    ];
    let wanted: HashMap<Cow<'_, str>, &String> = scope
        .groups
        .values()
        .map(|name| (lower(name), name))
        .collect();
    each_workspace(context, &presses, |workspace, groups| {
        if workspace.federated.value() == Some(&false) {
            let note = "not federated: no account group is assigned to it, its own groups stay";
            return vec![subject(workspace.label(), Status::Pass, note)];
        }
        let clashes: Vec<Subject> = groups
            .iter()
            .filter(|group| group.kind == GroupKind::WorkspaceLocal)
            .filter_map(|group| wanted.get(&*lower(&group.display_name)))
            .map(|name| {
                subject(
                    format!("{name} in {}", workspace.label()),
                    Status::Fail,
                    "a local group has the name; the account group cannot be assigned beside it",
                )
            })
            .collect();
        if clashes.is_empty() {
            vec![subject(workspace.label(), Status::Pass, "no name is taken")]
        } else {
            clashes
        }
    })
}

pub(super) fn workspace_access(context: &Context<'_>) -> Verdict {
    let seen = context.seen;
    let workspaces = &seen.databricks.workspaces;
    let old = match retiring(context.setup, seen) {
        Ok(old) => old,
        Err(gap) => return Verdict::unknown(gap.0),
    };
    if old.is_empty() || workspaces.is_empty() {
        return Verdict::not_applicable("No workspace connector is to be retired.");
    }
    let account = Account::of(seen);
    let subjects = old.into_iter().map(|connector| {
        let Some(workspace) = workspace_of(seen, connector) else {
            return subject(
                &*connector.display_name,
                Status::Unknown,
                "its workspace was not looked at",
            );
        };
        match account
            .as_ref()
            .map_err(Clone::clone)
            .and_then(|account| account.without_access(seen, workspace, connector))
        {
            Err(gap) => subject(workspace.label(), Status::Unknown, gap),
            Ok(lost) if lost.is_empty() => subject(
                workspace.label(),
                Status::Pass,
                "everyone the old connector carries is assigned",
            ),
            Ok(lost) => subject(
                workspace.label(),
                Status::Fail,
                format!("not assigned: {}", few(lost)),
            ),
        }
    });
    let presses = [
        "In the account console open **Workspaces**, the workspace, usually **Permissions**, and add an account group that holds the people named here.",
        "Give it the entitlements it needs in the workspace.",
    ];
    Verdict::worst(How::Databricks, subjects.collect(), &presses)
}

/// The account's groups and names, by id.
struct Account<'a> {
    groups: HashMap<&'a str, &'a DatabricksGroup>,
    users: &'a [DatabricksUser],
    /// Once a group's members are asked for.
    names: OnceCell<Names<'a>>,
}

impl<'a> Account<'a> {
    fn of(seen: &'a Observation) -> Result<Self, String> {
        let account = &seen.databricks.directory;
        let groups = account.groups.value().ok_or_else(|| gap(&account.groups))?;
        let users = account.users.value().ok_or_else(|| gap(&account.users))?;
        Ok(Self {
            groups: groups.iter().map(|group| (&*group.id, group)).collect(),
            users,
            names: OnceCell::new(),
        })
    }

    /// Who is carried by a workspace's connector and not assigned to the workspace.
    fn without_access(
        &self,
        seen: &Observation,
        workspace: &WorkspaceFacts,
        connector: &Connector,
    ) -> Result<Vec<String>, String> {
        let assigned = workspace.assignments.value();
        let assigned = assigned.ok_or_else(|| gap(&workspace.assignments))?;
        let people = assigned.iter().filter(|entry| !entry.is_group);
        let mut may: HashSet<Cow<'_, str>> = people.map(|entry| lower(&entry.name)).collect();
        for entry in assigned.iter().filter(|entry| entry.is_group) {
            let group = self.groups.get(&*entry.principal_id);
            let names = group.and_then(|group| {
                let names = self.names.get_or_init(|| named(self.users));
                member_names(group, Some(names))
            });
            may.extend(names.ok_or_else(|| {
                format!(
                    "The members of the account group {} are not shown.",
                    entry.name
                )
            })?);
        }
        let carried = scope::of(connector, &seen.entra.principals).map_err(|gap| gap.0)?;
        let lost = carried.people.values();
        Ok(lost
            .filter(|name| !may.contains(&*lower(name)))
            .map(ToString::to_string)
            .collect())
    }
}

fn gap<T>(seen: &Seen<T>) -> String {
    Verdict::unseen(seen).reason.unwrap_or_default()
}

pub(super) fn entitlements(context: &Context<'_>) -> Verdict {
    let presses = [
        "In the workspace find the group (usually under **Settings**, **Identity and access**, **Groups**) and its **Entitlements**.",
        "Give it what its local twin has.",
    ];
    each_workspace(context, &presses, |workspace, groups| {
        let locals = groups.iter().filter(|group| {
            group.kind == GroupKind::WorkspaceLocal && !group.entitlements.is_empty()
        });
        let subjects: Vec<Subject> = locals
            .filter_map(|local| {
                let twin = groups
                    .iter()
                    .find(|group| group.kind == GroupKind::Account && is_twin(local, group))?;
                let lacking: Vec<String> = local
                    .entitlements
                    .iter()
                    .filter(|one| !twin.entitlements.contains(one))
                    .map(ToString::to_string)
                    .collect();
                let name = format!("{} in {}", twin.display_name, workspace.label());
                Some(if lacking.is_empty() {
                    subject(name, Status::Pass, "has what its local twin has")
                } else {
                    subject(name, Status::Warn, format!("lacks {}", few(lacking)))
                })
            })
            .collect();
        if subjects.is_empty() {
            vec![subject(
                workspace.label(),
                Status::Pass,
                "no group here has a local twin with entitlements",
            )]
        } else {
            subjects
        }
    })
}

/// Whether an account group stands for a local one: the same name, also where the local one was renamed for the move.
fn is_twin(local: &DatabricksGroup, account: &DatabricksGroup) -> bool {
    let name = local.display_name.to_lowercase();
    let original = name.strip_prefix("db-temp-").unwrap_or(&name);
    account.display_name.to_lowercase() == original
}
