//! Whether the account connector has taken over, so that old connectors may be paused: by what was seen, not by what was asked
//! for (checks `coverage` and `account-sync-proven`).

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{old_connectors, untold};
use crate::checks::{retiring, waiting, workspace_of};
use crate::coverage::{Coverage, CoverageRow, Fate};
use crate::model::Setup;
use crate::observation::databricks::WorkspaceFacts;
use crate::observation::{Connector, Observation};
use crate::plan::Refusal;
use crate::plan::guards::{all, refusal};
use crate::scope::{self, LeftOut};

/// Whether old connectors may be paused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ready {
    /// Everyone the old connectors carry is covered, and reads back active in the account.
    Yes,
    /// A cycle of the account connector has to complete first; why, in words.
    NotYet(String),
    /// Something stands against it, and waiting does not help.
    No(Refusal),
}

/// Whether the account connector has taken over everyone whom the connectors to retire carry.
pub fn ready(setup: &Setup, seen: &Observation) -> Ready {
    judge(setup, seen).unwrap_or_else(Ready::No)
}

/// The connectors a move is about: the account connector, where there is one, and those to retire.
pub fn involved<'a>(setup: &Setup, seen: &'a Observation) -> Vec<&'a Connector> {
    let old = retiring(setup, seen).unwrap_or_default();
    seen.connector(setup).into_iter().chain(old).collect()
}

/// The workspace that a connector provisions to, among those that were seen.
pub fn workspace<'a>(seen: &'a Observation, connector: &Connector) -> Option<&'a WorkspaceFacts> {
    workspace_of(seen, connector)
}

/// Whom the connectors to retire carry, by service principal and Entra object id, those with disabled accounts included: what a
/// rollback compares with. Nothing for a connector whose scope cannot be told, or that carries the whole tenant.
pub fn carried(setup: &Setup, seen: &Observation) -> BTreeMap<String, Vec<Box<str>>> {
    let of = |connector: &Connector| {
        let scope = scope::of(connector, &seen.entra.principals).ok()?;
        let disabled = scope.left_out.into_iter();
        let disabled = disabled.filter(|(_, why)| *why == LeftOut::Disabled);
        let people = scope.people.into_keys().chain(disabled.map(|(id, _)| id));
        let id = connector.service_principal_id.clone();
        (!scope.everyone).then(|| (id, people.collect()))
    };
    let old = retiring(setup, seen).unwrap_or_default();
    old.into_iter().filter_map(of).collect()
}

const AGAIN: &str = "Make the plan again, and go on with the move.";

const LOOK: &str = "Look again with a sign-in that reads the account connector and its people.";

fn unproven(title: impl Into<String>, press: &str) -> Refusal {
    refusal("account-sync-proven", title, &[press, AGAIN])
}

fn judge(setup: &Setup, seen: &Observation) -> Result<Ready, Refusal> {
    let own = seen
        .connector(setup)
        .ok_or_else(|| unproven("The account connector was not found", LOOK))?;
    let name = &own.display_name;
    match own.is_running() {
        Some(true) => {}
        Some(false) => {
            let title = format!("{name} does not run, so no old connector can be paused");
            return Err(unproven(title, "Start the account connector."));
        }
        None => {
            let title = format!("Whether {name} runs could not be read");
            return Err(unproven(title, LOOK));
        }
    }
    let job = own
        .job()
        .ok_or_else(|| unproven(format!("{name} has no synchronization job"), LOOK))?;
    if let Some(quarantine) = &job.quarantine {
        let title = format!("{name} is in quarantine ({})", quarantine.reason);
        return Err(unproven(title, "Put right what the quarantine names."));
    }
    old_connectors(setup, seen).map_err(|mut refusals| refusals.remove(0))?;
    let again = ["Look again, and make the plan again."];
    let coverage = Coverage::now(setup, seen).map_err(|gap| untold(&gap, &again))?;
    let lost = coverage.with(Fate::LosesAccess);
    let lost: Vec<String> = lost.map(|row| row.name.to_string()).collect();
    if !lost.is_empty() {
        let title = format!("The account connector does not cover {}", all(lost));
        return Err(refusal("coverage", title, &again));
    }
    let assignments = own.assignments.value().map_or(&[][..], Vec::as_slice);
    let newest = assignments.iter().filter_map(|one| one.created).max();
    if let Some(why) = waiting(job, newest) {
        return Ok(Ready::NotYet(why.to_owned()));
    }
    everyone_active(setup, seen, &coverage)
}

/// Whether those carried by an old connector read back active in the account, save whom a person accepted by name.
fn everyone_active(
    setup: &Setup,
    seen: &Observation,
    coverage: &Coverage,
) -> Result<Ready, Refusal> {
    let directory = &seen.databricks.directory.users;
    let Some(users) = directory.value() else {
        let why = directory.gap().unwrap_or_default();
        let title = format!("Whether everyone is active in the account could not be read. {why}");
        return Err(unproven(title, "Look again with the account's SCIM token."));
    };
    let active: HashSet<String> = users
        .iter()
        .filter(|user| user.active)
        .map(|user| user.user_name.to_lowercase())
        .collect();
    let accepted = accepted(setup);
    let covered = coverage.with(Fate::Covered);
    let names: BTreeSet<&str> = covered.flat_map(CoverageRow::sent).collect();
    let absent: Vec<String> = names
        .into_iter()
        .filter(|name| {
            let name = name.to_lowercase();
            !active.contains(&name) && !accepted.contains(&name)
        })
        .map(str::to_owned)
        .collect();
    if absent.is_empty() {
        return Ok(Ready::Yes);
    }
    let title = format!(
        "{} of the people to be covered are not active in the account: {}",
        absent.len(),
        all(absent)
    );
    let presses = [
        "Look at the people named here in the provisioning log, and put right what stopped them.",
        "Or accept them by name: **Confirm by hand**, with their user names in the note (in the set-up file: **attested.account-sync-proven**).",
        AGAIN,
    ];
    Err(refusal("account-sync-proven", title, &presses))
}

/// Who may be missing from the account: the user names in the note of the attestation.
pub(crate) fn accepted(setup: &Setup) -> BTreeSet<String> {
    let attested = setup.attested.get("account-sync-proven");
    let note = attested.and_then(|attested| attested.note.as_deref());
    note.unwrap_or_default()
        .split([' ', ',', ';', '\n'])
        .filter(|name| !name.is_empty())
        .map(str::to_lowercase)
        .collect()
}
