//! What the people of a workspace kept over a move: who is active there, who may use it, and what its groups are entitled to,
//! compared before and after.

use std::collections::{BTreeMap, BTreeSet};

use crate::observation::databricks::{DatabricksUser, WorkspaceFacts};

/// What a comparison of one workspace came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Watched {
    /// What was there before and is gone, in words. Empty: everything that was seen is as it was.
    pub lost: Vec<String>,
    /// Why something could not be compared.
    pub unseen: Vec<String>,
}

/// Compares a workspace before and after. Whom somebody else took away meanwhile shows as lost too: a person is to look.
pub fn watch(before: &WorkspaceFacts, after: &WorkspaceFacts) -> Watched {
    let mut watched = Watched::default();
    match (
        before.directory.users.value(),
        after.directory.users.value(),
    ) {
        (Some(was), Some(is)) => {
            let (was, is) = (active(was), active(is));
            let gone = was.difference(&is);
            watched
                .lost
                .extend(gone.map(|name| format!("{name} is no longer active")));
        }
        (Some(_), None) => watched.unseen.extend(after.directory.users.gap()),
        (None, _) => watched.unseen.extend(before.directory.users.gap()),
    }
    match (before.assignments.value(), after.assignments.value()) {
        (Some(was), Some(is)) => {
            let ids: BTreeSet<&str> = is.iter().map(|one| &*one.principal_id).collect();
            let gone = was.iter().filter(|one| !ids.contains(&*one.principal_id));
            watched
                .lost
                .extend(gone.map(|one| format!("{} is no longer assigned", one.name)));
        }
        (Some(_), None) => watched.unseen.extend(after.assignments.gap()),
        (None, _) => watched.unseen.extend(before.assignments.gap()),
    }
    watched.lost.extend(rights_lost(before, after));
    watched
}

fn active(users: &[DatabricksUser]) -> BTreeSet<String> {
    users
        .iter()
        .filter(|user| user.active)
        .map(|user| user.user_name.to_lowercase())
        .collect()
}

/// Groups and entitlements that are gone. Where groups cannot be read, users cannot either, and that is said already.
fn rights_lost(before: &WorkspaceFacts, after: &WorkspaceFacts) -> Vec<String> {
    let now: BTreeMap<&str, &[Box<str>]> = match after.directory.groups.value() {
        Some(groups) => groups
            .iter()
            .map(|group| (&*group.id, &*group.entitlements))
            .collect(),
        None => return Vec::new(),
    };
    let was = before.directory.groups.value().into_iter().flatten();
    was.flat_map(|group| {
        let name = &group.display_name;
        match now.get(&*group.id) {
            None => vec![format!("the group {name} is gone")],
            Some(has) => group
                .entitlements
                .iter()
                .filter(|right| !has.contains(right))
                .map(|right| format!("the group {name} lost {right}"))
                .collect(),
        }
    })
    .collect()
}
