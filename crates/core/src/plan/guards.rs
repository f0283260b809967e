//! The guards of a plan: what forbids it (`contracts/cli.md`, rules 2 to 7). A guard that cannot decide refuses.

use std::collections::BTreeSet;

use super::{PlanOptions, Refusal};
use crate::checks::{Context, Verdict, few};
use crate::connection::fault::numbered;
use crate::finding::Status;
use crate::model::Setup;
use crate::model::setup::{Journey, PrincipalKind, Scope as WantedScope};
use crate::observation::connector::{Job, JobCode};
use crate::observation::{Connector, Observation};
use crate::scope::{self, LeftOut, Scope};
use crate::target::Target;

pub(super) fn refusal(check: &str, title: impl Into<String>, presses: &[&str]) -> Refusal {
    let presses: Vec<String> = presses.iter().map(|press| (*press).to_owned()).collect();
    Refusal {
        check: check.to_owned(),
        title: title.into(),
        fix: numbered(&presses),
    }
}

/// Whether a connector ever brought anybody: without that, nobody can leave its scope.
pub(super) fn has_exported(connector: &Connector) -> bool {
    let ran = |job: &Job| {
        job.last.is_some()
            || job.last_success.is_some()
            || job.in_flight
            || job.counts.iter().any(|(_, count)| *count > 0)
    };
    match connector.jobs.value() {
        Some(jobs) => jobs.iter().any(ran),
        // Not known: it may have.
        None => true,
    }
}

/// The scope that the connector will have once everything wanted is done.
fn scope_after(
    setup: &Setup,
    seen: &Observation,
    connector: &Connector,
) -> Result<Scope, scope::Undecided> {
    let assignments = connector.assignments.value().map_or(&[][..], Vec::as_slice);
    let mut assigned: Vec<(PrincipalKind, &str)> = assignments
        .iter()
        .map(|one| (one.kind, one.principal_id.as_str()))
        .collect();
    assigned.extend(
        setup
            .want
            .assign
            .iter()
            .map(|wanted| (wanted.kind, wanted.id.as_str())),
    );
    let found = connector
        .secrets
        .value()
        .and_then(|secrets| secrets.sync_all)
        .unwrap_or(false);
    let everyone = setup
        .want
        .scope
        .map_or(found, |scope| scope == WantedScope::All);
    scope::with(connector, &seen.entra.principals, &assigned, everyone)
}

/// Rules 3 and 4: a connector that brought people is neither narrowed nor started while anyone it brought would leave.
pub(super) fn scope_narrowing(
    setup: &Setup,
    seen: &Observation,
    connector: &Connector,
) -> Option<Refusal> {
    if !has_exported(connector) {
        return None;
    }
    let presses = [
        "Assign the people named here, or a group that holds them directly, to the application.",
        "Make the plan again.",
        "If they are to lose Databricks, deactivate them there, or disable their accounts in Entra, on purpose.",
    ];
    let undecided = |why: String| {
        Some(refusal(
            "scope-narrowing",
            format!("Whether anyone would leave the connector's scope cannot be told. {why}"),
            &presses,
        ))
    };
    let after = match scope_after(setup, seen, connector) {
        Ok(after) if after.everyone => return None,
        Ok(after) => after,
        Err(gap) => return undecided(gap.0),
    };
    let directory = &seen.databricks.directory.users;
    let Some(users) = directory.value() else {
        return undecided(Verdict::unseen(directory).reason.unwrap_or_default());
    };
    let kept_names: BTreeSet<String> = after
        .people
        .values()
        .map(|name| name.to_lowercase())
        .collect();
    let stays = |id: &str, name: &str| {
        let disabled = after
            .left_out
            .get(id)
            .is_some_and(|why| *why == LeftOut::Disabled);
        disabled || after.people.contains_key(id) || kept_names.contains(&name.to_lowercase())
    };
    let leaving: Vec<String> = users
        .iter()
        .filter(|user| user.active)
        .filter_map(|user| Some((user.external_id.as_deref()?, &*user.user_name)))
        .filter(|(id, name)| !stays(id, name))
        .map(|(_, name)| name.to_owned())
        .collect();
    (!leaving.is_empty()).then(|| {
        let count = leaving.len();
        let title = format!(
            "{count} of the people it brought would leave the scope of {} and be deactivated: {}",
            connector.display_name,
            all(leaving)
        );
        refusal("scope-narrowing", title, &presses)
    })
}

/// Every name, as far as a person reads; the rest counted.
pub(super) fn all(names: Vec<String>) -> String {
    const SHOWN: usize = 50;
    if names.len() <= SHOWN {
        names.join(", ")
    } else {
        few(names)
    }
}

/// Rule 4: `userName` is not mapped anew while people exist under the old value.
pub(super) fn renaming(seen: &Observation, connector: &Connector) -> Option<Refusal> {
    if !has_exported(connector) {
        return None;
    }
    let users = seen.databricks.directory.users.value();
    let under = users.map(|users| {
        users
            .iter()
            .filter(|user| user.external_id.is_some())
            .map(|user| user.user_name.to_string())
            .collect::<Vec<_>>()
    });
    if under.as_ref().is_some_and(Vec::is_empty) {
        return None;
    }
    let names = under.map_or_else(|| "who cannot be read".to_owned(), all);
    Some(refusal(
        "scope-narrowing",
        format!(
            "userName would come from another attribute while people exist under the old one: {names}"
        ),
        &[
            "Change the mapping of the work address instead, so that it follows userName.",
            "If user names really have to change, ask Databricks' support first: they cannot be changed through the API.",
        ],
    ))
}

/// Rule 5: a restart is offered for a credential quarantine alone.
pub(super) fn deletions_held(job: &Job) -> Option<Refusal> {
    let presses = [
        "In Entra open **Enterprise apps**, the app, **Provisioning**, **Provisioning logs**, and look at what is held.",
        "Decide: assign the people again, or allow the deletions in the portal. Usher never allows them.",
        "Make the plan again.",
    ];
    match (&job.quarantine, &job.code) {
        (Some(quarantine), _) if quarantine.holds_deletions() => Some(refusal(
            "deletions-held",
            "Entra holds deletions because there are more than allowed; a person has to decide about them",
            &presses,
        )),
        (Some(quarantine), _) if !quarantine.is_about_credentials() => Some(refusal(
            "deletions-held",
            format!(
                "The job is in quarantine for a reason that a restart may not cure ({}); a person has to look first",
                quarantine.reason
            ),
            &presses,
        )),
        (None, JobCode::Quarantine) => Some(refusal(
            "deletions-held",
            "The job is in quarantine and Entra names no reason; a person has to look first",
            &presses,
        )),
        _ => None,
    }
}

/// The connectors beside the set-up's own that run, as far as can be told.
fn running_others<'a>(setup: &Setup, seen: &'a Observation) -> impl Iterator<Item = &'a Connector> {
    let own = seen
        .connector(setup)
        .map(|connector| connector.service_principal_id.clone());
    let all = seen.entra.connectors.value().into_iter().flatten();
    all.filter(move |other| Some(&other.service_principal_id) != own.as_ref())
        .filter(|other| other.is_running() != Some(false))
}

/// Those of them that write to the set-up's target.
pub(super) fn rivals<'a>(setup: &Setup, seen: &'a Observation) -> Vec<&'a Connector> {
    let Some(target) = setup.databricks.scim_url.as_deref().and_then(Target::of) else {
        return Vec::new();
    };
    let writes_there = |other: &&Connector| {
        let secrets = other.secrets.value();
        let address = secrets.and_then(|secrets| secrets.base_address.as_deref());
        address.and_then(Target::of).as_ref() == Some(&target)
    };
    running_others(setup, seen).filter(writes_there).collect()
}

/// `app-unique`: no second live connector with the same target. Where that cannot be seen of one, a person says so; a move names it
/// in its plan instead, as it retires connectors of every kind.
pub(super) fn second_connector(setup: &Setup, seen: &Observation) -> Option<Refusal> {
    let target = setup.databricks.scim_url.as_deref().and_then(Target::of)?;
    let named =
        |other: &Connector| format!("{} ({})", other.display_name, other.service_principal_id);
    let live: Vec<String> = rivals(setup, seen).into_iter().map(named).collect();
    if !live.is_empty() {
        return Some(refusal(
            "app-unique",
            format!(
                "Another connector provisions to the same {}: {}",
                target.label(),
                few(live)
            ),
            &[
                "Take that one: choose it on the page **Application** (in the set-up file: **entra.app.servicePrincipalId**).",
                "Or pause it first, without taking assignments off it.",
            ],
        ));
    }
    let hidden: Vec<&Connector> = running_others(setup, seen)
        .filter(|other| !other.secrets.is_known())
        .collect();
    let first = hidden.first()?;
    if setup.attested.contains_key("app-unique") || setup.journey == Journey::Migrate {
        return None;
    }
    let why = Verdict::unseen(&first.secrets).reason.unwrap_or_default();
    Some(refusal(
        "app-unique",
        format!(
            "Whether another connector provisions to the same {} cannot be told: the address in {} is not seen. {why}",
            target.label(),
            few(hidden.into_iter().map(named))
        ),
        &[
            "Look at the **Tenant URL** on the **Provisioning** page of each application named here.",
            "If all of them lead elsewhere, confirm it: with **Confirm by hand** in the window, in a set-up file under **attested.app-unique**.",
            "Or sign in with a permission that reads their credentials, and make the plan again.",
        ],
    ))
}

/// An application that provisions elsewhere is not turned to a new target: who it brought there would be left alone.
pub(super) fn other_target(setup: &Setup, connector: &Connector) -> Option<Refusal> {
    let wanted = setup.databricks.scim_url.as_deref().and_then(Target::of)?;
    let found = connector
        .secrets
        .value()?
        .base_address
        .as_deref()
        .and_then(Target::of)?;
    (found != wanted && has_exported(connector)).then(|| {
        refusal(
            "endpoint-matches",
            format!(
                "{} provisions to {} and has brought people there; it is not turned to {}",
                connector.display_name,
                found.label(),
                wanted.label()
            ),
            &["Choose another application, or let a new one be created."],
        )
    })
}

/// Rule 7: an admin stays outside what the connector may deactivate; where roles cannot be seen, a person confirms.
pub(super) fn admin_kept(
    setup: &Setup,
    seen: &Observation,
    options: PlanOptions,
    now: jiff::Timestamp,
) -> Vec<Refusal> {
    let context = Context::new(setup, seen, now);
    let ids: &[&str] = if context.is_workspace() {
        &["own-admin-kept", "pat-owner-unmanaged"]
    } else {
        &["own-admin-kept"]
    };
    ids.iter()
        .filter_map(|id| kept(id, &context, options))
        .collect()
}

fn kept(id: &str, context: &Context<'_>, options: PlanOptions) -> Option<Refusal> {
    let verdict = crate::checks::verdict_of(id, context)?;
    let confirmed = options.admin_confirmed || context.setup.attested.contains_key(id);
    match verdict.status {
        Status::Fail => {
            let names = few(verdict
                .subjects
                .into_iter()
                .map(|subject| format!("{} ({})", subject.subject, subject.note)));
            let title = if id == "own-admin-kept" {
                "No active admin would stay outside what the connector may deactivate"
            } else {
                "The connector would manage the owner of its own token"
            };
            let title = if names.is_empty() {
                title.to_owned()
            } else {
                format!("{title}: {names}")
            };
            Some(Refusal {
                check: id.to_owned(),
                title,
                fix: verdict.fix.unwrap_or_default(),
            })
        }
        Status::Unknown if !confirmed => Some(refusal(
            id,
            format!(
                "Whether an admin stays outside what the connector may deactivate cannot be seen. {}",
                verdict.reason.unwrap_or_default()
            ),
            &[
                &format!(
                    "Look yourself, and confirm it: with **Confirm by hand** in the window, in a set-up file under **attested.{id}**."
                ),
                "Or sign in to Databricks with a credential that sees roles.",
            ],
        )),
        _ => None,
    }
}
