//! Assigned groups: what of them travels, and whether their names are free.

use std::collections::{BTreeMap, HashMap};

use crate::checks::Context;
use crate::checks::verdict::{Verdict, few, subject};
use crate::finding::{How, Status, Subject};
use crate::observation::Seen;
use crate::observation::databricks::{DatabricksGroup, GroupKind};
use crate::observation::principals::EntraGroup;

/// Judges each group in scope; a group that was not read is unknown.
fn each_group(
    context: &Context<'_>,
    presses: &[&str],
    judge: impl Fn(&str, &EntraGroup) -> Subject,
) -> Verdict {
    let scope = context.in_scope();
    if scope.groups.is_empty() {
        return scope
            .gap
            .unwrap_or_else(|| Verdict::not_applicable("No group is assigned or wanted."));
    }
    let mut subjects: Vec<Subject> = scope
        .groups
        .iter()
        .map(|(id, name)| match context.group(id) {
            Some(group) => judge(name, group),
            None => subject(
                name.clone(),
                Status::Unknown,
                Verdict::unseen(&context.seen.entra.principals.complete)
                    .reason
                    .unwrap_or_default(),
            ),
        })
        .collect();
    if let Some(gap) = scope.gap {
        subjects.push(subject(
            "Assignments",
            Status::Unknown,
            gap.reason.unwrap_or_default(),
        ));
    }
    let mut verdict = Verdict::worst(How::Entra, subjects, presses);
    verdict.at = scope.at;
    verdict
}

pub(super) fn nested_groups(context: &Context<'_>) -> Verdict {
    let presses = [
        "Assign the inner groups to the application as well, or make their people direct members of the assigned group.",
        "Or leave it, and manage nesting within Databricks: the connector never follows nested groups.",
    ];
    each_group(context, &presses, |name, group| {
        match group.nested.value() {
            None => subject(
                name,
                Status::Unknown,
                Verdict::unseen(&group.nested).reason.unwrap_or_default(),
            ),
            Some(nested) if nested.is_empty() => subject(name, Status::Pass, "holds no groups"),
            Some(nested) => {
                let inner = few(nested.iter().map(|group| group.display_name.to_string()));
                let people = match group.left_out() {
                    Some(1) => "1 person is left out".to_owned(),
                    Some(count) => format!("{count} people are left out"),
                    None => "how many people are left out could not be counted".to_owned(),
                };
                subject(name, Status::Warn, format!("holds {inner}: {people}"))
            }
        }
    })
}

pub(super) fn service_principals(context: &Context<'_>) -> Verdict {
    let scope = context.in_scope();
    let mut subjects: Vec<Subject> = scope
        .service_principals
        .values()
        .map(|name| {
            subject(
                name.clone(),
                Status::Warn,
                "is assigned; the connector does not carry service principals",
            )
        })
        .collect();
    let names = &context.seen.entra.principals.service_principals;
    for (id, name) in &scope.groups {
        match context.group(id).map(|group| &group.service_principals) {
            None => subjects.push(subject(
                name.clone(),
                Status::Unknown,
                "The group's members were not read.",
            )),
            Some(seen @ Seen::Unknown { .. }) => subjects.push(subject(
                name.clone(),
                Status::Unknown,
                Verdict::unseen(seen).reason.unwrap_or_default(),
            )),
            Some(Seen::Known { value, .. }) if !value.is_empty() => {
                let inside = few(value.iter().map(|id| {
                    names
                        .get(id)
                        .map_or_else(|| id.to_string(), ToString::to_string)
                }));
                subjects.push(subject(
                    name.clone(),
                    Status::Warn,
                    format!("holds {inside}; the connector does not carry service principals"),
                ));
            }
            Some(_) => {}
        }
    }
    if let Some(gap) = scope.gap {
        if subjects.is_empty() {
            return gap;
        }
        subjects.push(subject(
            "Assignments",
            Status::Unknown,
            gap.reason.unwrap_or_default(),
        ));
    }
    let presses = [
        "Add the service principals in Databricks itself: in the account console under **User management**, or with Terraform.",
        "Then take them off the application, so that nobody waits for them.",
    ];
    let mut verdict = Verdict::worst(How::Entra, subjects, &presses);
    verdict.at = scope.at;
    verdict
}

pub(super) fn group_provisionable(context: &Context<'_>) -> Verdict {
    let presses = [
        "Assign a security group instead, or a Microsoft 365 group that is security-enabled.",
        "Take the group named here off the application.",
    ];
    each_group(context, &presses, |name, group| {
        if group.security_enabled {
            subject(name, Status::Pass, "security-enabled")
        } else {
            subject(
                name,
                Status::Fail,
                "is not security-enabled: Entra does not provision it",
            )
        }
    })
}

/// Names of Databricks' own groups (facts/databricks §3.3).
const RESERVED: [&str; 3] = ["admins", "users", "account users"];

pub(super) fn reserved_names(context: &Context<'_>) -> Verdict {
    let scope = context.in_scope();
    let subjects: Vec<Subject> = scope
        .groups
        .values()
        .filter(|name| RESERVED.contains(&name.trim().to_lowercase().as_str()))
        .map(|name| {
            subject(
                name.clone(),
                Status::Fail,
                "is the name of a Databricks system group",
            )
        })
        .collect();
    match scope.gap {
        Some(gap) if subjects.is_empty() => gap,
        _ => {
            let presses = [
                "Assign a group with another name.",
                "To make people workspace admins, assign that group to the workspace as **Admin** in Databricks.",
            ];
            let mut verdict = Verdict::worst(How::Entra, subjects, &presses)
                .shows("Groups looked at", scope.groups.len().to_string());
            verdict.at = scope.at;
            verdict
        }
    }
}

pub(super) fn name_clash(context: &Context<'_>) -> Verdict {
    let scope = context.in_scope();
    if scope.groups.is_empty() {
        return scope
            .gap
            .unwrap_or_else(|| Verdict::not_applicable("No group is assigned or wanted."));
    }
    let seen = &context.seen.databricks.directory.groups;
    let Some(groups) = seen.value() else {
        return Verdict::unseen(seen);
    };
    let mut taken: BTreeMap<String, Vec<&DatabricksGroup>> = BTreeMap::new();
    for group in groups
        .iter()
        .filter(|group| group.kind != GroupKind::System)
    {
        taken
            .entry(group.display_name.to_lowercase())
            .or_default()
            .push(group);
    }
    let mut in_scope: HashMap<String, usize> = HashMap::new();
    for name in scope.groups.values() {
        *in_scope.entry(name.to_lowercase()).or_default() += 1;
    }
    let twice = |name: &str| {
        in_scope
            .get(&name.to_lowercase())
            .is_some_and(|count| *count > 1)
    };
    let subjects = scope.groups.iter().map(|(id, name)| {
        if twice(name) {
            return subject(
                name.clone(),
                Status::Fail,
                "appears twice in scope; Databricks takes a name once, whatever its case",
            );
        }
        let same: &[&DatabricksGroup] = taken.get(&name.to_lowercase()).map_or(&[], Vec::as_slice);
        match clash(id, name, same) {
            Some(note) => subject(name.clone(), Status::Fail, note),
            None => subject(
                name.clone(),
                Status::Pass,
                if same.is_empty() {
                    "the name is free"
                } else {
                    "the group of that name is or becomes this one"
                },
            ),
        }
    });
    let presses = [
        "Rename the group in Databricks that has the name, or delete it if nobody needs it. Permissions given to it do not move by themselves.",
        "Or assign a group with another name in Entra.",
        "If it is meant to be the same group, give the Databricks group the external id of the Entra group.",
    ];
    Verdict::worst(How::Databricks, subjects.collect(), &presses).seen(seen)
}

fn clash(id: &str, name: &str, same: &[&DatabricksGroup]) -> Option<String> {
    same.iter()
        .find_map(|group| match group.external_id.as_deref() {
            Some(external) if external.eq_ignore_ascii_case(id) => None,
            Some(external) => Some(format!(
                "Databricks has {} already, linked to another Entra object ({external})",
                group.display_name
            )),
            None if *group.display_name != *name => Some(format!(
                "Databricks has {}, which differs in case alone",
                group.display_name
            )),
            // Without an external id the connector takes the group over by its name.
            None => None,
        })
}
