//! The sync: whether it runs, how its cycles go, and whether people and groups arrived.

mod arrival;
mod by_hand;
mod outside;

use jiff::SignedDuration;

pub(super) use arrival::Arrival;
pub(crate) use arrival::waiting;

use super::verdict::{Verdict, counted, few, subject};
use super::{Check, Context, journeys};
use crate::finding::{How, Status, Subject, Weight};
use crate::health::time_left;
use crate::observation::connector::{ExecutionState, JobCode, Quarantine};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "job-healthy",
        title: "The synchronization job is healthy",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Microsoft Entra: quarantine status",
        judge: job_healthy,
    },
    Check {
        id: "cycle-recent",
        title: "A cycle was completed lately",
        weight: Weight::Risks,
        journeys: journeys::ALL,
        source: "Microsoft Graph: status of the synchronization job",
        judge: cycle_recent,
    },
    Check {
        id: "cycle-errors",
        title: "Cycles run without errors",
        weight: Weight::Risks,
        journeys: journeys::ALL,
        source: "Microsoft Entra: provisioning logs",
        judge: cycle_errors,
    },
    Check {
        id: "deletions-held",
        title: "No deletions are held",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Microsoft Entra: accidental deletions",
        judge: deletions_held,
    },
    Check {
        id: "users-arrived",
        title: "Assigned users are active in Databricks",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Databricks: SCIM API, Users",
        judge: arrival::users_arrived,
    },
    Check {
        id: "groups-arrived",
        title: "Assigned groups are in Databricks, with their people",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Databricks: SCIM API, Groups",
        judge: arrival::groups_arrived,
    },
    Check {
        id: "inactive-users",
        title: "No assigned user is inactive in Databricks",
        weight: Weight::Risks,
        journeys: journeys::ALL,
        source: "Databricks: reactivating users",
        judge: arrival::inactive_users,
    },
    Check {
        id: "removed-by-hand",
        title: "Nobody assigned was removed from Databricks by hand",
        weight: Weight::Risks,
        journeys: journeys::ALL,
        source: "Databricks: provisioning tips",
        judge: arrival::removed_by_hand,
    },
    Check {
        id: "outside-scim",
        title: "Every Databricks user comes from Entra",
        weight: Weight::Advises,
        journeys: journeys::ACCOUNT,
        source: "Databricks: users provisioned outside of SCIM",
        judge: outside::outside_scim,
    },
    Check {
        id: "case-clash",
        title: "No user name differs in case alone",
        weight: Weight::Risks,
        journeys: journeys::ALL,
        source: "Databricks: user names in a different case",
        judge: arrival::case_clash,
    },
];

const LOGS: &str =
    "In Entra open **Enterprise apps**, the app, **Provisioning**, then **Provisioning logs**.";

fn job_healthy(context: &Context<'_>) -> Verdict {
    let (job, seen) = match context.job() {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    match (&job.code, &job.quarantine) {
        (JobCode::Quarantine, quarantine) => quarantined(context, quarantine.as_ref()),
        (_, Some(quarantine)) => quarantined(context, Some(quarantine)),
        (JobCode::NotConfigured, None) => Verdict::fail(
            How::Entra,
            &["In Entra open **Enterprise apps**, the app, **Provisioning**, and enter SCIM URL and token under **Connectivity** (formerly **Admin credentials**)."],
        )
        .shows("Job", "not configured"),
        // Entra's words for a job that is about to run, or runs (facts/entra §9).
        (JobCode::Other(text), None) if !["InProgress", "NotStarted"].contains(&text.as_str()) => Verdict::unknown(format!(
            "Entra calls the state of the job \u{201c}{text}\u{201d}, which this version does not know. What would tell: the app's \
             page Provisioning in Entra."
        )),
        _ => Verdict::pass(How::Entra).shows("Job", "not in quarantine"),
    }
    .seen(seen)
}

fn quarantined(context: &Context<'_>, quarantine: Option<&Quarantine>) -> Verdict {
    let credentials = [
        "Put the connection right: test it from this machine and from Entra, renew the token if it was refused.",
        "Save URL and token in Entra, and see **Test connection** pass.",
        "Then restart provisioning: **Provisioning**, **Restart provisioning** (most likely **Clear current state and restart synchronization** of older texts).",
    ];
    let deletions = [
        "Decide about the deletions that are held first: see **No deletions are held**.",
        "Do not restart provisioning before that.",
    ];
    let others = [
        LOGS,
        "Find what failed most often and put it right.",
        "Then restart provisioning: **Provisioning**, **Restart provisioning**.",
    ];
    let Some(quarantine) = quarantine else {
        return Verdict::fail(How::Entra, &others).shows("Job", "in quarantine");
    };
    let (presses, why) = if quarantine.holds_deletions() {
        (
            &deletions[..],
            "more deletions than allowed were to be made",
        )
    } else if quarantine.is_about_credentials() {
        (
            &credentials[..],
            "Entra could not sign in to Databricks, or not reach it",
        )
    } else {
        (&others[..], "too many entries failed")
    };
    let mut verdict = Verdict::fail(How::Entra, presses)
        .shows("Reason", format!("{} ({why})", quarantine.reason));
    let said = [
        quarantine.error_code.as_deref(),
        quarantine.error_message.as_deref(),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(": ");
    if !said.is_empty() {
        verdict = verdict.shows("Entra says", said);
    }
    if let Some(since) = quarantine.since {
        let (_, left) = time_left(since, context.now);
        verdict = verdict.shows("Since", since.to_string()).shows(
            "Entra switches the job off in",
            counted(usize::try_from(left).unwrap_or(0), "day", "days"),
        );
    }
    if let Some(next) = quarantine.next_attempt {
        verdict = verdict.shows("Entra tries again", next.to_string());
    }
    verdict
}

/// The interval taken where Entra names none (facts/entra §5.2).
const USUAL_INTERVAL: u64 = 40 * 60;

fn cycle_recent(context: &Context<'_>) -> Verdict {
    let (job, seen) = match context.job() {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let interval = job.interval_seconds.unwrap_or(USUAL_INTERVAL).max(1);
    let patience =
        SignedDuration::from_secs(i64::try_from(interval.saturating_mul(3)).unwrap_or(i64::MAX));
    let ended = job.last_success.as_ref().and_then(|cycle| cycle.ended);
    let failed = job
        .last
        .as_ref()
        .filter(|cycle| cycle.state == ExecutionState::Failed);
    let verdict = match (ended, failed) {
        (Some(ended), None) if context.now.duration_since(ended) <= patience => Verdict::pass(How::Entra).shows("Last completed cycle", ended.to_string()),
        (_, Some(cycle)) => {
            let why = cycle.error_message.clone().or_else(|| cycle.error_code.clone()).unwrap_or_else(|| "Entra names no cause".to_owned());
            Verdict::fail(How::Entra, &[LOGS, "Put right what failed; the next cycle comes by itself."]).shows("Last cycle", format!("failed: {why}"))
        }
        (Some(ended), None) => Verdict::warn(
            How::Entra,
            &["Look whether provisioning is on and not in quarantine.", "If it is, wait for the next cycle, which is due every 20 to 40 minutes."],
        )
        .shows("Last completed cycle", ended.to_string()),
        (None, None) => Verdict::warn(
            How::Entra,
            &["If provisioning is on, wait: the first cycle takes from 20 minutes to several hours.", "If it is off, start it on the page **Start**."],
        )
        .shows("Last completed cycle", if job.in_flight { "none yet; the first one runs" } else { "none yet" }),
    };
    verdict.seen(seen)
}

/// What to do about a cause of the provisioning log (facts/entra §1.12).
pub(crate) fn remedy(code: &str) -> &'static str {
    let has = |part: &str| {
        code.to_ascii_lowercase()
            .contains(&part.to_ascii_lowercase())
    };
    if has("Conflict") || has("Duplicate") {
        "the person or group exists in Databricks under another identity: compare names and case, and rename or link one of them"
    } else if has("TooManyRequests") {
        "Databricks asked to slow down: stop other tools that use the same account; Entra tries again"
    } else if has("InsufficientRights") || has("Unauthorized") || has("InvalidCredentials") {
        "the token was refused: renew it and save it in Entra"
    } else if has("MandatoryFieldsMissing") || has("SchemaAttribute") || has("Unprocessable") {
        "an attribute is missing or not accepted: fill it in, or correct the mapping"
    } else if has("InvalidAnchor") || has("MultipleEntries") {
        "Entra's link to the Databricks object is stale: restart provisioning once the object is right"
    } else if has("LicenseLimit") {
        "a limit of the account is reached"
    } else {
        "look at the entry in the provisioning log; Entra tries again by itself"
    }
}

fn cycle_errors(context: &Context<'_>) -> Verdict {
    let (job, seen) = match context.job() {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let escrowed = job.last.as_ref().map_or(0, |cycle| cycle.escrowed);
    let log = match context.fact(|connector| &connector.log) {
        Ok((log, _)) => Some(log),
        Err(verdict) if escrowed == 0 => return verdict,
        Err(_) => None,
    };
    let failures = log.map_or(&[][..], |log| &log.failures);
    let subjects: Vec<Subject> = failures
        .iter()
        .map(|failure| {
            let names = if failure.objects.is_empty() {
                String::new()
            } else {
                let names = failure.objects.iter().map(|object| object.name.to_string());
                format!(" ({})", few(names))
            };
            let objects = counted(failure.objects.len(), "object", "objects");
            subject(
                failure.code.clone(),
                Status::Warn,
                format!(
                    "{objects}{names}: {}. Entra says: {}",
                    remedy(&failure.code),
                    failure.reason
                ),
            )
        })
        .collect();
    let presses = [
        LOGS,
        "Put right what is named here, cause by cause.",
        "Wait for the next cycle: Entra tries failed entries again by itself.",
    ];
    let verdict = if escrowed > 0 && subjects.is_empty() {
        Verdict::warn(How::Entra, &presses)
    } else {
        Verdict::worst(How::Entra, subjects, &presses)
    };
    verdict
        .seen(seen)
        .shows("Entries that wait for another try", escrowed.to_string())
}

fn deletions_held(context: &Context<'_>) -> Verdict {
    let (job, seen) = match context.job() {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let held = job
        .quarantine
        .as_ref()
        .is_some_and(Quarantine::holds_deletions);
    let staged = context
        .connector()
        .ok()
        .and_then(|connector| connector.log.value())
        .map_or(0, |log| log.staged_deletes);
    // Deletions are held in quarantine alone; the log goes on telling of those that were decided about (facts/entra §5.4).
    let quarantined = job.code == JobCode::Quarantine || job.quarantine.is_some();
    if !(held || quarantined && staged > 0) {
        return Verdict::pass(How::Entra)
            .seen(seen)
            .shows("Held deletions", "none");
    }
    Verdict::fail(
        How::Entra,
        &[
            LOGS,
            "Look who would be deactivated or deleted (**Staged delete**), and find out why they left the scope.",
            "If it was a mistake: assign them again, then restart provisioning.",
            "If it is meant: allow the deletions in the portal. Usher never does that.",
        ],
    )
    .seen(seen)
    .shows("Held deletions", if staged > 0 { staged.to_string() } else { "yes; their number is in the provisioning log".to_owned() })
}
