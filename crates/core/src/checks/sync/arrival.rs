//! Whether people and groups arrived in Databricks, and how they stand there.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::checks::Context;
use crate::checks::verdict::{Verdict, counted, few, subject};
use crate::finding::{How, Status, Subject};
use crate::model::setup::PrincipalKind;
use crate::observation::Seen;
use crate::observation::connector::Job;
use crate::observation::databricks::{DatabricksGroup, DatabricksUser};
use crate::scope::Scope;
use crate::text::lower;

/// What the checks of arrival need, beside who is carried: the Databricks users by name in lower case.
pub(in crate::checks) struct Arrival<'a> {
    users: HashMap<Cow<'a, str>, &'a DatabricksUser>,
    seen: &'a Seen<Vec<DatabricksUser>>,
    waiting: Option<&'static str>,
}

impl<'a> Arrival<'a> {
    pub(in crate::checks) fn of(context: &Context<'a>) -> Result<Self, Verdict> {
        let connector = context.connector()?;
        context.assignments()?;
        context.own_scope()?;
        let seen = &context.seen.databricks.directory.users;
        let users = seen.value().ok_or_else(|| Verdict::unseen(seen))?;
        let users = users
            .iter()
            .map(|user| (lower(&user.user_name), user))
            .collect();
        let waiting = connector
            .job()
            .map_or(Some("provisioning was not started"), |job| {
                waiting(job, newest_assignment(connector))
            });
        Ok(Self {
            users,
            seen,
            waiting,
        })
    }

    /// The user of that name, whatever its case.
    fn user(&self, name: &str) -> Option<&'a DatabricksUser> {
        self.users.get(&*lower(name)).copied()
    }

    /// The Databricks users by the Entra object they are linked to.
    fn by_external_id(&self) -> HashMap<Cow<'a, str>, &'a DatabricksUser> {
        let linked = |user: &&'a DatabricksUser| Some((lower(user.external_id.as_deref()?), *user));
        self.users.values().filter_map(linked).collect()
    }
}

/// Who is carried, and who is there.
fn both<'c, 'a>(context: &'c Context<'a>) -> Result<(&'c Scope, &'c Arrival<'a>), Verdict> {
    let arrival = context.arrival()?;
    Ok((context.own_scope()?, arrival))
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
    let (scope, arrival) = match both(context) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    if scope.people.is_empty() {
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
    for (id, name) in &scope.people {
        match arrival.user(name) {
            None => subjects.push(match linked.get(&*lower(id)).filter(|user| user.active) {
                Some(user) => {
                    let note = format!(
                        "is called {} in Databricks; a user name there never changes",
                        user.user_name
                    );
                    subject(&**name, Status::Warn, note)
                }
                None => subject(&**name, missing, "is not in Databricks"),
            }),
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
            counted(scope.people.len(), "person", "people")
        ),
    );
    let verdict = arrival
        .waiting
        .map_or(verdict.clone(), |why| verdict.shows("To know", why));
    if scope.left_out.is_empty() {
        verdict
    } else {
        verdict.shows(
            "Assigned and not carried",
            format!(
                "{} (disabled, filtered out, or without a user name)",
                scope.left_out.len()
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
    let (scope, arrival) = match both(context) {
        Ok(found) => found,
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
    let by_id: HashMap<Cow<'_, str>, &DatabricksGroup> = groups
        .iter()
        .filter_map(|group| Some((lower(group.external_id.as_deref()?), group)))
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
        let Some(group) = by_id.get(&*lower(id)).or_else(|| by_name.get(name)) else {
            return subject(*name, missing, "is not in Databricks");
        };
        let absent = absent_members(context, id, group, (scope, arrival));
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
    (scope, arrival): (&Scope, &Arrival<'_>),
) -> Option<Vec<String>> {
    let members: std::collections::HashSet<&str> =
        group.members.as_ref()?.iter().map(|id| &**id).collect();
    let users = context.group(id)?.users.value()?;
    let absent = users.iter().filter_map(|id| {
        let name = scope.people.get(id)?;
        let user = arrival.user(name);
        user.is_none_or(|user| !members.contains(&*user.id))
            .then(|| name.to_string())
    });
    Some(absent.collect())
}

pub(super) fn inactive_users(context: &Context<'_>) -> Verdict {
    let (scope, arrival) = match both(context) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let subjects: Vec<Subject> = scope
        .people
        .values()
        .filter(|name| arrival.user(name).is_some_and(|user| !user.active))
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
    let (scope, arrival) = match both(context) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let (log, _) = match context.fact(|connector| &connector.log) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let linked = arrival.by_external_id();
    let there =
        |id: &str, name: &str| arrival.user(name).is_some() || linked.contains_key(&*lower(id));
    let subjects: Vec<Subject> = scope
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
    let admins = context.seen.databricks.admins.value();
    let is_admin = |user: &DatabricksUser| {
        let mut admins = admins.into_iter().flatten();
        admins.any(|admin| *admin.id == *user.id)
    };
    let known = &context.seen.entra.principals.users;
    let names: HashSet<Cow<'_, str>> = known
        .values()
        .flat_map(|person| [Some(&*person.user_principal_name), person.mail.as_deref()])
        .flatten()
        .map(lower)
        .collect();
    // The people in scope are read and nobody else: who is linked to somebody else may well be in Entra. Only a name that Entra
    // has under another id is certain.
    let elsewhere = |user: &DatabricksUser, id: &str| {
        !known.contains_key(id)
            && !known.contains_key(&*lower(id))
            && names.contains(&*lower(&user.user_name))
    };
    let mut linked_elsewhere = 0_usize;
    let mut strangers = 0_usize;
    let mut subjects = Vec::new();
    for user in users.iter().filter(|user| user.active) {
        let (status, note) = match user.external_id.as_deref() {
            None if is_admin(user) => (
                Status::Pass,
                "has no external id: an admin outside SCIM, who gets in when the sync does not",
            ),
            None => (
                Status::Warn,
                "has no external id: the person did not come through SCIM",
            ),
            Some(id) if elsewhere(user, id) => (
                Status::Warn,
                "has an external id that is not the one of the person of that name in Entra",
            ),
            Some(_) => continue,
        };
        match (status, user.external_id.is_some()) {
            (Status::Warn, true) => linked_elsewhere += 1,
            (Status::Warn, false) => strangers += 1,
            _ => {}
        }
        subjects.push(subject(&*user.user_name, status, note));
    }
    let presses = [
        "Look whether these people are known to you: an emergency admin outside Entra is a good reason.",
        "If they are not, look whether just-in-time provisioning or automatic identity management is on: **Security**, then **User provisioning** (formerly **Settings**, then **User provisioning**).",
        "Assign in Entra those who belong there: the connector links them by their user name.",
    ];
    let verdict = Verdict::worst(How::Databricks, subjects, &presses).seen(seen);
    let verdict = verdict.shows(
        "Active users without an external id",
        format!("{strangers} of {}, admins aside", users.len()),
    );
    if !context.seen.entra.principals.complete.is_known() {
        return verdict.shows(
            "External ids",
            "not compared with Entra, whose people were not read",
        );
    }
    verdict.shows(
        "Linked to another person than Entra's of that name",
        linked_elsewhere.to_string(),
    )
}

pub(super) fn case_clash(context: &Context<'_>) -> Verdict {
    let (scope, arrival) = match both(context) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let Some(users) = arrival.seen.value() else {
        return Verdict::unseen(arrival.seen);
    };
    let mut names: HashMap<Cow<'_, str>, Vec<&str>> = HashMap::with_capacity(users.len());
    for user in users {
        let same = names.entry(lower(&user.user_name)).or_default();
        same.push(&user.user_name);
    }
    let sent = scope.people.values().filter_map(|name| {
        let same = names.get(&*lower(name))?;
        let found = same.first().filter(|_| !same.contains(&&**name))?;
        let note = format!("is sent by Entra; Databricks has {found}");
        Some(subject(&**name, Status::Warn, note))
    });
    let mut twice: Vec<&Vec<&str>> = names.values().filter(|same| same.len() > 1).collect();
    twice.sort_unstable();
    let twice = twice.into_iter().map(|same| {
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
