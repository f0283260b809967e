//! What of a journal's changes is taken back, and what is not (`contracts/cli.md`, rules 2, 3, 6 and 9). Pure decisions; the
//! engine carries them out newest first and looks at the world again before each.

mod leaving;

use std::collections::{BTreeMap, BTreeSet};

use leaving::{Leaving, leaving};

use super::{Change, ChangeKind, Intent, Reference, SettingsIntent, Undo, guards};
use crate::model::setup::{PrincipalKind, Scope};
use crate::observation::connector::{Assignment, Job, ScheduleState};
use crate::observation::{Connector, Observation};
use crate::scope;
use crate::target::Target;

/// A change that the journal says was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoneChange {
    /// The change.
    pub change: Change,
    /// Ids behind its references and those it brought, by the names of [`super::field`] (and `assignmentId`).
    pub ids: BTreeMap<String, String>,
    /// Of a pause: whom the connector carried at that moment, those with disabled accounts included. `None`: not written down.
    pub carried: Option<Vec<Box<str>>>,
}

/// What becomes of a done change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undoing {
    /// It is taken back; `reason` says what stays all the same.
    TakeBack {
        /// What a person is to know.
        reason: Option<String>,
        /// Whether `validateCredentials` with the saved credentials has to pass right before (rule 3).
        needs_credentials: bool,
    },
    /// It is left as it is, and why.
    Keep(String),
    /// Only a person can take it back, and how.
    Manual(String),
}

/// Decides about every change of a journal, newest first, as if those before it in this order had been taken back.
pub fn rollback(done: &[DoneChange], seen: &Observation) -> Vec<(String, Undoing)> {
    let mut world = seen.clone();
    let mut decisions = Vec::new();
    let mut settings_judged = BTreeSet::new();
    for change in done.iter().rev() {
        // Older settings are what the newer ones are put back to.
        let newest = settings_of(change).is_some()
            && settings_judged.insert(
                connector_of(change, &world)
                    .map(|one| &one.service_principal_id)
                    .cloned(),
            );
        let undoing = if newest && by_another_hand(change, &world) {
            Undoing::Keep(
                "The settings were changed since, by another hand: they stay as they are."
                    .to_owned(),
            )
        } else {
            decide(change, &world)
        };
        if matches!(undoing, Undoing::TakeBack { .. }) {
            imagine(change, &mut world);
        }
        decisions.push((change.change.id.clone(), undoing));
    }
    decisions
}

fn settings_of(done: &DoneChange) -> Option<&SettingsIntent> {
    match &done.change.intent {
        Intent::SaveSecrets { settings, .. } if done.change.kind == ChangeKind::SaveSettings => {
            Some(settings)
        }
        _ => None,
    }
}

/// Whether one of the settings that were written is another now. What cannot be read counts as it was written.
fn by_another_hand(done: &DoneChange, seen: &Observation) -> bool {
    let secrets = connector_of(done, seen).and_then(|connector| connector.secrets.value());
    let (Some(wrote), Some(found)) = (settings_of(done), secrets) else {
        return false;
    };
    let told = found.notification.clone().unwrap_or_default();
    let scope = wrote
        .scope
        .is_some_and(|scope| found.sync_all.unwrap_or(false) != (scope == Scope::All));
    let address = wrote.notification_email.as_deref().is_some_and(|address| {
        !told.enabled || !told.recipients.trim().eq_ignore_ascii_case(address.trim())
    });
    let threshold = wrote.delete_threshold.is_some_and(|number| {
        !told.delete_threshold_enabled || told.delete_threshold != Some(number)
    });
    scope || address || threshold
}

/// Decides about one change by the world as it is now.
pub fn decide(done: &DoneChange, seen: &Observation) -> Undoing {
    let take_back = || Undoing::TakeBack {
        reason: None,
        needs_credentials: false,
    };
    let connector = connector_of(done, seen);
    match &done.change.intent {
        Intent::CreateApplication { display_name, .. } => {
            Undoing::Manual(format!("The application {display_name} stays, with its provisioning off. Usher deletes no application; delete it under **Enterprise apps**, **Properties**, if nobody needs it."))
        }
        Intent::CreateJob { .. } => Undoing::Keep("The synchronization job stays with its application, switched off.".to_owned()),
        Intent::SaveSecrets { .. }
            if done.change.kind == ChangeKind::SaveCredentials && done.change.undo == Undo::No =>
        {
            Undoing::Keep(
                "No token was there before; URL and token stay with the application, whose provisioning is off."
                    .to_owned(),
            )
        }
        Intent::SaveSecrets { .. } if done.change.kind == ChangeKind::SaveCredentials => {
            Undoing::Manual("A token that was saved before cannot be read back. To use another one, enter it in Entra under **Provisioning**, **Connectivity** (formerly **Admin credentials**).".to_owned())
        }
        Intent::SaveSecrets { settings, .. } if settings.scope.is_some() => restore_scope(connector, settings.scope),
        Intent::SaveSecrets { .. } => take_back(),
        Intent::SetAssignmentRequired { from, .. } => match connector.and_then(|connector| connector.assignment_required.value()) {
            Some(found) if found == from => Undoing::Keep("It is as it was before already.".to_owned()),
            _ => take_back(),
        },
        Intent::RepairMapping { target_attribute, .. } => restore_mapping(target_attribute.as_deref(), connector),
        Intent::Assign { principal_id, principal_kind, .. } => unassign(connector, seen, principal_id, *principal_kind),
        Intent::Unassign { principal_id, .. } => match connector.and_then(|connector| connector.assignments.value()) {
            Some(found) if found.iter().any(|one| one.principal_id == *principal_id) => Undoing::Keep("The assignment is there again already.".to_owned()),
            _ => take_back(),
        },
        Intent::Start { .. } => pause(connector),
        Intent::Pause { .. } => start_again(connector, seen, done.carried.as_deref()),
        Intent::Restart { .. } => Undoing::Keep("A restart cannot be taken back; the job goes on as before.".to_owned()),
        Intent::ProvisionOne { .. } => Undoing::Manual("The person who was provisioned stays in Databricks. Deactivate the person there if that is not wanted.".to_owned()),
    }
}

fn connector_of<'a>(done: &DoneChange, seen: &'a Observation) -> Option<&'a Connector> {
    let id = match done.change.intent.service_principal() {
        Some(Reference::Existing(id)) => id,
        _ => done.ids.get(super::field::SERVICE_PRINCIPAL)?,
    };
    seen.entra
        .connectors
        .value()?
        .iter()
        .find(|connector| connector.service_principal_id == *id)
}

/// A scope that was narrowed is widened again; one that was widened stays, once anybody was brought by it (rule 4).
fn restore_scope(connector: Option<&Connector>, scope: Option<Scope>) -> Undoing {
    let widened = scope == Some(Scope::All);
    if widened && connector.is_none_or(guards::has_exported) {
        return Undoing::Keep(
            "The scope stays as it is: narrowing it would deactivate the people who came with it."
                .to_owned(),
        );
    }
    Undoing::TakeBack {
        reason: None,
        needs_credentials: false,
    }
}

fn restore_mapping(attribute: Option<&str>, connector: Option<&Connector>) -> Undoing {
    let exported = connector.is_none_or(guards::has_exported);
    match attribute {
        None if exported => Undoing::Keep(
            "The mapping stays on: switching it off would take what it brought out of scope."
                .to_owned(),
        ),
        Some("userName") if exported => Undoing::Keep(
            "The mapping of userName stays: people exist under the new value.".to_owned(),
        ),
        _ => Undoing::TakeBack {
            reason: None,
            needs_credentials: false,
        },
    }
}

/// Rule 2: an assignment is taken off only where nobody can lose anything by it.
fn unassign(
    connector: Option<&Connector>,
    seen: &Observation,
    principal: &str,
    kind: PrincipalKind,
) -> Undoing {
    let kept = |who: &str, why: &str| {
        Undoing::Keep(format!(
            "{who} stays assigned: {}. Do not start this connector after taking the assignment off by hand.",
            why.trim_end_matches('.')
        ))
    };
    let Some(connector) = connector else {
        return Undoing::Keep(
            "The connector could not be read, so the assignment stays.".to_owned(),
        );
    };
    let Some(assignments) = connector.assignments.value() else {
        return kept(principal, "who is assigned could not be read");
    };
    let Some(assignment) = assignments.iter().find(|one| one.principal_id == principal) else {
        return Undoing::Keep("It is not assigned any more.".to_owned());
    };
    let name = &assignment.display_name;
    match connector.is_running() {
        Some(false) => {}
        Some(true) => return kept(name, "the connector runs, and would deactivate them"),
        None => return kept(name, "whether the connector runs could not be read"),
    }
    let off = || Undoing::TakeBack {
        reason: Some(taken_off(name)),
        needs_credentials: false,
    };
    if !guards::has_exported(connector) {
        return off();
    }
    match exposed(connector, seen, principal, kind) {
        Ok(people) if people.is_empty() => off(),
        Ok(people) => kept(
            name,
            &format!(
                "{} would be deactivated at the connector's next start",
                guards::all(people)
            ),
        ),
        Err(why) => kept(name, &why),
    }
}

/// What the outcome says of an assignment that was taken off (`contracts/cli.md`, rule 2).
pub fn taken_off(who: &str) -> String {
    format!("{who} is not assigned any more; do not start this connector.")
}

/// People behind an assignment who were exported, or may have been, and whom no other running connector to the same target covers.
pub(super) fn exposed(
    connector: &Connector,
    seen: &Observation,
    principal: &str,
    kind: PrincipalKind,
) -> Result<Vec<String>, String> {
    let principals = &seen.entra.principals;
    let ids = scope::members(&[(kind, principal)], principals).map_err(|gap| gap.0)?;
    let exported = connector
        .log
        .value()
        .filter(|log| log.since.is_some())
        .map(|log| &log.exported);
    let covered = covered_elsewhere(connector, seen)?;
    let name = |id: &str| {
        principals.users.get(id).map_or_else(
            || id.to_owned(),
            |user| user.user_principal_name.to_string(),
        )
    };
    // The log reaches back some weeks only; who is not in it may still have been exported, unless Databricks does not know the person.
    let users = seen.databricks.directory.users.value();
    let never = |id: &str| {
        let in_log = exported.is_some_and(|exported| exported.contains(id));
        let in_databricks = users.is_none_or(|users| {
            users
                .iter()
                .any(|user| user.external_id.as_deref() == Some(id))
        });
        !in_log && !in_databricks
    };
    Ok(ids
        .into_iter()
        .filter(|id| !covered.contains(*id) && !never(id))
        .map(name)
        .collect())
}

fn covered_elsewhere(
    connector: &Connector,
    seen: &Observation,
) -> Result<std::collections::BTreeSet<Box<str>>, String> {
    let address = |connector: &Connector| {
        connector
            .secrets
            .value()
            .and_then(|secrets| Target::of(secrets.base_address.as_deref()?))
    };
    let target = address(connector);
    let account = |other: &Connector| {
        matches!(address(other), Some(Target::Account(_))) && federated(seen, target.as_ref())
    };
    let others = seen.entra.connectors.value().into_iter().flatten();
    let mut covered = std::collections::BTreeSet::new();
    for other in others.filter(|other| {
        other.service_principal_id != connector.service_principal_id
            && other.is_running() == Some(true)
    }) {
        if target.is_some() && (address(other) == target || account(other)) {
            covered.extend(
                scope::of(other, &seen.entra.principals)
                    .map_err(|gap| gap.0)?
                    .people
                    .into_keys(),
            );
        }
    }
    Ok(covered)
}

/// Whether a target is a workspace known to be identity-federated: the account connector counts for it as well.
fn federated(seen: &Observation, target: Option<&Target>) -> bool {
    seen.databricks.workspaces.iter().any(|workspace| {
        let address = Target::of(&format!(
            "{}/api/2.0/preview/scim",
            workspace.url.trim_end_matches('/')
        ));
        address.is_some()
            && address.as_ref() == target
            && workspace.federated.value() == Some(&true)
    })
}

fn pause(connector: Option<&Connector>) -> Undoing {
    match connector.and_then(Connector::job).map(|job| &job.state) {
        Some(ScheduleState::Other(state)) => Undoing::Manual(format!(
            "Entra calls the state of its schedule \u{201c}{state}\u{201d}, which this version does not know. Look at the app's **Provisioning** page in Entra, and pause it there."
        )),
        Some(ScheduleState::Disabled | ScheduleState::Paused) => {
            Undoing::Keep("Provisioning is off already.".to_owned())
        }
        _ => Undoing::TakeBack {
            reason: Some("People who were provisioned stay in Databricks.".to_owned()),
            needs_credentials: false,
        },
    }
}

/// Rule 3: before a retired connector starts again, everyone it brought is in its scope, and its credentials work. `carried`: whom
/// it carried when it was paused, where that was written down.
pub(super) fn start_again(
    connector: Option<&Connector>,
    seen: &Observation,
    carried: Option<&[Box<str>]>,
) -> Undoing {
    let Some(connector) = connector else {
        return Undoing::Manual("The connector could not be read. Start it in Entra once everyone it brought is assigned to it.".to_owned());
    };
    let active = |job: &Job| job.state == ScheduleState::Active;
    let jobs = connector.jobs.value();
    match connector.is_running() {
        // A cycle that is still in flight after a pause ends by itself; the schedule is off all the same.
        Some(true) if jobs.is_some_and(|jobs| jobs.iter().any(active)) => {
            return Undoing::Keep("Provisioning is on already.".to_owned());
        }
        Some(_) => {}
        None => return Undoing::Manual("Whether it runs could not be read. Look at the app's **Provisioning** page in Entra, and start it there once everyone it brought is assigned to it.".to_owned()),
    }
    if connector
        .saved_credentials
        .value()
        .is_some_and(|check| !check.accepted)
    {
        return Undoing::Manual("Entra does not accept the saved credentials any more. Renew the token in Entra, then start provisioning.".to_owned());
    }
    match scope::of(connector, &seen.entra.principals) {
        Err(gap) => Undoing::Manual(format!(
            "{} Start it in Entra once it is certain that everyone it brought is assigned to it.",
            gap.0
        )),
        Ok(now) => match leaving(connector, &now, seen, carried) {
            Leaving::Nobody => Undoing::TakeBack { reason: None, needs_credentials: true },
            Leaving::Named(people) => Undoing::Manual(format!("Starting it would deactivate people it brought who are not in its scope now: {}. Assign them again, then start it.", guards::all(people))),
            Leaving::Untold => Undoing::Manual("Whom it brought cannot be seen, and fewer people are in its scope now than it counts. Compare them, then start it in Entra.".to_owned()),
        },
    }
}

/// What the world will look like once a change is taken back, as far as later decisions look at it.
fn imagine(done: &DoneChange, world: &mut Observation) {
    let Some(id) =
        connector_of(done, world).map(|connector| connector.service_principal_id.clone())
    else {
        return;
    };
    let crate::observation::Seen::Known {
        value: connectors, ..
    } = &mut world.entra.connectors
    else {
        return;
    };
    let Some(connector) = connectors
        .iter_mut()
        .find(|connector| connector.service_principal_id == id)
    else {
        return;
    };
    match &done.change.intent {
        Intent::Start { .. } => set_state(connector, &ScheduleState::Paused),
        Intent::Pause { .. } => set_state(connector, &ScheduleState::Active),
        Intent::Unassign {
            principal_id,
            principal_kind,
            app_role_id,
            ..
        } => {
            if let crate::observation::Seen::Known { value, .. } = &mut connector.assignments {
                value.push(Assignment {
                    id: String::new(),
                    principal_id: principal_id.clone(),
                    kind: *principal_kind,
                    display_name: done.change.target.clone(),
                    app_role_id: app_role_id.clone(),
                    created: None,
                });
            }
        }
        Intent::Assign { principal_id, .. } => {
            if let crate::observation::Seen::Known { value, .. } = &mut connector.assignments {
                value.retain(|one| one.principal_id != *principal_id);
            }
        }
        _ => {}
    }
}

fn set_state(connector: &mut Connector, state: &ScheduleState) {
    if let crate::observation::Seen::Known { value, .. } = &mut connector.jobs {
        for job in value {
            job.state = state.clone();
            job.in_flight = false;
        }
    }
}
