//! The plan of exactly one finding: what Usher would change so that this check turns good, and nothing else.

use jiff::Timestamp;

use super::{Draft, Planner, Target, finished};
use crate::model::Setup;
use crate::model::setup::{Journey, Provisioning, Scope};
use crate::observation::Observation;
use crate::plan::{Change, Intent, Plan, PlanOptions, guards, migrate};

/// Deletions in a cycle above which they are held, where the set-up names no number.
const USUAL_THRESHOLD: u32 = 500;

/// The plan that puts one check right, guarded as the whole plan is; `None` where Usher changes nothing for that check.
///
/// `token-age` stands for a new token: it is saved in Entra even where the stored one is still accepted, because Entra shows
/// nobody which token it holds.
pub fn plan(
    check: &str,
    setup: &Setup,
    seen: &Observation,
    options: PlanOptions,
    now: Timestamp,
) -> Option<Plan> {
    let setup = wanting(check, setup, seen)?;
    let planner = Planner {
        setup: &setup,
        seen,
        options,
    };
    Some(match drafted(check, &planner) {
        Ok((target, mut draft)) => {
            planner.narrowing(&target, &mut draft);
            finished(draft, &planner, now)
        }
        Err(plan) => plan,
    })
}

/// Whether there is a change to offer for a check, as far as can be told without asking the guards.
pub fn is_offered(check: &str, setup: &Setup, seen: &Observation, options: PlanOptions) -> bool {
    wanting(check, setup, seen).is_some_and(|setup| {
        let planner = Planner {
            setup: &setup,
            seen,
            options,
        };
        drafted(check, &planner)
            .is_ok_and(|(_, draft)| !draft.changes.is_empty() && draft.refusals.is_empty())
    })
}

/// The set-up that wants what this one check asks for.
fn wanting(check: &str, setup: &Setup, seen: &Observation) -> Option<Setup> {
    seen.connector(setup)?;
    let mut setup = setup.clone();
    let asked = std::mem::take(&mut setup.want);
    let want = &mut setup.want;
    match check {
        "endpoint-matches"
        | "secret-saved"
        | "connection-from-entra"
        | "token-age"
        | "provisioning-automatic"
        | "app-unique" => {}
        "scope-assigned" => want.scope = Some(Scope::Assigned),
        "notification-email" => want.notification_email = Some(asked.notification_email?),
        "delete-threshold" => {
            want.delete_threshold = Some(asked.delete_threshold.unwrap_or(USUAL_THRESHOLD));
        }
        "assignment-required" => {
            want.assignment_required = Some(setup.journey == Journey::Workspace);
        }
        "mapping-username" | "mapping-external-id" | "mapping-groups" => {
            want.repair_mappings = true;
        }
        "provisioning-on" | "job-healthy" => want.provisioning = Some(Provisioning::On),
        _ => return None,
    }
    Some(setup)
}

fn drafted<'a>(check: &str, planner: &Planner<'a>) -> Result<(Target<'a>, Draft), Plan> {
    let target = planner.target().map_err(Plan::refused)?;
    let mut draft = Draft::default();
    let url = planner.setup.databricks.scim_url.as_deref();
    let Some((url, connector)) = url.zip(target.connector) else {
        return Ok((target, draft));
    };
    let url = url.trim().trim_end_matches('/');
    draft
        .refusals
        .extend(guards::other_target(planner.setup, connector));
    match check {
        "token-age" => planner.save_token(&target, url, &mut draft),
        "endpoint-matches" | "secret-saved" => planner.credentials(&target, url, &mut draft),
        // Where Entra cannot reach Databricks, neither another token nor a restart helps.
        "connection-from-entra" | "provisioning-on" | "job-healthy"
            if is_out_of_reach(connector) => {}
        "connection-from-entra" => planner.credentials(&target, url, &mut draft),
        "scope-assigned" | "notification-email" | "delete-threshold" => {
            planner.settings(&target, url, &mut draft);
        }
        // The other one is paused: what it brought stays, and the set-up's own goes on alone.
        "app-unique" => {
            let rivals = guards::rivals(planner.setup, planner.seen);
            let running = rivals
                .into_iter()
                .filter(|one| one.is_running() == Some(true));
            draft
                .changes
                .extend(running.map(|one| migrate::pause(one, false)));
        }
        "assignment-required" => planner.assignment_required(&target, &mut draft),
        "provisioning-automatic" => {
            planner.credentials(&target, url, &mut draft);
            planner.create_job(&target, &mut draft);
        }
        "provisioning-on" | "job-healthy" if target.found_job().is_some() => {
            planner.credentials(&target, url, &mut draft);
            planner.run(&target, &mut draft);
        }
        "mapping-username" | "mapping-external-id" | "mapping-groups" => {
            planner.mappings(&target, &mut draft);
            draft.changes.retain(|change| repairs(check, change));
        }
        _ => {}
    }
    Ok((target, draft))
}

/// Whether Entra could not reach Databricks at all (facts/entra §5.1).
fn is_out_of_reach(connector: &crate::observation::Connector) -> bool {
    let check = connector.saved_credentials.value();
    let code = check.and_then(|check| check.code.as_deref());
    code.is_some_and(|code| code.contains("Unavailable"))
}

/// Whether a repair of a mapping belongs to a check.
fn repairs(check: &str, change: &Change) -> bool {
    let Intent::RepairMapping {
        object,
        target_attribute,
        ..
    } = &change.intent
    else {
        return false;
    };
    match check {
        "mapping-groups" => object == "Group",
        "mapping-external-id" => target_attribute.as_deref() == Some("externalId"),
        _ => object == "User" && target_attribute.as_deref() != Some("externalId"),
    }
}
