//! Moving workspace connectors to the account: who is where, who would lose access, what is left to do.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::verdict::{Verdict, counted, few, subject};
use super::{Check, Context, journeys};
use crate::finding::{How, Status, Subject, Weight};
use crate::model::Setup;
use crate::observation::databricks::{DatabricksGroup, DatabricksUser, GroupKind, WorkspaceFacts};
use crate::observation::{Connector, Observation};
use crate::scope::{self, Scope, Undecided};
use crate::target::Target;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "connectors-found",
        title: "Every Databricks connector of the tenant is known",
        weight: Weight::Advises,
        journeys: journeys::MIGRATE,
        source: "Microsoft Graph: service principals and their synchronization secrets",
        judge: connectors_found,
    },
    Check {
        id: "connectors-off",
        title: "No workspace connector runs beside the account connector",
        weight: Weight::Blocks,
        journeys: journeys::ACCOUNT,
        source: "Databricks: account-level SCIM provisioning",
        judge: connectors_off,
    },
    Check {
        id: "coverage",
        title: "The account connector covers everyone the old ones carry",
        weight: Weight::Blocks,
        journeys: journeys::MIGRATE,
        source: "Databricks: migrate workspace-level SCIM provisioning",
        judge: coverage,
    },
    Check {
        id: "account-sync-proven",
        title: "The account connector has brought everyone",
        weight: Weight::Blocks,
        journeys: journeys::MIGRATE,
        source: "Databricks: migrate workspace-level SCIM provisioning",
        judge: account_sync_proven,
    },
    Check {
        id: "local-groups",
        title: "Workspace-local groups are known",
        weight: Weight::Risks,
        journeys: journeys::MIGRATE,
        source: "Databricks: workspace-local groups",
        judge: local_groups,
    },
    Check {
        id: "local-name-clash",
        title: "No workspace-local group stands in an account group's way",
        weight: Weight::Blocks,
        journeys: journeys::MIGRATE,
        source: "Databricks: workspace-local groups",
        judge: local_name_clash,
    },
    Check {
        id: "workspace-access",
        title: "Covered people still reach their workspaces",
        weight: Weight::Blocks,
        journeys: journeys::MIGRATE,
        source: "Databricks: workspace assignment",
        judge: workspace_access,
    },
    Check {
        id: "entitlements",
        title: "Assigned groups have the entitlements their local twins had",
        weight: Weight::Risks,
        journeys: journeys::MIGRATE,
        source: "Databricks: workspace entitlements",
        judge: entitlements,
    },
];

/// What a connector provisions to, where its base address is known and understood.
fn target_of(connector: &Connector) -> Option<Target> {
    Target::of(connector.secrets.value()?.base_address.as_deref()?)
}

/// The workspace that a connector provisions to, among those that were seen.
pub(crate) fn workspace_of<'a>(
    seen: &'a Observation,
    connector: &Connector,
) -> Option<&'a WorkspaceFacts> {
    let target = target_of(connector)?;
    let address = |workspace: &WorkspaceFacts| {
        Target::of(&format!(
            "{}/api/2.0/preview/scim",
            workspace.url.trim_end_matches('/')
        ))
    };
    seen.databricks
        .workspaces
        .iter()
        .find(|workspace| address(workspace).as_ref() == Some(&target))
}

/// The workspace connectors that a move retires: those the set-up names, else every one of a federated workspace.
pub(crate) fn retiring<'a>(
    setup: &Setup,
    seen: &'a Observation,
) -> Result<Vec<&'a Connector>, Undecided> {
    let all =
        seen.entra.connectors.value().ok_or_else(|| {
            Undecided("The connectors of the tenant could not be read.".to_owned())
        })?;
    let own = seen
        .connector(setup)
        .map(|connector| connector.service_principal_id.as_str());
    let others = all
        .iter()
        .filter(|connector| Some(connector.service_principal_id.as_str()) != own);
    if let Some(named) = &setup.want.retire {
        return Ok(others
            .filter(|connector| named.contains(&connector.service_principal_id))
            .collect());
    }
    Ok(others
        .filter(|connector| matches!(target_of(connector), Some(Target::Workspace(_))))
        .filter(|connector| {
            workspace_of(seen, connector)
                .is_some_and(|workspace| workspace.federated.value() == Some(&true))
        })
        .collect())
}

fn state(connector: &Connector) -> &'static str {
    match connector.is_running() {
        Some(true) => "runs",
        Some(false) => "does not run",
        None => "state unknown",
    }
}

fn connectors_found(context: &Context<'_>) -> Verdict {
    let seen = &context.seen.entra.connectors;
    let Some(all) = seen.value() else {
        return Verdict::unseen(seen);
    };
    let subjects = all.iter().map(|connector| {
        let assigned = connector.assignments.value().map_or_else(
            || "assignments unknown".to_owned(),
            |list| counted(list.len(), "assignment", "assignments"),
        );
        match target_of(connector) {
            Some(target) => subject(
                &*connector.display_name,
                Status::Pass,
                format!("{}; {}; {assigned}", target.label(), state(connector)),
            ),
            None => subject(
                &*connector.display_name,
                Status::Unknown,
                format!(
                    "its target could not be read; {}; {assigned}",
                    state(connector)
                ),
            ),
        }
    });
    let verdict = Verdict::worst(How::Entra, subjects.collect(), &[])
        .seen(seen)
        .shows("Connectors", all.len().to_string());
    if context.seen.entra.connectors_from_gallery_only {
        verdict.shows("Looked at", "apps from the gallery template; a connector made from another template would not be seen")
    } else {
        verdict
    }
}

fn connectors_off(context: &Context<'_>) -> Verdict {
    let own = match context.connector() {
        Ok(connector) => connector,
        Err(_) if context.connector_is_missing() => {
            return Verdict::not_applicable("There is no account connector yet.");
        }
        Err(verdict) => return verdict,
    };
    match own.is_running() {
        Some(true) => {}
        Some(false) => {
            return Verdict::not_applicable(
                "The account connector does not run yet; until then the workspace connectors may.",
            );
        }
        None => return Verdict::unseen(&own.jobs),
    }
    let connectors = &context.seen.entra.connectors;
    let others = connectors
        .value()
        .into_iter()
        .flatten()
        .filter(|connector| connector.service_principal_id != own.service_principal_id);
    let subjects: Vec<Subject> = others
        .filter_map(|connector| running_beside(context, connector))
        .collect();
    let presses = [
        "Make sure that the account connector covers everyone: **Move workspace connectors to the account** does it in the right order.",
        "Pause the connector named here: **Enterprise apps**, the app, **Provisioning**, **Pause provisioning** (formerly **Provisioning status** Off).",
        "Take no assignment off it: that would deactivate people.",
    ];
    Verdict::worst(How::Entra, subjects, &presses).seen(connectors)
}

fn running_beside(context: &Context<'_>, connector: &Connector) -> Option<Subject> {
    let name = &*connector.display_name;
    if connector.is_running() == Some(false) {
        return None;
    }
    match target_of(connector) {
        Some(Target::Account(_)) => return None,
        Some(Target::Workspace(_)) => {}
        None if connector.secrets.is_known() => return None,
        None => {
            return Some(subject(
                name,
                Status::Unknown,
                Verdict::unseen(&connector.secrets)
                    .reason
                    .unwrap_or_default(),
            ));
        }
    }
    if connector.is_running().is_none() {
        return Some(subject(
            name,
            Status::Unknown,
            Verdict::unseen(&connector.jobs).reason.unwrap_or_default(),
        ));
    }
    Some(
        match workspace_of(context.seen, connector)
            .map(|workspace| (workspace.label(), workspace.federated.value()))
        {
            Some((label, Some(false))) => subject(
                name,
                Status::Pass,
                format!("runs for {label}, which is not identity-federated: it stays"),
            ),
            Some((label, Some(true))) => subject(
                name,
                Status::Fail,
                format!("runs for {label}, which is identity-federated"),
            ),
            Some((label, None)) => subject(
                name,
                Status::Unknown,
                format!("runs for {label}; whether that is identity-federated is not known"),
            ),
            None => subject(
                name,
                Status::Unknown,
                "runs for a workspace that was not looked at; name the workspace in this set-up",
            ),
        },
    )
}

fn coverage(context: &Context<'_>) -> Verdict {
    let own = match context.connector() {
        Ok(connector) => connector,
        Err(verdict) => return verdict,
    };
    let seen = context.seen;
    let principals = &seen.entra.principals;
    let scopes = || -> Result<(Scope, Vec<(&Connector, Scope)>), Undecided> {
        let own = scope::of(own, principals)?;
        let old = retiring(context.setup, seen)?
            .into_iter()
            .map(|connector| Ok((connector, scope::of(connector, principals)?)));
        Ok((own, old.collect::<Result<_, Undecided>>()?))
    };
    let (new, old) = match scopes() {
        Ok(found) => found,
        Err(gap) => return Verdict::unknown(gap.0),
    };
    if old.is_empty() {
        return Verdict::not_applicable("No workspace connector is to be retired.");
    }
    let covered: HashSet<String> = new
        .people
        .values()
        .map(|name| name.to_lowercase())
        .collect();
    let mut lost: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (connector, scope) in &old {
        for name in scope
            .people
            .values()
            .filter(|name| !covered.contains(&name.to_lowercase()))
        {
            lost.entry(name).or_default().push(&connector.display_name);
        }
    }
    let subjects = lost.into_iter().map(|(name, by)| {
        subject(
            name,
            Status::Fail,
            format!(
                "is carried by {} and not by the account connector",
                few(by.into_iter().map(str::to_owned))
            ),
        )
    });
    let presses = [
        "Assign the people named here, or a group that holds them directly, to the account application.",
        "Wait for a cycle of the account connector, and look again.",
    ];
    let verdict = Verdict::worst(How::Entra, subjects.collect(), &presses).seen(&own.assignments);
    let total: HashSet<String> = old
        .iter()
        .flat_map(|(_, scope)| scope.people.values().map(|name| name.to_lowercase()))
        .collect();
    verdict
        .shows(
            "Carried by the old connectors",
            counted(total.len(), "person", "people"),
        )
        .shows(
            "Carried by the account connector",
            counted(new.people.len(), "person", "people"),
        )
}

fn account_sync_proven(context: &Context<'_>) -> Verdict {
    let (job, jobs) = match context.job() {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let connector = match context.connector() {
        Ok(connector) => connector,
        Err(verdict) => return verdict,
    };
    let Some(assignments) = connector.assignments.value() else {
        return Verdict::unseen(&connector.assignments);
    };
    let newest = assignments
        .iter()
        .filter_map(|assignment| assignment.created)
        .max();
    let presses = [
        "Start the account connector if it does not run, and wait for a whole cycle.",
        "Look again when the cycle has ended.",
    ];
    if let Some(why) = super::sync::waiting(job, newest) {
        return Verdict::fail(How::Entra, &presses)
            .seen(jobs)
            .shows("Cycle", why);
    }
    let scope = match scope::of(connector, &context.seen.entra.principals) {
        Ok(scope) => scope,
        Err(gap) => return Verdict::unknown(gap.0),
    };
    let seen = &context.seen.databricks.directory.users;
    let Some(users) = seen.value() else {
        return Verdict::unseen(seen);
    };
    let active: HashSet<String> = users
        .iter()
        .filter(|user| user.active)
        .map(|user| user.user_name.to_lowercase())
        .collect();
    let subjects: Vec<Subject> = scope
        .people
        .values()
        .filter(|name| !active.contains(&name.to_lowercase()))
        .map(|name| subject(&**name, Status::Fail, "is not active in the account"))
        .collect();
    let arrived = scope.people.len() - subjects.len();
    let presses = [
        "Look at the people named here in the provisioning log, and put right what stopped them.",
        "Or accept each of them by name as an exception.",
    ];
    Verdict::worst(How::Databricks, subjects, &presses)
        .seen(seen)
        .shows(
            "Active in the account",
            format!(
                "{arrived} of {}",
                counted(scope.people.len(), "person", "people")
            ),
        )
}

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

fn named<'a>(
    groups: &'a [DatabricksGroup],
    name: &str,
    kind: GroupKind,
) -> Option<&'a DatabricksGroup> {
    groups
        .iter()
        .find(|group| group.kind == kind && group.display_name.eq_ignore_ascii_case(name))
}

/// Names of a group's members, in lower case, by the directory it belongs to; `None` where its members are not shown.
fn member_names(
    group: &DatabricksGroup,
    users: Option<&Vec<DatabricksUser>>,
) -> Option<HashSet<String>> {
    let by_id: HashMap<&str, &str> = users?
        .iter()
        .map(|user| (&*user.id, &*user.user_name))
        .collect();
    Some(
        group
            .members
            .as_ref()?
            .iter()
            .filter_map(|id| by_id.get(&**id))
            .map(|name| name.to_lowercase())
            .collect(),
    )
}

fn local_groups(context: &Context<'_>) -> Verdict {
    let presses = [
        "Decide for each group named here whether an account group takes its place.",
        "Rename the local group first, then assign the account group to the workspace under the original name, then move its permissions.",
        "For many groups use Databricks' UCX, which does this in order. Usher renames and deletes no group.",
    ];
    let account = context.seen.databricks.directory.groups.value();
    let account_users = context.seen.databricks.directory.users.value();
    each_workspace(context, &presses, |workspace, groups| {
        let locals = groups
            .iter()
            .filter(|group| group.kind == GroupKind::WorkspaceLocal);
        let subjects: Vec<Subject> = locals
            .map(|local| {
                let name = format!("{} in {}", local.display_name, workspace.label());
                let Some(twin) = account.and_then(|groups| groups.iter().find(|group| group.display_name.eq_ignore_ascii_case(&local.display_name))) else {
                    return subject(name, Status::Warn, "is local; the account has no group of that name");
                };
                let sides = (member_names(local, workspace.directory.users.value()), member_names(twin, account_users));
                let note = match sides {
                    (Some(here), Some(there)) if here == there => "is local; the account has a group of that name with the same people".to_owned(),
                    (Some(here), Some(there)) => format!(
                        "is local; the account group of that name lacks {} and has {} more",
                        few(here.difference(&there).cloned().collect::<std::collections::BTreeSet<_>>()),
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

fn local_name_clash(context: &Context<'_>) -> Verdict {
    let scope = context.in_scope();
    let presses = [
        "Rename the local group in the workspace, with the workspace's Groups API or with UCX. Its permissions stay with it.",
        "Then assign the account group to the workspace.",
    ];
    each_workspace(context, &presses, |workspace, groups| {
        let clashes: Vec<Subject> = scope
            .groups
            .values()
            .filter(|name| named(groups, name, GroupKind::WorkspaceLocal).is_some())
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

fn workspace_access(context: &Context<'_>) -> Verdict {
    let seen = context.seen;
    let workspaces = &seen.databricks.workspaces;
    let old = match retiring(context.setup, seen) {
        Ok(old) => old,
        Err(gap) => return Verdict::unknown(gap.0),
    };
    if old.is_empty() || workspaces.is_empty() {
        return Verdict::not_applicable("No workspace connector is to be retired.");
    }
    let subjects = old.into_iter().map(|connector| {
        let Some(workspace) = workspace_of(seen, connector) else {
            return subject(
                &*connector.display_name,
                Status::Unknown,
                "its workspace was not looked at",
            );
        };
        match without_access(seen, workspace, connector) {
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
        "In the account console open **Workspaces**, the workspace, **Permissions**, and add an account group that holds the people named here.",
        "Give it the entitlements it needs in the workspace.",
    ];
    Verdict::worst(How::Databricks, subjects.collect(), &presses)
}

fn without_access(
    seen: &Observation,
    workspace: &WorkspaceFacts,
    connector: &Connector,
) -> Result<Vec<String>, String> {
    let reason = |verdict: Verdict| verdict.reason.unwrap_or_default();
    let assigned = workspace
        .assignments
        .value()
        .ok_or_else(|| reason(Verdict::unseen(&workspace.assignments)))?;
    let account = &seen.databricks.directory;
    let groups = account
        .groups
        .value()
        .ok_or_else(|| reason(Verdict::unseen(&account.groups)))?;
    let users = account
        .users
        .value()
        .ok_or_else(|| reason(Verdict::unseen(&account.users)))?;
    let mut may: HashSet<String> = assigned
        .iter()
        .filter(|entry| !entry.is_group)
        .map(|entry| entry.name.to_lowercase())
        .collect();
    for entry in assigned.iter().filter(|entry| entry.is_group) {
        let group = groups.iter().find(|group| *group.id == *entry.principal_id);
        let names = group.and_then(|group| member_names(group, Some(users)));
        may.extend(names.ok_or_else(|| {
            format!(
                "The members of the account group {} are not shown.",
                entry.name
            )
        })?);
    }
    let carried = scope::of(connector, &seen.entra.principals).map_err(|gap| gap.0)?;
    Ok(carried
        .people
        .values()
        .filter(|name| !may.contains(&name.to_lowercase()))
        .map(ToString::to_string)
        .collect())
}

fn entitlements(context: &Context<'_>) -> Verdict {
    let presses = [
        "In the workspace open **Settings**, **Identity and access**, **Groups**, the group, **Entitlements**.",
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
