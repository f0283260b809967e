//! The hand-off of workspace-local groups: what is there, what differs from the account group of the same name, and the order of
//! work for whoever replaces them (facts/databricks §5.2). Usher renames and deletes no group and writes no workspace assignment.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::checklist::csv_row;
use crate::observation::Observation;
use crate::observation::databricks::{DatabricksGroup, DatabricksUser, Directory, GroupKind};

/// What the account has under a local group's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(rename = "LocalGroupTwin")]
pub enum Twin {
    /// No group of that name.
    None,
    /// A group with the same people.
    Same,
    /// A group with other people.
    Differs,
    /// A group whose people could not be compared.
    Unknown,
}

/// A workspace-local group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LocalGroup {
    /// The workspace, by name and id.
    pub workspace: String,
    /// The group's name.
    pub name: String,
    /// Its Databricks id in the workspace.
    pub id: String,
    /// How many members it has; none where they were not shown.
    #[ts(type = "number | null")]
    pub members: Option<usize>,
    /// Its entitlements.
    pub entitlements: Vec<String>,
    /// What the account has under its name.
    pub twin: Twin,
    /// People of the local group who are not in the account group.
    pub lacking: Vec<String>,
    /// People of the account group who are not in the local group.
    pub more: Vec<String>,
    /// What to do, in order.
    pub steps: Vec<String>,
}

/// Local groups and workspaces where they could not be seen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LocalGroups {
    /// The groups, workspace by workspace.
    pub groups: Vec<LocalGroup>,
    /// Workspaces whose groups could not be read, and why.
    pub unseen: Vec<String>,
}

impl LocalGroups {
    /// Every local group of the workspaces that were seen, system groups left out.
    pub fn of(seen: &Observation) -> Self {
        let account = &seen.databricks.directory;
        let mut found = Self::default();
        for workspace in &seen.databricks.workspaces {
            let label = workspace.label();
            match workspace.directory.groups.value() {
                None => {
                    let why = workspace.directory.groups.gap().unwrap_or_default();
                    found.unseen.push(format!("{label}: {why}"));
                }
                Some(groups) => found.groups.extend(
                    groups
                        .iter()
                        .filter(|group| group.kind == GroupKind::WorkspaceLocal)
                        .map(|group| local(&label, group, &workspace.directory, account)),
                ),
            }
        }
        found
    }

    /// The hand-off for people, as Markdown.
    pub fn markdown(&self) -> String {
        let mut text = "# Workspace-local groups\n\nThe move leaves them as they are. Where an account group is to take a local group's place, do it in \
                        this order, one group at a time; for many groups, Databricks' UCX does the same.\n"
            .to_owned();
        if self.groups.is_empty() {
            text.push_str("\nThere are none.\n");
        }
        for group in &self.groups {
            text.push_str(&format!(
                "\n## {} in {}\n\n{}\n\n",
                group.name,
                group.workspace,
                group.found()
            ));
            for (number, step) in (1..).zip(&group.steps) {
                text.push_str(&format!("{number}. {step}\n"));
            }
        }
        if !self.unseen.is_empty() {
            text.push_str("\n## Not seen\n\n");
            for one in &self.unseen {
                text.push_str(&format!("- {one}\n"));
            }
        }
        text
    }

    /// The hand-off as a table: a row a group.
    pub fn csv(&self) -> String {
        let head = [
            "workspace",
            "group",
            "id",
            "members",
            "entitlements",
            "found",
            "not in the account group",
            "only in the account group",
            "what to do",
        ];
        let mut text = csv_row(head.map(str::to_owned));
        for group in &self.groups {
            text.push_str(&csv_row([
                group.workspace.clone(),
                group.name.clone(),
                group.id.clone(),
                group
                    .members
                    .map_or_else(String::new, |count| count.to_string()),
                group.entitlements.join(", "),
                group.found(),
                group.lacking.join(", "),
                group.more.join(", "),
                group.steps.join("\n"),
            ]));
        }
        text
    }
}

impl LocalGroup {
    /// What was found, as a sentence.
    pub fn found(&self) -> String {
        let names = |names: &[String]| names.join(", ");
        match self.twin {
            Twin::None => "The account has no group of this name.".to_owned(),
            Twin::Same => "The account has a group of this name with the same people.".to_owned(),
            Twin::Unknown => {
                "The account has a group of this name; their people could not be compared."
                    .to_owned()
            }
            Twin::Differs => {
                let mut text = "The account has a group of this name with other people.".to_owned();
                if !self.lacking.is_empty() {
                    text.push_str(&format!(" Not in it: {}.", names(&self.lacking)));
                }
                if !self.more.is_empty() {
                    text.push_str(&format!(" Only in it: {}.", names(&self.more)));
                }
                text
            }
        }
    }
}

fn local(
    label: &str,
    group: &DatabricksGroup,
    here: &Directory,
    account: &Directory,
) -> LocalGroup {
    let mut local = LocalGroup {
        workspace: label.to_owned(),
        name: group.display_name.to_string(),
        id: group.id.to_string(),
        members: group.members.as_ref().map(Vec::len),
        entitlements: group.entitlements.iter().map(ToString::to_string).collect(),
        twin: Twin::None,
        lacking: Vec::new(),
        more: Vec::new(),
        steps: Vec::new(),
    };
    let groups = account.groups.value();
    let same = |one: &&DatabricksGroup| {
        one.display_name.to_lowercase() == group.display_name.to_lowercase()
    };
    match groups.map(|groups| groups.iter().find(same)) {
        None => local.twin = Twin::Unknown,
        Some(None) => {}
        Some(Some(twin)) => {
            let sides = (people(group, here), people(twin, account));
            if let (Some(mine), Some(theirs)) = sides {
                local.lacking = mine.difference(&theirs).cloned().collect();
                local.more = theirs.difference(&mine).cloned().collect();
                let alike = local.lacking.is_empty() && local.more.is_empty();
                local.twin = if alike { Twin::Same } else { Twin::Differs };
            } else {
                local.twin = Twin::Unknown;
            }
        }
    }
    local.steps = steps(&local);
    local
}

/// User names of a group's members, in lower case; `None` where they are not shown.
fn people(group: &DatabricksGroup, directory: &Directory) -> Option<BTreeSet<String>> {
    let users: &Vec<DatabricksUser> = directory.users.value()?;
    let names: HashMap<&str, &str> = users
        .iter()
        .map(|user| (&*user.id, &*user.user_name))
        .collect();
    let members = group.members.as_ref()?.iter();
    // A member that is no user, a group inside the group, is told by its id.
    let name = |id: &str| {
        names
            .get(id)
            .map_or_else(|| format!("member {id}"), |name| name.to_lowercase())
    };
    Some(members.map(|id| name(id)).collect())
}

fn steps(group: &LocalGroup) -> Vec<String> {
    let LocalGroup {
        name, workspace, ..
    } = group;
    let mut steps = vec![
        "Decide whether the local group is still needed. What nobody uses may stay as it is until the move is over."
            .to_owned(),
    ];
    match group.twin {
        Twin::None => steps.push(format!(
            "In Entra make a security group {name} with the same people and assign it to the account application, or decide that the group stays local."
        )),
        Twin::Same => {}
        Twin::Differs => steps.push(format!(
            "Compare the people. If the account group is the right one, put whoever is missing into the Entra group {name}; if the two mean different things, make an account group of another name, such as {workspace} {name}."
        )),
        Twin::Unknown => steps.push("Compare the people of the two groups by hand.".to_owned()),
    }
    steps.push(format!(
        "Rename the local group first, to db-temp-{name}: the account group cannot be assigned beside a local group of its name. Its permissions stay with it."
    ));
    steps.push(format!(
        "In the account console open **Workspaces**, {workspace}, **Permissions**, and add the account group {name} as user."
    ));
    if !group.entitlements.is_empty() {
        steps.push(format!(
            "Give it the entitlements of the local group: {}.",
            group.entitlements.join(", ")
        ));
    }
    steps.push(
        "Give it the permissions of the local group: on clusters, policies, pools, SQL warehouses, jobs, pipelines, dashboards, secret scopes, notebooks and folders, and on tables in the old metastore."
            .to_owned(),
    );
    steps.push(format!(
        "Let somebody of {name} work for a few days, then delete the renamed local group."
    ));
    steps
}
