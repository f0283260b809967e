//! Whether people and groups arrived in Databricks, and how they stand there.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::by_hand;
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

    /// How bad it is that something has not arrived.
    fn missing(&self) -> Status {
        if self.waiting.is_some() {
            Status::Warn
        } else {
            Status::Fail
        }
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
        Err(verdict) => return by_hand::users(context, verdict),
    };
    if scope.people.is_empty() {
        return Verdict::not_applicable("Nobody is in the connector's scope yet.");
    }
    let missing = arrival.missing();
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
        Err(verdict) => return by_hand::groups(context, verdict),
    };
    let assigned: Vec<(&str, &str)> = match context.assignments() {
        Ok((assignments, _)) => assignments
            .iter()
            .filter(|assignment| assignment.kind == PrincipalKind::Group)
            .map(|assignment| {
                let id = assignment.principal_id.as_str();
                (id, context.group_name(id, &assignment.display_name))
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
    let users_by_id: HashMap<&str, &DatabricksUser> = arrival
        .users
        .values()
        .map(|user| (&*user.id, *user))
        .collect();
    let missing = arrival.missing();
    let subjects = assigned.iter().map(|(id, name)| {
        let Some(group) = by_id.get(&*lower(id)).or_else(|| by_name.get(name)) else {
            return subject(*name, missing, "is not in Databricks");
        };
        let mut status = Status::Pass;
        let mut notes = Vec::new();
        if *group.display_name != **name {
            status = Status::Warn;
            notes.push(format!(
                "is called {} in Databricks: a new name in Entra does not travel",
                group.display_name
            ));
        }
        let people = |names: Vec<String>| {
            let count = counted(names.len(), "member", "members");
            format!("{count}: {}", few(names))
        };
        match members(context, id, group, (scope, arrival), &users_by_id) {
            None => notes.push("is in Databricks; its members are not shown there".to_owned()),
            Some(members) => {
                if !members.more.is_empty() {
                    status = Status::Warn;
                    notes.push(format!(
                        "has more than Entra's group, {}",
                        people(members.more)
                    ));
                }
                if !members.lacking.is_empty() {
                    status = missing;
                    notes.push(format!("lacks {}", people(members.lacking)));
                }
                if notes.is_empty() {
                    notes.push("is in Databricks with its direct members".to_owned());
                }
            }
        }
        subject(*name, status, notes.join("; "))
    });
    let verdict = Verdict::worst(How::Databricks, subjects.collect(), &ARRIVE).seen(seen);
    arrival
        .waiting
        .map_or(verdict.clone(), |why| verdict.shows("To know", why))
}

/// How the people of a Databricks group differ from the direct members of Entra's.
struct Members {
    /// Carried direct members that the Databricks group has not.
    lacking: Vec<String>,
    /// Active people of the Databricks group who are no direct members of Entra's.
    more: Vec<String>,
}

/// `None` where either side does not show its members.
fn members(
    context: &Context<'_>,
    id: &str,
    group: &DatabricksGroup,
    (scope, arrival): (&Scope, &Arrival<'_>),
    by_id: &HashMap<&str, &DatabricksUser>,
) -> Option<Members> {
    let there: HashSet<&str> = group.members.as_ref()?.iter().map(|id| &**id).collect();
    let here = context.group(id)?.users.value()?;
    let mut meant: HashSet<&str> = HashSet::new();
    let mut lacking = Vec::new();
    for id in here {
        let Some(name) = scope.people.get(id) else {
            continue;
        };
        match arrival.user(name) {
            Some(user) => {
                meant.insert(&user.id);
                if !there.contains(&*user.id) {
                    lacking.push(name.to_string());
                }
            }
            None => lacking.push(name.to_string()),
        }
    }
    // Whoever is inactive has nothing by a membership, and who is linked to a direct member is one, whatever the name.
    let more = there.iter().filter(|id| !meant.contains(*id));
    let mut more: Vec<&DatabricksUser> = more
        .filter_map(|id| by_id.get(id).copied())
        .filter(|user| user.active)
        .collect();
    if !more.is_empty() {
        let linked: HashSet<Cow<'_, str>> = here.iter().map(|id| lower(id)).collect();
        let is_linked = |id: &str| linked.contains(&*lower(id));
        more.retain(|user| !user.external_id.as_deref().is_some_and(is_linked));
    }
    let mut more: Vec<String> = more.iter().map(|user| user.user_name.to_string()).collect();
    more.sort_unstable();
    Some(Members { lacking, more })
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
        "Restart provisioning: **Provisioning**, **Restart provisioning**. As far as is known, Entra then looks for everybody anew and makes those who are missing.",
        "Or add the person in Databricks again by hand, under the same user name, where a restart has to wait.",
    ];
    let count = subjects.len();
    Verdict::worst(How::Databricks, subjects, &presses)
        .seen(arrival.seen)
        .shows("Removed by hand", count.to_string())
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
