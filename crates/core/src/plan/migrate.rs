//! The plan of a move: the account connector covers everyone, proves it, and only then the old connectors are paused.
//!
//! Nothing is unassigned here. Taking assignments off paused connectors is a later plan of its own (`want.unassignRetired`).

mod belt;
mod proof;
mod tokens;
mod unseen;
mod watch;

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::guards::{all, refusal};
use super::undo::exposed;
use super::{
    ByHand, Change, ChangeKind, Intent, Plan, PlanOptions, Reference, Refusal, Undo, account,
};
use crate::checks::{few, retiring, workspace_of};
use crate::connection::fault::numbered;
use crate::coverage::{Coverage, Fate, Via};
use crate::model::Setup;
use crate::model::setup::{PrincipalKind, Provisioning, WantedAssignment};
use crate::observation::connector::Assignment;
use crate::observation::{Connector, Observation};
use crate::scope::Undecided;
use crate::target::Target;

pub(crate) use proof::accepted;
pub use proof::{Ready, carried, involved, ready, workspace};
pub(crate) use tokens::{Lasts, SOON, lasts};
pub use watch::{Watched, watch};

/// The changes of a move, in order, or why there are none.
pub fn plan(setup: &Setup, seen: &Observation, options: PlanOptions, now: Timestamp) -> Plan {
    let old = match old_connectors(setup, seen) {
        Ok(old) => old,
        Err(refusals) => return Plan::refused(refusals),
    };
    if setup.want.unassign_retired
        && let Some(refused) = still_running(&old)
    {
        return Plan::refused(vec![refused]);
    }
    let mut widened = setup.clone();
    match gaps(setup, seen) {
        Ok(assignments) => widened.want.assign.extend(assignments),
        Err(refused) => return Plan::refused(vec![refused]),
    }
    let mut plan = account::plan(&widened, seen, options, now);
    if !plan.refusals.is_empty() {
        return plan;
    }
    let running: Vec<&Connector> = old
        .iter()
        .copied()
        .filter(|connector| connector.is_running() == Some(true))
        .collect();
    if !running.is_empty() && !will_run(setup, seen) {
        return Plan::refused(vec![refusal(
            "account-sync-proven",
            "The account connector does not run and is not to run, so no old connector can be paused",
            &[
                "Let the plan start the account connector (in the set-up file: **want.provisioning** is **on**), and make it again.",
            ],
        )]);
    }
    if !running.is_empty()
        && let Some(why) = seen.databricks.directory.users.gap()
    {
        return Plan::refused(vec![refusal(
            "account-sync-proven",
            format!("Whether everyone is active in the account cannot be read. {why}"),
            &["Enter the account's SCIM token, and make the plan again."],
        )]);
    }
    let paused = !running.is_empty();
    if paused {
        unseen::say(setup, seen, &running, &mut plan);
        tokens::say(seen, &running, now, &mut plan);
    }
    plan.changes
        .extend(running.into_iter().map(|connector| pause(connector, true)));
    let own = seen.connector(setup);
    belt::fasten(setup, own, paused, options, &mut plan);
    if setup.want.unassign_retired && plan.changes.is_empty() {
        unassign(&old, seen, &mut plan);
    }
    plan
}

/// The connectors to retire, each of a federated workspace and with a state that is known.
fn old_connectors<'a>(
    setup: &Setup,
    seen: &'a Observation,
) -> Result<Vec<&'a Connector>, Vec<Refusal>> {
    let look = ["Sign in with what reads the connectors and the workspaces, and look again."];
    let old =
        retiring(setup, seen).map_err(|gap| vec![refusal("connectors-found", gap.0, &look)])?;
    let mut refusals = Vec::new();
    for id in setup.want.retire.iter().flatten() {
        if !old
            .iter()
            .any(|connector| connector.service_principal_id.eq_ignore_ascii_case(id))
        {
            let title = format!("The connector {id} that is to be retired was not found");
            refusals.push(refusal("connectors-found", title, &look));
        }
    }
    refusals.extend(undecided(setup, seen));
    for connector in &old {
        let name = &connector.display_name;
        if connector.is_running().is_none() {
            let title = format!("Whether {name} runs could not be read");
            refusals.push(refusal("connectors-off", title, &look));
        }
        refusals.extend(several_jobs(connector));
        let federated = workspace_of(seen, connector)
            .and_then(|workspace| workspace.federated.value().copied());
        if federated != Some(true) {
            let why = match federated {
                Some(_) => "is not identity-federated, so the account connector does not take over",
                None => "is not known to be identity-federated",
            };
            let presses = [
                "Leave this connector running, and take it out of those to retire (in the set-up file: **want.retire**).",
                "Or enable identity federation for the workspace first.",
            ];
            refusals.push(refusal(
                "identity-federation",
                format!("The workspace of {name} {why}"),
                &presses,
            ));
        }
    }
    if refusals.is_empty() {
        Ok(old)
    } else {
        Err(refusals)
    }
}

/// A pause stops one job; of a connector with several that run, the others would go on.
fn several_jobs(connector: &Connector) -> Option<Refusal> {
    let jobs = connector.jobs.value().into_iter().flatten();
    let running = jobs.filter(|job| job.is_running() == Some(true)).count();
    (running > 1).then(|| {
        refusal(
            "connectors-off",
            format!(
                "{} has {running} provisioning jobs that run, and Usher pauses one",
                connector.display_name
            ),
            &[
                "Look at its jobs with Microsoft Graph, and pause all but one.",
                "Make the plan again.",
            ],
        )
    })
}

/// Where the set-up names no connectors, those of workspaces that are not known to be identity-federated: whether they are to
/// be retired cannot be told, so nothing is. One that stands still is left as it is.
fn undecided(setup: &Setup, seen: &Observation) -> Option<Refusal> {
    if setup.want.retire.is_some() {
        return None;
    }
    let own = seen
        .connector(setup)
        .map(|own| own.service_principal_id.as_str());
    let connectors = seen.entra.connectors.value().into_iter().flatten();
    let names: Vec<String> = connectors
        .filter(|one| Some(one.service_principal_id.as_str()) != own)
        .filter(|one| one.is_running() != Some(false) && is_of_a_workspace(one))
        .filter(|one| {
            workspace_of(seen, one).is_none_or(|workspace| !workspace.federated.is_known())
        })
        .map(|one| one.display_name.clone())
        .collect();
    (!names.is_empty()).then(|| {
        refusal(
            "identity-federation",
            format!(
                "Whether these connectors are to be retired cannot be told, because their workspaces are not known to be \
                 identity-federated: {}",
                all(names)
            ),
            &[
                "On the page **Connectors** sign in to Databricks as an account admin, or say for each workspace whether it is federated (in the set-up file: **federated** in **databricks.workspaces**).",
                "Or name the connectors to retire, without these (in the set-up file: **want.retire**).",
                "Make the plan again.",
            ],
        )
    })
}

fn is_of_a_workspace(connector: &Connector) -> bool {
    let address = connector.secrets.value();
    let address = address.and_then(|secrets| secrets.base_address.as_deref());
    matches!(address.and_then(Target::of), Some(Target::Workspace(_)))
}

/// Guard `stop-before-unassign`.
fn still_running(old: &[&Connector]) -> Option<Refusal> {
    let running = old
        .iter()
        .filter(|connector| connector.is_running() != Some(false));
    let names: Vec<String> = running
        .map(|connector| connector.display_name.clone())
        .collect();
    (!names.is_empty()).then(|| {
        refusal(
            "stop-before-unassign",
            format!("Taking assignments off a running connector deactivates people. These may still run: {}", few(names)),
            &[
                "Leave the assignments for now (in the set-up file: **want.unassignRetired** is false), and carry the move out: it pauses the old connectors first.",
                "Wait until none of them runs, then ask for it again.",
            ],
        )
    })
}

/// What has to be assigned to the account connector besides what is wanted, so that it covers everyone.
fn gaps(setup: &Setup, seen: &Observation) -> Result<Vec<WantedAssignment>, Refusal> {
    let decide = || -> Result<(Coverage, Vec<WantedAssignment>), Undecided> {
        let coverage = Coverage::planned(setup, seen, &[])?;
        if !setup.want.cover_gaps || coverage.with(Fate::LosesAccess).next().is_none() {
            return Ok((coverage, Vec::new()));
        }
        let added = covering(setup, &coverage);
        // Each may hold 100,000 people.
        drop(coverage);
        Ok((Coverage::planned(setup, seen, &added)?, added))
    };
    let presses = [
        "Assign the people named here, or a group that holds them directly, to the account application.",
        "Make the plan again.",
    ];
    let (coverage, added) = decide().map_err(|gap| untold(&gap, &presses))?;
    let lost: Vec<String> = coverage
        .with(Fate::LosesAccess)
        .map(|row| row.name.to_string())
        .collect();
    if lost.is_empty() {
        return Ok(added);
    }
    Err(refusal(
        "coverage",
        format!(
            "{} of the people whom the old connectors carry would lose access: {}",
            lost.len(),
            all(lost)
        ),
        &presses,
    ))
}

fn untold(gap: &Undecided, presses: &[&str]) -> Refusal {
    let title = "Whether the account connector covers everyone cannot be told.";
    refusal("coverage", format!("{title} {}", gap.0), presses)
}

/// What old connectors assign and that brings somebody who would lose access.
fn covering(setup: &Setup, coverage: &Coverage) -> Vec<WantedAssignment> {
    let known = |id: &str| setup.want.assign.iter().any(|wanted| wanted.id == id);
    let mut added: BTreeMap<&str, WantedAssignment> = BTreeMap::new();
    for row in coverage.with(Fate::LosesAccess) {
        for way in coverage.ways(row).iter().filter(|way| way.connector != 0) {
            let (kind, id, name) = match way.via {
                Via::Directly => (PrincipalKind::User, &row.id, &row.display_name),
                Via::Everyone => continue,
                Via::Group(at) => match coverage.groups.get(at as usize) {
                    Some((id, name)) => (PrincipalKind::Group, id, name),
                    None => continue,
                },
            };
            if !known(id) {
                added.entry(id).or_insert_with(|| WantedAssignment {
                    kind,
                    id: id.to_string(),
                    display_name: Some(name.to_string()),
                });
            }
        }
    }
    added.into_values().collect()
}

/// Whether the account connector runs, or will once the plan is carried out.
fn will_run(setup: &Setup, seen: &Observation) -> bool {
    match setup.want.provisioning {
        Some(Provisioning::On) => true,
        Some(Provisioning::Off) => false,
        None => seen.connector(setup).and_then(Connector::is_running) == Some(true),
    }
}

fn service_principal(connector: &Connector) -> Reference {
    Reference::Existing(connector.service_principal_id.clone())
}

/// The pause of a whole connector. `retires`: everybody it brought comes by another from now on, which a run has to prove.
pub(super) fn pause(connector: &Connector, retires: bool) -> Change {
    let jobs = connector.jobs.value().into_iter().flatten();
    let job = jobs
        .filter(|job| job.is_running() == Some(true))
        .map(|job| job.id.clone())
        .next()
        .unwrap_or_default();
    Change {
        id: format!("pause:{}", connector.service_principal_id),
        kind: ChangeKind::Pause,
        title: format!("Pause {}", connector.display_name),
        target: connector.display_name.clone(),
        before: "on".to_owned(),
        after: "off; its assignments stay".to_owned(),
        intent: Intent::Pause {
            service_principal: service_principal(connector),
            job: Reference::Existing(job),
            retires,
        },
        undo: Undo::Yes,
        guard: retires.then(|| {
            "A cycle of the account connector that began after the newest assignment has been completed, and everyone it covers reads back active in the account."
                .to_owned()
        }),
    }
}

/// Rule 2: only assignments by which nobody can lose anything come off; the others are named.
fn unassign(old: &[&Connector], seen: &Observation, plan: &mut Plan) {
    for connector in old {
        for assignment in connector.assignments.value().into_iter().flatten() {
            let kind = assignment.kind;
            match exposed(connector, seen, &assignment.principal_id, kind) {
                Ok(people) if people.is_empty() => {
                    plan.changes.push(take_off(connector, assignment))
                }
                Ok(people) => plan.by_hand.push(stays(
                    connector,
                    assignment,
                    &format!("{} are not covered elsewhere", few(people)),
                )),
                Err(why) => plan.by_hand.push(stays(connector, assignment, &why)),
            }
        }
    }
}

fn take_off(connector: &Connector, assignment: &Assignment) -> Change {
    Change {
        id: format!("unassign:{}:{}", connector.service_principal_id, assignment.principal_id),
        kind: ChangeKind::Unassign,
        title: format!("Take {} off {}", assignment.display_name, connector.display_name),
        target: assignment.display_name.clone(),
        before: format!("assigned to {}", connector.display_name),
        after: "not assigned; do not start this connector".to_owned(),
        intent: Intent::Unassign {
            service_principal: service_principal(connector),
            assignment_id: assignment.id.clone(),
            principal_id: assignment.principal_id.clone(),
            principal_kind: assignment.kind,
            app_role_id: assignment.app_role_id.clone(),
        },
        undo: Undo::Yes,
        guard: Some("The connector does not run, and everyone behind the assignment is covered by the account connector.".to_owned()),
    }
}

fn stays(connector: &Connector, assignment: &Assignment, why: &str) -> ByHand {
    let presses = [
        format!("Leave the assignment. {why}."),
        format!("Do not start {}.", connector.display_name),
    ];
    let presses = presses.each_ref().map(String::as_str);
    by_hand_step(
        "coverage",
        format!(
            "{} stays assigned to {}",
            assignment.display_name, connector.display_name
        ),
        &presses,
    )
}

fn by_hand_step(check: &str, title: String, presses: &[&str]) -> ByHand {
    let presses: Vec<String> = presses.iter().map(|press| (*press).to_owned()).collect();
    ByHand {
        check: check.to_owned(),
        title,
        fix: numbered(&presses),
    }
}
