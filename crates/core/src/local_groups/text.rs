//! The hand-off for people: order of work, a section a workspace; and as a table.

use std::fmt::Write as _;

use jiff::Timestamp;

use serde_json::json;

use super::{LocalGroup, LocalGroups, RENAMED, Twin};
use crate::checklist::csv_row;
use crate::text::{counted, few, plain_markdown};

/// The order of work, for each group that an account group is to take over from (facts/databricks §5.2, D33, §5.5).
pub const ORDER: [&str; 7] = [
    "Decide for each group whether an account group takes its place. Where its people differ, put that right in Entra first, or give the account group another name.",
    "**Rename** the local group, for instance to db-temp-NAME: a workspace takes no two groups of one name. Its people and permissions stay with it. Only the workspace's Groups API renames it, or UCX.",
    "**Assign** the account group to the workspace under the original name: account console, **Workspaces**, the workspace, **Permissions**.",
    "Give it the **entitlements** the local group had: they do not come along.",
    "Move the **permissions**: clusters, policies, pools, SQL warehouses, pipelines, jobs, models, dashboards, queries and alerts, tokens, secret scopes, notebooks, folders and repos, instance profiles, table rights. UCX copies them; by hand, each object's **Permissions** names the local group.",
    "Look whether its people still do their work, for some days.",
    "Only then **delete** the renamed local group.",
];

const HEAD: [&str; 10] = [
    "workspace",
    "local group",
    "group id",
    "members",
    "people",
    "account group of that name",
    "only in the local group",
    "only in the account group",
    "entitlements to give",
    "other members under this name in",
];

impl Twin {
    /// For people.
    pub fn words(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Same => "the same people",
            Self::Differs { .. } => "other people",
            Self::NotCompared => "there is one; its people could not be compared",
        }
    }

    fn sides(&self) -> (&[String], &[String]) {
        match self {
            Self::Differs {
                only_local,
                only_account,
            } => (only_local, only_account),
            Self::None | Self::Same | Self::NotCompared => (&[], &[]),
        }
    }
}

impl LocalGroup {
    /// What is to know of it, a sentence each.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        match &self.twin {
            Twin::None => notes.push(
                "The account has no group of this name: one has to be made in Entra and assigned to the account application, or this one is let go.".to_owned(),
            ),
            Twin::Same => notes.push("The account group of this name has the same people.".to_owned()),
            Twin::NotCompared => notes.push(
                "The account has a group of this name; their people could not be compared.".to_owned(),
            ),
            Twin::Differs { only_local, only_account } => {
                if !only_local.is_empty() {
                    notes.push(format!(
                        "The account group of this name lacks {}: put them into it in Entra, or they lose what this group gives.",
                        few(only_local.clone())
                    ));
                }
                if !only_account.is_empty() {
                    notes.push(format!(
                        "The account group of this name has {} more: they get what this group gives.",
                        few(only_account.clone())
                    ));
                }
            }
        }
        if self.renamed {
            notes.push("It is renamed already.".to_owned());
        }
        if !self.lacking.is_empty() {
            notes.push(format!(
                "The account group, which is assigned here already, lacks its entitlements: {}.",
                few(self.lacking.clone())
            ));
        }
        if !self.elsewhere.is_empty() {
            notes.push(format!(
                "A group of this name has other members in {}: one account group cannot stand for both.",
                few(self.elsewhere.clone())
            ));
        }
        notes
    }

    /// The work on it, step by step, as far as it is this group's own.
    fn work(&self) -> Vec<String> {
        let name = plain_markdown(&self.name);
        let mut work = Vec::new();
        match &self.twin {
            Twin::None if !self.people.is_empty() => {
                work.push(format!("Its people: {}.", all(&self.people)));
            }
            Twin::Differs { only_local, .. } if !only_local.is_empty() => {
                work.push(format!("Only here: {}.", all(only_local)));
            }
            _ => {}
        }
        if !self.renamed {
            work.push(format!(
                "Rename: `PATCH {}/api/2.0/preview/scim/v2/Groups/{}` with `{}`, as an admin of the workspace. Back: the same with the old name.",
                self.url,
                self.id,
                rename(&self.name)
            ));
        }
        if !self.assigned {
            work.push(format!("Assign the account group {name} to the workspace."));
        }
        work
    }
}

/// The body that gives a group another name (SCIM, RFC 7644 §3.5.2).
fn rename(name: &str) -> String {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{ "op": "replace", "value": { "displayName": format!("{RENAMED}{name}") } }],
    })
    .to_string()
}

fn all(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| plain_markdown(name)).collect();
    names.join(", ")
}

impl LocalGroups {
    /// The hand-off as a page.
    pub fn markdown(&self, setup: &str, at: Timestamp) -> String {
        let mut text = format!(
            "# {}: workspace-local groups\n\nSeen {at}. Usher renames and deletes no group; this is the order of work.\n\n",
            plain_markdown(setup)
        );
        for (number, line) in ORDER.iter().enumerate() {
            let _ = writeln!(text, "{}. {line}", number + 1);
        }
        let mut workspace = "";
        for group in &self.groups {
            if group.workspace != workspace {
                workspace = &group.workspace;
                let _ = write!(text, "\n## {}\n\n", plain_markdown(workspace));
            }
            let members = group.members.map_or_else(
                || "members not seen".to_owned(),
                |count| counted(count, "member", "members"),
            );
            let notes: Vec<String> = group
                .notes()
                .iter()
                .map(|note| plain_markdown(note))
                .collect();
            let _ = writeln!(
                text,
                "- [ ] **{}** ({members}). {}",
                plain_markdown(&group.name),
                notes.join(" ")
            );
            for step in group.work() {
                let _ = writeln!(text, "  - [ ] {step}");
            }
        }
        if self.groups.is_empty() {
            text.push_str("\nNo workspace has local groups, as far as they could be seen.\n");
        }
        if !self.unseen.is_empty() {
            text.push_str("\n## What could not be seen\n\n");
            for (workspace, why) in &self.unseen {
                let _ = writeln!(
                    text,
                    "- {}: {}",
                    plain_markdown(workspace),
                    plain_markdown(why)
                );
            }
        }
        text
    }

    /// The groups as a table (RFC 4180).
    pub fn csv(&self) -> String {
        let mut text = csv_row(HEAD.map(str::to_owned));
        for group in &self.groups {
            let (only_local, only_account) = group.twin.sides();
            text.push_str(&csv_row([
                group.workspace.clone(),
                group.name.clone(),
                group.id.clone(),
                group
                    .members
                    .map(|count| count.to_string())
                    .unwrap_or_default(),
                group.people.join("\n"),
                group.twin.words().to_owned(),
                only_local.join("\n"),
                only_account.join("\n"),
                group.lacking.join("\n"),
                group.elsewhere.join("\n"),
            ]));
        }
        text
    }
}
