//! Who is assigned, and what will not travel.

mod groups;

use std::borrow::Cow;
use std::cell::LazyCell;

use super::application::work_email;
use super::verdict::{Verdict, counted, subject};
use super::{Check, Context, journeys};
use crate::finding::{How, Status, Subject, Weight};
use crate::observation::connector::ObjectMapping;
use crate::observation::databricks::Admin;
use crate::scope::sent_user_name;
use crate::text::lower;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "someone-assigned",
        title: "Somebody is assigned",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Databricks: SCIM provisioning with Microsoft Entra ID, step 3",
        judge: someone_assigned,
    },
    Check {
        id: "nested-groups",
        title: "No assigned group holds other groups",
        weight: Weight::Risks,
        journeys: journeys::ALL,
        source: "Microsoft Entra: how provisioning works, nested groups",
        judge: groups::nested_groups,
    },
    Check {
        id: "service-principals",
        title: "No service principal is expected to travel",
        weight: Weight::Risks,
        journeys: journeys::ALL,
        source: "Databricks: provisioning tips",
        judge: groups::service_principals,
    },
    Check {
        id: "group-provisionable",
        title: "Assigned groups are security-enabled",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Microsoft Graph: app role assignments",
        judge: groups::group_provisionable,
    },
    Check {
        id: "reserved-names",
        title: "No group has a name that Databricks keeps for itself",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Databricks: system groups",
        judge: groups::reserved_names,
    },
    Check {
        id: "name-clash",
        title: "No group's name is taken in Databricks",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Databricks: account groups",
        judge: groups::name_clash,
    },
    Check {
        id: "guests",
        title: "Guests will be named as expected",
        weight: Weight::Risks,
        journeys: journeys::ALL,
        source: "Microsoft Entra: Databricks provisioning tutorial, attribute mappings",
        judge: guests,
    },
    Check {
        id: "missing-mail",
        title: "Everyone in scope has the mapped attributes",
        weight: Weight::Risks,
        journeys: journeys::ALL,
        source: "Microsoft Entra: Databricks provisioning tutorial, attribute mappings",
        judge: missing_mail,
    },
    Check {
        id: "account-limits",
        title: "The account has room",
        weight: Weight::Risks,
        journeys: journeys::ACCOUNT,
        source: "Databricks: resource limits",
        judge: account_limits,
    },
    Check {
        id: "own-admin-kept",
        title: "An admin stays outside the connector's reach",
        weight: Weight::Blocks,
        journeys: journeys::ACCOUNT,
        source: "Databricks: deprovisioning through SCIM",
        judge: own_admin_kept,
    },
];

const USERS_AND_GROUPS: &str = "In Entra open **Enterprise apps**, the app, **Users and groups**.";

fn someone_assigned(context: &Context<'_>) -> Verdict {
    let presses = [
        USERS_AND_GROUPS,
        "Press **Add user/group**, select the users and groups, and press **Assign**.",
    ];
    if context.connector_is_missing() {
        return Verdict::fail(How::Entra, &presses)
            .seen(&context.seen.entra.connectors)
            .shows("Assigned", "nobody: there is no application yet");
    }
    let (assignments, seen) = match context.assignments() {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let scope = context.in_scope();
    let travelling = assignments.iter().filter(|assignment| {
        assignment.kind != crate::model::setup::PrincipalKind::ServicePrincipal
    });
    if travelling.count() == 0 {
        return Verdict::fail(How::Entra, &presses)
            .seen(seen)
            .shows("Assigned", "nobody who would travel");
    }
    let shown = format!(
        "{}, {}",
        counted(scope.groups.len(), "group", "groups"),
        counted(scope.users.len(), "user", "users")
    );
    Verdict::pass(How::Entra)
        .seen(seen)
        .shows("Assigned or wanted", shown)
}

fn guests(context: &Context<'_>) -> Verdict {
    let scope = context.in_scope();
    let people = match context.people() {
        Ok(people) => people,
        Err(verdict) => return verdict,
    };
    let guests: Vec<_> = people.iter().filter(|(_, user)| user.guest).collect();
    if guests.is_empty() {
        let mut verdict = Verdict::pass(How::Entra).shows("Guests in scope", "none");
        verdict.at = scope.at;
        return verdict;
    }
    let mapping = context
        .schema()
        .ok()
        .and_then(|(schema, _)| schema.user.as_ref());
    let subjects = guests.iter().map(|(id, user)| {
        let name = mapping.and_then(|mapping| sent_user_name(id, user, mapping).ok().flatten());
        let note = match name {
            Some(name) if user.user_principal_name.contains("#EXT#") && mapping_is_upn(mapping) => {
                format!("a guest, will be named {name}: Entra takes #EXT# out of the name")
            }
            Some(name) => format!("a guest, will be named {name}"),
            None => "a guest; how the person will be named cannot be told".to_owned(),
        };
        subject(user.display_name.to_string(), Status::Warn, note)
    });
    let presses = [
        "Look whether the names above are those the guests sign in to Databricks with.",
        "If not, map **userName** and **emails[type eq \"work\"].value** from the same attribute that holds the right address.",
        "Provision one guest on demand before you start.",
    ];
    let mut verdict = Verdict::worst(How::Entra, subjects.collect(), &presses)
        .shows("Guests in scope", guests.len().to_string());
    verdict.at = scope.at;
    verdict
}

/// Whether user names come from `userPrincipalName`, of which Entra takes the mark of guests out.
fn mapping_is_upn(mapping: Option<&ObjectMapping>) -> bool {
    let source = mapping.and_then(|mapping| mapping.to("userName")?.source.as_deref());
    source == Some("userPrincipalName")
}

fn missing_mail(context: &Context<'_>) -> Verdict {
    let people = match context.people() {
        Ok(people) => people,
        Err(verdict) => return verdict,
    };
    if people.is_empty() {
        return Verdict::not_applicable("Nobody is in scope yet.");
    }
    let (schema, seen) = match context.schema() {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let Some(mapping) = &schema.user else {
        return Verdict::unknown("The app has no mapping for users.");
    };
    let sources: Vec<&str> = [mapping.to("userName"), work_email(mapping)]
        .into_iter()
        .flatten()
        .filter_map(|attribute| attribute.source.as_deref())
        .collect();
    if sources.is_empty() {
        return Verdict::unknown(
            "User name and address come from expressions that Usher cannot evaluate.",
        );
    }
    let subjects: Vec<Subject> = people
        .iter()
        .filter_map(|(id, user)| {
            let empty = sources
                .iter()
                .find(|source| user.attribute(id, source).is_none())?;
            Some(subject(
                user.display_name.to_string(),
                Status::Warn,
                format!("{} has no {empty}", user.user_principal_name),
            ))
        })
        .collect();
    let presses = [
        "Fill in the attribute for the people named here, in Entra or where it is mastered.",
        "Or map **userName** and the work address from **userPrincipalName**, which everyone has.",
    ];
    let count = subjects.len();
    Verdict::worst(How::Entra, subjects, &presses)
        .seen(seen)
        .shows("Mapped from", sources.join(" and "))
        .shows("Without it", count.to_string())
}

/// Databricks' documented limits of an account (facts/databricks §4).
const IDENTITIES: u64 = 10_000;
const GROUPS: u64 = 5_000;

fn account_limits(context: &Context<'_>) -> Verdict {
    let directory = &context.seen.databricks.directory;
    let facts = (
        &directory.user_total,
        &directory.service_principal_total,
        &directory.group_total,
    );
    let (Some(users), Some(service_principals), Some(groups)) =
        (facts.0.value(), facts.1.value(), facts.2.value())
    else {
        let gap = [facts.0, facts.1, facts.2]
            .into_iter()
            .find(|seen| !seen.is_known());
        return gap.map_or_else(
            || Verdict::unknown("The account's totals were not read."),
            Verdict::unseen,
        );
    };
    let scope = context.in_scope();
    let new_groups = directory.groups.value().map_or(0, |known| {
        let names: std::collections::HashSet<String> = known
            .iter()
            .map(|group| group.display_name.to_lowercase())
            .collect();
        scope
            .groups
            .values()
            .filter(|name| !names.contains(&name.to_lowercase()))
            .count() as u64
    });
    let new_users = match (context.people(), directory.users.value()) {
        (Ok(people), Some(known)) => {
            let names: std::collections::HashSet<&str> = known
                .iter()
                .filter_map(|user| user.external_id.as_deref())
                .collect();
            // Most are known by their id.
            let user_names: LazyCell<std::collections::HashSet<Cow<'_, str>>, _> =
                LazyCell::new(|| known.iter().map(|user| lower(&user.user_name)).collect());
            let known = |id: &str, upn: &str, mail: Option<&str>| {
                names.contains(id)
                    || user_names.contains(&*lower(upn))
                    || mail.is_some_and(|mail| user_names.contains(&*lower(mail)))
            };
            let new = people
                .iter()
                .filter(|(id, user)| !known(id, &user.user_principal_name, user.mail.as_deref()))
                .count();
            Ok(new as u64)
        }
        (Err(verdict), _) => Err(verdict),
        (Ok(_), None) => Err(Verdict::unseen(&directory.users)),
    };
    let limit = |name: &str, now: u64, new: u64, limit: u64| {
        let after = now + new;
        let note = format!("{now} now, {new} to come, of {limit}");
        // At the limit nothing more can be made, whoever comes next.
        let status = if after >= limit {
            Status::Fail
        } else if after * 5 >= limit * 4 {
            Status::Warn
        } else {
            Status::Pass
        };
        subject(name, status, note)
    };
    let subjects = vec![
        limit(
            "Users and service principals",
            users + service_principals,
            *new_users.as_ref().unwrap_or(&0),
            IDENTITIES,
        ),
        limit("Groups", *groups, new_groups, GROUPS),
    ];
    let presses = [
        "Ask the Databricks account team to raise the limit: the number of users and service principals can be raised.",
        "Assign fewer people, or remove identities that nobody uses.",
    ];
    let verdict = Verdict::worst(How::Databricks, subjects, &presses).seen(facts.0);
    match new_users {
        Ok(_) => verdict,
        // Room for nobody knows how many is not known to be enough.
        Err(unseen) if verdict.status == Status::Pass => unseen,
        Err(_) => verdict.shows(
            "To come",
            "could not be counted in full: not everyone in scope was read",
        ),
    }
}

fn own_admin_kept(context: &Context<'_>) -> Verdict {
    let seen = &context.seen.databricks.admins;
    let Some(admins) = seen.value() else {
        return Verdict::unseen(seen);
    };
    let active: Vec<&Admin> = admins.iter().filter(|admin| admin.active).collect();
    let (who, presses) = if context.is_workspace() {
        (
            "Active workspace admins",
            [
                "Keep one workspace admin outside the application: not assigned, and in no assigned group.",
                "In the workspace find the group **admins** (usually under **Settings**, **Identity and access**, **Groups**) and add that person.",
            ],
        )
    } else {
        (
            "Active account admins",
            [
                "Keep one account admin outside the application: not assigned, and in no assigned group.",
                "In the account console open **User management**, and give that person the role **Account admin**.",
            ],
        )
    };
    if active.is_empty() {
        return Verdict::fail(How::Databricks, &presses)
            .seen(seen)
            .shows(who, "none");
    }
    let mut outside = 0;
    let mut subjects = Vec::with_capacity(active.len());
    for admin in active {
        let note = match context.manages(admin.external_id.as_deref(), &admin.user_name) {
            Ok(true) => "is in the connector's scope",
            Ok(false) => {
                outside += 1;
                "stays outside the connector's scope"
            }
            Err(verdict) => return verdict,
        };
        subjects.push(subject(admin.user_name.clone(), Status::Pass, note));
    }
    let verdict = if outside > 0 {
        Verdict::pass(How::Databricks)
    } else {
        Verdict::fail(How::Databricks, &presses)
    };
    verdict
        .seen(seen)
        .shows(&format!("{who} outside the scope"), outside.to_string())
        .of(subjects)
}
