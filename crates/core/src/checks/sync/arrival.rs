//! Whether people and groups arrived in Databricks, and how they stand there.

use std::collections::{BTreeMap, HashMap};

use crate::checks::Context;
use crate::checks::verdict::{Verdict, counted, few, subject};
use crate::finding::{How, Status, Subject};
use crate::model::setup::PrincipalKind;
use crate::observation::Seen;
use crate::observation::connector::Job;
use crate::observation::databricks::{DatabricksGroup, DatabricksUser};
use crate::scope::{self, Scope};

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

pub(super) fn users_arrived(context: &Context<'_>) -> Verdict {
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

pub(super) fn groups_arrived(context: &Context<'_>) -> Verdict {
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

pub(super) fn inactive_users(context: &Context<'_>) -> Verdict {
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

pub(super) fn removed_by_hand(context: &Context<'_>) -> Verdict {
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

pub(super) fn outside_scim(context: &Context<'_>) -> Verdict {
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

pub(super) fn case_clash(context: &Context<'_>) -> Verdict {
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
