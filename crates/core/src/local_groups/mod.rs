//! Workspace-local groups and what to do with each: the hand-off of a move. Usher renames and deletes no group; this says in
//! which order a person, or Databricks' UCX, does it (facts/databricks §3.4, §5.2, §5.5, D33).
//!
//! In: what was seen. Out: a [`LocalGroups`], a line a group, and the same as Markdown and CSV.

#[cfg(test)]
mod tests;
mod text;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde::Serialize;
use ts_rs::TS;

pub use text::ORDER;

use crate::observation::Observation;
use crate::observation::databricks::{DatabricksGroup, DatabricksUser, GroupKind};
use crate::text::lower;

/// What UCX puts before the name of a local group while its account group takes over.
const RENAMED: &str = "db-temp-";

/// How a local group stands to the account group of its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "is", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Twin {
    /// The account has no group of that name.
    None,
    /// The same people.
    Same,
    /// Other people: user names that only one of the two has.
    Differs {
        /// Only the local group has them: they lose what it gives when the account group takes over.
        only_local: Vec<String>,
        /// Only the account group has them: they get what the local group gives.
        only_account: Vec<String>,
    },
    /// Members of one of them could not be seen.
    NotCompared,
}

/// A workspace-local group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LocalGroup {
    /// Its id in the workspace.
    pub id: String,
    /// The workspace, by name and id.
    pub workspace: String,
    /// The workspace's URL.
    pub url: String,
    /// The name it has now.
    pub name: String,
    /// Whether it has been renamed for the move already.
    pub renamed: bool,
    /// How many members it has.
    #[ts(type = "number | null")]
    pub members: Option<usize>,
    /// The people among them, by user name; empty where they could not be seen.
    pub people: Vec<String>,
    /// The account group of its name.
    pub twin: Twin,
    /// Whether that group is assigned to the workspace.
    pub assigned: bool,
    /// Entitlements that it has and the assigned account group has not.
    pub lacking: Vec<String>,
    /// Workspaces that have a local group of this name with other members.
    pub elsewhere: Vec<String>,
}

/// Every local group that could be seen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LocalGroups {
    /// The groups, by workspace and name.
    pub groups: Vec<LocalGroup>,
    /// Workspaces whose groups could not be seen, and why.
    pub unseen: Vec<(String, String)>,
}

impl LocalGroups {
    /// The local groups of every workspace that was seen.
    pub fn of(seen: &Observation) -> Self {
        let account = &seen.databricks.directory;
        let people = account.users.value().map(|users| names(users));
        let twins: HashMap<String, &DatabricksGroup> = account
            .groups
            .value()
            .into_iter()
            .flatten()
            .map(|group| (group.display_name.to_lowercase(), group))
            .collect();
        let mut found = Self::default();
        let mut alike: BTreeMap<String, Vec<(String, Option<u64>)>> = BTreeMap::new();
        for workspace in &seen.databricks.workspaces {
            let Some(groups) = workspace.directory.groups.value() else {
                let why = workspace.directory.groups.gap().unwrap_or_default();
                found.unseen.push((workspace.label(), why));
                continue;
            };
            let here = workspace.directory.users.value().map(|users| names(users));
            let locals = groups
                .iter()
                .filter(|group| group.kind == GroupKind::WorkspaceLocal);
            for local in locals {
                let original = original(&local.display_name);
                let members = members(local, here.as_ref());
                let twin = twins.get(&original).copied();
                let assigned = groups.iter().find(|group| {
                    group.kind == GroupKind::Account && lower(&group.display_name) == original
                });
                found.groups.push(LocalGroup {
                    id: local.id.to_string(),
                    url: workspace.url.trim_end_matches('/').to_owned(),
                    people: members.iter().flatten().cloned().collect(),
                    workspace: workspace.label(),
                    name: local.display_name.to_string(),
                    renamed: lower(&local.display_name) != original,
                    members: local.members.as_ref().map(Vec::len),
                    twin: compared(members.as_ref(), twin, people.as_ref()),
                    assigned: assigned.is_some(),
                    lacking: assigned.map_or_else(Vec::new, |assigned| lacking(local, assigned)),
                    elsewhere: Vec::new(),
                });
                alike
                    .entry(original)
                    .or_default()
                    .push((workspace.label(), members.as_ref().map(digest)));
            }
        }
        for group in &mut found.groups {
            let Some(all) = alike.get(&original(&group.name)) else {
                continue;
            };
            let own = all.iter().find(|(label, _)| *label == group.workspace);
            let others = all.iter().filter(|(label, members)| {
                *label != group.workspace && own.is_some_and(|(_, own)| own != members)
            });
            group.elsewhere = others.map(|(label, _)| label.clone()).collect();
        }
        found.groups.sort_by(|left, right| {
            (&left.workspace, &left.name).cmp(&(&right.workspace, &right.name))
        });
        found
    }
}

/// Equal for equal members: a name may stand in hundreds of workspaces.
fn digest(members: &BTreeSet<String>) -> u64 {
    let mut hasher = DefaultHasher::new();
    members.hash(&mut hasher);
    hasher.finish()
}

/// The name it had before it was renamed for the move, in lower case.
fn original(name: &str) -> String {
    let name = lower(name);
    name.strip_prefix(RENAMED).unwrap_or(&name).to_owned()
}

/// User names in lower case, by Databricks' id.
fn names(users: &[DatabricksUser]) -> HashMap<&str, String> {
    let name = |user: &DatabricksUser| user.user_name.to_lowercase();
    users.iter().map(|user| (&*user.id, name(user))).collect()
}

fn members(
    group: &DatabricksGroup,
    people: Option<&HashMap<&str, String>>,
) -> Option<BTreeSet<String>> {
    let people = people?;
    let ids = group.members.as_ref()?.iter();
    Some(ids.filter_map(|id| people.get(&**id).cloned()).collect())
}

fn compared(
    local: Option<&BTreeSet<String>>,
    twin: Option<&DatabricksGroup>,
    people: Option<&HashMap<&str, String>>,
) -> Twin {
    let Some(twin) = twin else {
        return Twin::None;
    };
    let (Some(here), Some(there)) = (local, members(twin, people)) else {
        return Twin::NotCompared;
    };
    if *here == there {
        return Twin::Same;
    }
    Twin::Differs {
        only_local: here.difference(&there).cloned().collect(),
        only_account: there.difference(here).cloned().collect(),
    }
}

fn lacking(local: &DatabricksGroup, assigned: &DatabricksGroup) -> Vec<String> {
    let missing = local
        .entitlements
        .iter()
        .filter(|one| !assigned.entitlements.contains(one));
    missing.map(ToString::to_string).collect()
}
