//! The owner of a workspace's token: an admin, and not managed by the connector that uses the token.

use std::collections::HashMap;

use crate::checks::Context;
use crate::checks::verdict::{Verdict, subject};
use crate::finding::{How, Status, Subject};
use crate::model::setup::{Journey, PrincipalKind};
use crate::observation::databricks::TokenOwner;
use crate::observation::{Connector, Seen};
use crate::target::Target;

/// What the one workspace of a workspace set-up is called.
const THIS_WORKSPACE: &str = "this workspace";

/// The owner of each token that matters: the workspace's own, or in a move that of each workspace.
fn owners<'a>(context: &Context<'a>) -> Vec<(String, &'a Seen<TokenOwner>)> {
    let facts = &context.seen.databricks;
    if context.journey() == Journey::Migrate {
        return facts
            .workspaces
            .iter()
            .map(|workspace| (workspace.label(), &workspace.token_owner))
            .collect();
    }
    vec![(THIS_WORKSPACE.to_owned(), &facts.token_owner)]
}

fn each_owner(
    context: &Context<'_>,
    presses: &[&str],
    judge: impl Fn(&str, &TokenOwner) -> Subject,
) -> Verdict {
    let owners = owners(context);
    if owners.is_empty() {
        return Verdict::not_applicable("This set-up names no workspace.");
    }
    let subjects = owners
        .into_iter()
        .map(|(name, seen)| match seen.value() {
            Some(owner) => judge(&name, owner),
            None => subject(
                name,
                Status::Unknown,
                Verdict::unseen(seen).reason.unwrap_or_default(),
            ),
        })
        .collect();
    Verdict::worst(How::Databricks, subjects, presses)
}

pub(super) fn pat_owner_admin(context: &Context<'_>) -> Verdict {
    let presses = [
        "Sign in to the workspace as a workspace admin whom the connector does not manage.",
        "Generate a new personal access token, usually under **Settings**, **Developer**, **Access tokens**.",
        "Save it in Entra and test the connection.",
    ];
    each_owner(context, &presses, |name, owner| {
        match (owner.active, owner.is_admin) {
            (true, Some(true)) => subject(
                name,
                Status::Pass,
                format!("{} is an active admin", owner.user_name),
            ),
            (false, _) => subject(
                name,
                Status::Fail,
                format!("{} is not active", owner.user_name),
            ),
            (true, Some(false)) => subject(
                name,
                Status::Fail,
                format!("{} is not in the group admins", owner.user_name),
            ),
            (true, None) => subject(
                name,
                Status::Unknown,
                format!(
                    "Databricks gives the groups of {} without their names. What would tell: the workspace's group admins, looked at \
                     in the workspace under **Settings**, **Identity and access**.",
                    owner.user_name
                ),
            ),
        }
    })
}

pub(super) fn pat_owner_unmanaged(context: &Context<'_>) -> Verdict {
    let presses = [
        "Let a workspace admin who is not in the app's scope, or a service principal, own the token.",
        "Or take the owner out of the assigned groups before the sync starts. While it runs, that would deactivate the owner in Databricks.",
    ];
    let connectors = connectors_by_owner(context);
    each_owner(context, &presses, |name, owner| {
        if owner.is_service_principal {
            return subject(
                name,
                Status::Pass,
                "a service principal owns the token; the connector does not carry those",
            );
        }
        let managed = if context.journey() == Journey::Migrate {
            let connectors = connectors.get(name).map_or(&[][..], Vec::as_slice);
            managed_by(context, connectors, owner)
        } else {
            managed_here(context, owner)
        };
        match managed {
            Err(gap) => subject(name, Status::Unknown, gap.reason.unwrap_or_default()),
            Ok(Some(by)) => subject(
                name,
                Status::Fail,
                format!("{} is managed by {by}", owner.user_name),
            ),
            Ok(None) => subject(
                name,
                Status::Pass,
                format!("{} is outside the connector's scope", owner.user_name),
            ),
        }
    })
}

/// The one of a workspace's connectors that manages the owner of its token.
fn managed_by(
    context: &Context<'_>,
    connectors: &[&Connector],
    owner: &TokenOwner,
) -> Result<Option<String>, Verdict> {
    if connectors.is_empty() {
        let why = "No connector to this workspace was found.";
        return Err(Verdict::unknown(why));
    }
    for connector in connectors {
        if manages(context, connector, owner)? {
            return Ok(Some(connector.display_name.clone()));
        }
    }
    Ok(None)
}

/// Whether the set-up's own application manages the token's owner, with what is assigned and what is to be.
fn managed_here(context: &Context<'_>, owner: &TokenOwner) -> Result<Option<String>, Verdict> {
    let managed = context.manages(owner.external_id.as_deref(), &owner.user_name)?;
    Ok(managed.then(|| context.setup.entra.app.name().to_owned()))
}

/// The connectors that each token belongs to, by the name its owner goes by in [`owners`].
fn connectors_by_owner<'a>(context: &Context<'a>) -> HashMap<String, Vec<&'a Connector>> {
    if context.journey() != Journey::Migrate {
        return HashMap::new();
    }
    let mut by_target: HashMap<Target, Vec<&Connector>> = HashMap::new();
    for connector in context.seen.entra.connectors.value().into_iter().flatten() {
        let secrets = connector.secrets.value();
        let target = secrets.and_then(|secrets| Target::of(secrets.base_address.as_deref()?));
        if let Some(target) = target {
            by_target.entry(target).or_default().push(connector);
        }
    }
    let workspaces = context.seen.databricks.workspaces.iter();
    workspaces
        .filter_map(|facts| {
            let base = facts.url.trim_end_matches('/');
            let target = Target::of(&format!("{base}/api/2.0/preview/scim"))?;
            Some((facts.label(), by_target.get(&target)?.clone()))
        })
        .collect()
}

/// Whether a person is assigned to a connector, directly or by a group, or it carries everyone.
fn manages(
    context: &Context<'_>,
    connector: &Connector,
    owner: &TokenOwner,
) -> Result<bool, Verdict> {
    let principals = &context.seen.entra.principals;
    let secrets = connector.secrets.value();
    if secrets.is_some_and(|secrets| secrets.sync_all == Some(true)) {
        let mut everyone = principals.users.values();
        return Ok(
            owner.external_id.is_some() || everyone.any(|user| user.goes_by(&owner.user_name))
        );
    }
    let assignments = connector
        .assignments
        .value()
        .ok_or_else(|| Verdict::unseen(&connector.assignments))?;
    let assigned: Vec<(PrincipalKind, &str)> = assignments
        .iter()
        .map(|assignment| (assignment.kind, assignment.principal_id.as_str()))
        .collect();
    let people =
        crate::scope::members(&assigned, principals).map_err(|gap| Verdict::unknown(gap.0))?;
    Ok(people.into_iter().any(|id| {
        let same_id = owner.external_id.as_deref() == Some(id);
        same_id
            || principals
                .users
                .get(id)
                .is_some_and(|user| user.goes_by(&owner.user_name))
    }))
}
