//! Moving workspace connectors to the account: who is where, who would lose access, what is left to do.

mod workspaces;

use std::borrow::Cow;
use std::collections::HashSet;

use url::Url;

use super::verdict::{Verdict, counted, few, subject};
use super::{Check, Context, journeys};
use crate::coverage::Fate;
use crate::finding::{How, Status, Subject, Weight};
use crate::model::{Origin, Setup};
use crate::observation::databricks::WorkspaceFacts;
use crate::observation::{Connector, Observation};
use crate::plan::migrate::accepted;
use crate::scope::Undecided;
use crate::target::Target;
use crate::text::lower;

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
        judge: workspaces::local_groups,
    },
    Check {
        id: "local-name-clash",
        title: "No workspace-local group stands in an account group's way",
        weight: Weight::Blocks,
        journeys: journeys::MIGRATE,
        source: "Databricks: workspace-local groups",
        judge: workspaces::local_name_clash,
    },
    Check {
        id: "workspace-access",
        title: "Covered people still reach their workspaces",
        weight: Weight::Blocks,
        journeys: journeys::MIGRATE,
        source: "Databricks: workspace assignment",
        judge: workspaces::workspace_access,
    },
    Check {
        id: "entitlements",
        title: "Assigned groups have the entitlements their local twins had",
        weight: Weight::Risks,
        journeys: journeys::MIGRATE,
        source: "Databricks: workspace entitlements",
        judge: workspaces::entitlements,
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
    let Some(Target::Workspace(target)) = target_of(connector) else {
        return None;
    };
    // Reading an address costs more than looking whether it is worth it, and there may be 200 workspaces for each of 200 connectors.
    let host = target.host();
    let likely = |workspace: &&WorkspaceFacts| lower(&workspace.url).contains(&*host);
    let origin = |workspace: &WorkspaceFacts| Origin::of(&Url::parse(workspace.url.trim()).ok()?);
    let workspaces = &seen.databricks.workspaces;
    let mut likely = workspaces.iter().filter(likely);
    likely.find(|workspace| origin(workspace).as_ref() == Some(&target))
}

/// The workspace connectors that a move retires: those the set-up names, else every one of a federated workspace.
pub(crate) fn retiring<'a>(
    setup: &Setup,
    seen: &'a Observation,
) -> Result<Vec<&'a Connector>, Undecided> {
    let connectors = &seen.entra.connectors;
    let unread = || Undecided(connectors.gap().unwrap_or_default());
    let all = connectors.value().ok_or_else(unread)?;
    let own = seen
        .connector(setup)
        .map(|connector| connector.service_principal_id.as_str());
    let others = all
        .iter()
        .filter(|connector| Some(connector.service_principal_id.as_str()) != own);
    if let Some(named) = &setup.want.retire {
        return Ok(others
            .filter(|connector| {
                let id = &connector.service_principal_id;
                named.iter().any(|named| named.eq_ignore_ascii_case(id))
            })
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
    match retiring(context.setup, context.seen) {
        Ok(old) if old.is_empty() => {
            return Verdict::not_applicable("No workspace connector is to be retired.");
        }
        Ok(_) => {}
        Err(gap) => return Verdict::unknown(gap.0),
    }
    let coverage = match context.coverage() {
        Ok(coverage) => coverage,
        Err(verdict) => return verdict,
    };
    let subjects = coverage.with(Fate::LosesAccess).map(|row| {
        let mut by: Vec<String> = coverage
            .line(row)
            .old
            .into_iter()
            .map(|way| way.connector)
            .collect();
        by.dedup();
        subject(
            &*row.name,
            Status::Fail,
            format!("is carried by {} and not by the account connector", few(by)),
        )
    });
    let presses = [
        "Assign the people named here, or a group that holds them directly, to the account application.",
        "Wait for a cycle of the account connector, and look again.",
    ];
    let counts = coverage.counts();
    let people = |count: usize| counted(count, "person", "people");
    Verdict::worst(How::Entra, subjects.collect(), &presses)
        .seen(&own.assignments)
        .shows(
            "Carried by the old connectors",
            people(counts.covered + counts.loses_access),
        )
        .shows(
            "Carried by the account connector",
            people(counts.covered + counts.newly_reached),
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
    let scope = match context.own_scope() {
        Ok(scope) => scope,
        Err(verdict) => return verdict,
    };
    let seen = &context.seen.databricks.directory.users;
    let Some(users) = seen.value() else {
        return Verdict::unseen(seen);
    };
    let active: HashSet<Cow<'_, str>> = users
        .iter()
        .filter(|user| user.active)
        .map(|user| lower(&user.user_name))
        .collect();
    let accepted = accepted(context.setup);
    let subjects: Vec<Subject> = scope
        .people
        .values()
        .filter(|name| !active.contains(&*lower(name)))
        .map(|name| {
            if accepted.contains(&*lower(name)) {
                let note = "is not active in the account, which is accepted by name";
                subject(&**name, Status::Pass, note)
            } else {
                subject(&**name, Status::Fail, "is not active in the account")
            }
        })
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
