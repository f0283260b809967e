//! The sync: whether it runs, how its cycles go, and whether people and groups arrived.

use std::collections::{BTreeMap, HashMap};

use jiff::SignedDuration;

use super::verdict::{Verdict, counted, few, subject};
use super::{Check, Context, journeys};
use crate::finding::{How, Status, Subject, Weight};
use crate::model::setup::PrincipalKind;
use crate::observation::Seen;
use crate::observation::connector::{ExecutionState, Job, JobCode, Quarantine};
use crate::observation::databricks::{DatabricksGroup, DatabricksUser};
use crate::scope::{self, Scope};

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
        judge: users_arrived,
    },
    Check {
        id: "groups-arrived",
        title: "Assigned groups are in Databricks, with their people",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Databricks: SCIM API, Groups",
        judge: groups_arrived,
    },
    Check {
        id: "inactive-users",
        title: "No assigned user is inactive in Databricks",
        weight: Weight::Risks,
        journeys: journeys::ALL,
        source: "Databricks: reactivating users",
        judge: inactive_users,
    },
    Check {
        id: "removed-by-hand",
        title: "Nobody assigned was removed from Databricks by hand",
        weight: Weight::Risks,
        journeys: journeys::ALL,
        source: "Databricks: provisioning tips",
        judge: removed_by_hand,
    },
    Check {
        id: "outside-scim",
        title: "Every Databricks user comes from Entra",
        weight: Weight::Advises,
        journeys: journeys::ACCOUNT,
        source: "Databricks: users provisioned outside of SCIM",
        judge: outside_scim,
    },
    Check {
        id: "case-clash",
        title: "No user name differs in case alone",
        weight: Weight::Risks,
        journeys: journeys::ALL,
        source: "Databricks: user names in a different case",
        judge: case_clash,
    },
];

const LOGS: &str =
    "In Entra open **Enterprise apps**, the app, **Provisioning**, then **Provisioning logs**.";

/// Days after which Entra switches a quarantined job off (facts/entra §5.3).
const QUARANTINE_DAYS: i64 = 28;

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
        (JobCode::Other(text), None) => Verdict::pass(How::Entra).shows("Job", format!("not in quarantine; Entra calls its state {text}")),
        _ => Verdict::pass(How::Entra).shows("Job", "not in quarantine"),
    }
    .seen(seen)
}

fn quarantined(context: &Context<'_>, quarantine: Option<&Quarantine>) -> Verdict {
    let credentials = [
        "Put the connection right: test it from this machine and from Entra, renew the token if it was refused.",
        "Save URL and token in Entra, and see **Test connection** pass.",
        "Then restart provisioning: **Provisioning**, **Restart provisioning** (formerly **Clear current state and restart synchronization**).",
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
        let days = context.now.duration_since(since).as_hours().div_euclid(24);
        let left = (QUARANTINE_DAYS - days).max(0);
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
fn remedy(code: &str) -> &'static str {
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
            let names = if failure.examples.is_empty() {
                String::new()
            } else {
                format!(" ({})", few(failure.examples.iter().cloned()))
            };
            let objects = counted(
                usize::try_from(failure.count).unwrap_or(usize::MAX),
                "object",
                "objects",
            );
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
    if !held && staged == 0 {
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

/// What the checks of arrival need: who is carried, and the Databricks users by name in lower case.
struct Arrival<'a> {
    scope: Scope,
    users: HashMap<String, &'a DatabricksUser>,
    seen: &'a Seen<Vec<DatabricksUser>>,
    waiting: Option<&'static str>,
}

impl<'a> Arrival<'a> {
    /// The Databricks users by the Entra object they are linked to.
    fn by_external_id(&self) -> HashMap<String, &'a DatabricksUser> {
        let linked =
            |user: &&'a DatabricksUser| Some((user.external_id.as_deref()?.to_lowercase(), *user));
        self.users.values().filter_map(linked).collect()
    }
}

fn arrival<'a>(context: &Context<'a>) -> Result<Arrival<'a>, Verdict> {
    let connector = context.connector()?;
    context.assignments()?;
    let scope = scope::of(connector, &context.seen.entra.principals)
        .map_err(|gap| Verdict::unknown(gap.0))?;
    let seen = &context.seen.databricks.directory.users;
    let users = seen.value().ok_or_else(|| Verdict::unseen(seen))?;
    let users = users
        .iter()
        .map(|user| (user.user_name.to_lowercase(), user))
        .collect();
    let waiting = connector
        .job()
        .map_or(Some("provisioning was not started"), |job| {
            waiting(job, newest_assignment(connector))
        });
    Ok(Arrival {
        scope,
        users,
        seen,
        waiting,
    })
}

fn newest_assignment(connector: &crate::observation::Connector) -> Option<jiff::Timestamp> {
    connector
        .assignments
        .value()?
        .iter()
        .filter_map(|assignment| assignment.created)
        .max()
}

/// Why people may not have arrived yet, although nothing is wrong.
pub(crate) fn waiting(job: &Job, newest: Option<jiff::Timestamp>) -> Option<&'static str> {
    let Some(cycle) = &job.last_success else {
        return Some("no cycle has been completed yet");
    };
    let began = cycle.began.or(cycle.ended);
    match (began, newest) {
        (Some(began), Some(newest)) if began < newest => {
            Some("the last completed cycle began before the newest assignment")
        }
        _ => None,
    }
}

const ARRIVE: [&str; 3] = [
    "If a cycle is due, wait for it, or provision the person on demand: **Provisioning**, **Provision on demand**.",
    "Look at the person in the **Provisioning logs**.",
    "If somebody was removed in Databricks by hand, see **Nobody assigned was removed from Databricks by hand**.",
];

fn users_arrived(context: &Context<'_>) -> Verdict {
    let arrival = match arrival(context) {
        Ok(arrival) => arrival,
        Err(verdict) => return verdict,
    };
    if arrival.scope.people.is_empty() {
        return Verdict::not_applicable("Nobody is in the connector's scope yet.");
    }
    let missing = if arrival.waiting.is_some() {
        Status::Warn
    } else {
        Status::Fail
    };
    let mut fine = 0_usize;
    let mut subjects = Vec::new();
    let linked = arrival.by_external_id();
    for (id, name) in &arrival.scope.people {
        match arrival.users.get(&name.to_lowercase()) {
            None => subjects.push(
                match linked.get(&id.to_lowercase()).filter(|user| user.active) {
                    Some(user) => {
                        let note = format!(
                            "is called {} in Databricks; a user name there never changes",
                            user.user_name
                        );
                        subject(&**name, Status::Warn, note)
                    }
                    None => subject(&**name, missing, "is not in Databricks"),
                },
            ),
            Some(user) if !user.active => {
                subjects.push(subject(&**name, missing, "is in Databricks and inactive"))
            }
            Some(user) => match differences(id, name, user) {
                None => fine += 1,
                Some(note) => subjects.push(subject(&**name, Status::Warn, note)),
            },
        }
    }
    let verdict = Verdict::worst(How::Databricks, subjects, &ARRIVE).seen(arrival.seen);
    let verdict = verdict.shows(
        "Active in Databricks",
        format!(
            "{fine} of {}",
            counted(arrival.scope.people.len(), "person", "people")
        ),
    );
    let verdict = arrival
        .waiting
        .map_or(verdict.clone(), |why| verdict.shows("To know", why));
    if arrival.scope.left_out.is_empty() {
        verdict
    } else {
        verdict.shows(
            "Assigned and not carried",
            format!(
                "{} (disabled, filtered out, or without a user name)",
                arrival.scope.left_out.len()
            ),
        )
    }
}

/// What differs between what the connector writes and what Databricks has.
fn differences(id: &str, name: &str, user: &DatabricksUser) -> Option<String> {
    let mut notes = Vec::new();
    match user.external_id.as_deref() {
        Some(external) if external.eq_ignore_ascii_case(id) => {}
        Some(external) => notes.push(format!("is linked to another Entra object ({external})")),
        None => notes.push("has no external id yet".to_owned()),
    }
    if user
        .email
        .as_deref()
        .is_some_and(|email| !email.eq_ignore_ascii_case(name))
    {
        notes.push(format!(
            "has the address {}",
            user.email.as_deref().unwrap_or_default()
        ));
    }
    (!notes.is_empty()).then(|| notes.join("; "))
}

fn groups_arrived(context: &Context<'_>) -> Verdict {
    let arrival = match arrival(context) {
        Ok(arrival) => arrival,
        Err(verdict) => return verdict,
    };
    let assigned: Vec<(&str, &str)> = match context.assignments() {
        Ok((assignments, _)) => assignments
            .iter()
            .filter(|assignment| assignment.kind == PrincipalKind::Group)
            .map(|assignment| {
                (
                    assignment.principal_id.as_str(),
                    assignment.display_name.as_str(),
                )
            })
            .collect(),
        Err(verdict) => return verdict,
    };
    if assigned.is_empty() {
        return Verdict::not_applicable("No group is assigned.");
    }
    let seen = &context.seen.databricks.directory.groups;
    let Some(groups) = seen.value() else {
        return Verdict::unseen(seen);
    };
    let by_id: HashMap<String, &DatabricksGroup> = groups
        .iter()
        .filter_map(|group| Some((group.external_id.as_deref()?.to_lowercase(), group)))
        .collect();
    let by_name: HashMap<&str, &DatabricksGroup> = groups
        .iter()
        .map(|group| (&*group.display_name, group))
        .collect();
    let missing = if arrival.waiting.is_some() {
        Status::Warn
    } else {
        Status::Fail
    };
    let subjects = assigned.iter().map(|(id, name)| {
        let Some(group) = by_id.get(&id.to_lowercase()).or_else(|| by_name.get(name)) else {
            return subject(*name, missing, "is not in Databricks");
        };
        let absent = absent_members(context, id, group, &arrival);
        if *group.display_name != **name {
            return subject(
                *name,
                Status::Warn,
                format!(
                    "is called {} in Databricks: a new name in Entra does not travel",
                    group.display_name
                ),
            );
        }
        match absent {
            None => subject(
                *name,
                Status::Pass,
                "is in Databricks; its members are not shown there",
            ),
            Some(absent) if absent.is_empty() => subject(
                *name,
                Status::Pass,
                "is in Databricks with its direct members",
            ),
            Some(absent) => subject(
                *name,
                missing,
                format!(
                    "lacks {}: {}",
                    counted(absent.len(), "member", "members"),
                    few(absent)
                ),
            ),
        }
    });
    let verdict = Verdict::worst(How::Databricks, subjects.collect(), &ARRIVE).seen(seen);
    arrival
        .waiting
        .map_or(verdict.clone(), |why| verdict.shows("To know", why))
}

/// Direct members that are carried and are not in the Databricks group; `None` where either side does not show its members.
fn absent_members(
    context: &Context<'_>,
    id: &str,
    group: &DatabricksGroup,
    arrival: &Arrival<'_>,
) -> Option<Vec<String>> {
    let members: std::collections::HashSet<&str> =
        group.members.as_ref()?.iter().map(|id| &**id).collect();
    let users = context.group(id)?.users.value()?;
    let absent = users.iter().filter_map(|id| {
        let name = arrival.scope.people.get(id)?;
        let user = arrival.users.get(&name.to_lowercase());
        user.is_none_or(|user| !members.contains(&*user.id))
            .then(|| name.to_string())
    });
    Some(absent.collect())
}

fn inactive_users(context: &Context<'_>) -> Verdict {
    let arrival = match arrival(context) {
        Ok(arrival) => arrival,
        Err(verdict) => return verdict,
    };
    let subjects: Vec<Subject> = arrival
        .scope
        .people
        .values()
        .filter(|name| {
            arrival
                .users
                .get(&name.to_lowercase())
                .is_some_and(|user| !user.active)
        })
        .map(|name| {
            subject(
                &**name,
                Status::Warn,
                "is assigned and enabled in Entra, and inactive in Databricks",
            )
        })
        .collect();
    let presses = [
        "Provision the person on demand, and look again: mostly that reactivates.",
        "If it does not, reactivate the person at account level first (**User management**, the user, **Activate**), then in the workspaces.",
    ];
    let count = subjects.len();
    Verdict::worst(How::Databricks, subjects, &presses)
        .seen(arrival.seen)
        .shows("Inactive", count.to_string())
}

fn removed_by_hand(context: &Context<'_>) -> Verdict {
    let arrival = match arrival(context) {
        Ok(arrival) => arrival,
        Err(verdict) => return verdict,
    };
    let (log, _) = match context.fact(|connector| &connector.log) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let linked = arrival.by_external_id();
    let there = |id: &str, name: &str| {
        arrival.users.contains_key(&name.to_lowercase()) || linked.contains_key(&id.to_lowercase())
    };
    let subjects: Vec<Subject> = arrival
        .scope
        .people
        .iter()
        .filter(|(id, name)| log.exported.contains(*id) && !there(id, name))
        .map(|(_, name)| subject(&**name, Status::Warn, "was provisioned earlier and is gone: Entra does not bring the person back by itself"))
        .collect();
    let presses = [
        "Add the person in Databricks again by hand: the next cycle links them.",
        "Or restart provisioning, so that Entra forgets that it has done them already.",
    ];
    let count = subjects.len();
    Verdict::worst(How::Databricks, subjects, &presses)
        .seen(arrival.seen)
        .shows("Removed by hand", count.to_string())
}

fn outside_scim(context: &Context<'_>) -> Verdict {
    let seen = &context.seen.databricks.directory.users;
    let Some(users) = seen.value() else {
        return Verdict::unseen(seen);
    };
    let strangers: Vec<&DatabricksUser> = users
        .iter()
        .filter(|user| user.active && user.external_id.is_none())
        .collect();
    let subjects = strangers.iter().map(|user| {
        subject(
            &*user.user_name,
            Status::Warn,
            "has no external id: the person did not come through SCIM",
        )
    });
    let presses = [
        "Look whether these people are known to you: an emergency admin outside Entra is a good reason.",
        "If they are not, look whether just-in-time provisioning or automatic identity management is on: **Security**, then **User provisioning**.",
        "Assign in Entra those who belong there: the connector links them by their user name.",
    ];
    let verdict = Verdict::worst(How::Databricks, subjects.collect(), &presses).seen(seen);
    verdict.shows(
        "Active users without an external id",
        format!("{} of {}", strangers.len(), users.len()),
    )
}

fn case_clash(context: &Context<'_>) -> Verdict {
    let arrival = match arrival(context) {
        Ok(arrival) => arrival,
        Err(verdict) => return verdict,
    };
    let Some(users) = arrival.seen.value() else {
        return Verdict::unseen(arrival.seen);
    };
    let mut names: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for user in users {
        names
            .entry(user.user_name.to_lowercase())
            .or_default()
            .push(&user.user_name);
    }
    let sent = arrival.scope.people.values().filter_map(|name| {
        let found = names
            .get(&name.to_lowercase())?
            .iter()
            .find(|found| **found != &**name)?;
        let note = format!("is sent by Entra; Databricks has {found}");
        (!names[&name.to_lowercase()].contains(&&**name))
            .then(|| subject(&**name, Status::Warn, note))
    });
    let twice = names.values().filter(|same| same.len() > 1).map(|same| {
        subject(
            same[0],
            Status::Warn,
            format!("is in Databricks {} times: {}", same.len(), same.join(", ")),
        )
    });
    let presses = [
        "Write the name in one way on both sides; lower case is the safe one.",
        "User names cannot be changed through the API: for one that is wrong in Databricks ask its support.",
    ];
    let subjects: Vec<Subject> = sent.chain(twice).collect();
    Verdict::worst(How::Databricks, subjects, &presses).seen(arrival.seen)
}
