//! Who would be deactivated by starting a paused connector (`contracts/cli.md`, rule 3).

use std::collections::BTreeSet;

use super::super::guards;
use crate::observation::{Connector, Observation};
use crate::scope::{LeftOut, Scope};

/// Who would be deactivated by starting a connector.
pub(super) enum Leaving {
    Nobody,
    Named(Vec<String>),
    Untold,
}

/// Compares whom the connector brought with whom it would carry `now`. `carried`: whom it carried when it was paused.
pub(super) fn leaving(
    connector: &Connector,
    now: &Scope,
    seen: &Observation,
    carried: Option<&[Box<str>]>,
) -> Leaving {
    if now.everyone {
        return Leaving::Nobody;
    }
    let users = &seen.entra.principals.users;
    // Whoever is disabled in Entra is deactivated by every connector, and is not among those who lose anything by this one.
    let stays = |id: &str| {
        now.people.contains_key(id)
            || now.left_out.get(id) == Some(&LeftOut::Disabled)
            || users.get(id).is_some_and(|user| !user.enabled)
    };
    let brought: BTreeSet<&str> = carried
        .into_iter()
        .flatten()
        .map(|id| &**id)
        .chain(logged(connector))
        .filter(|id| !stays(id))
        .collect();
    let names: Vec<String> = brought.into_iter().map(|id| name(id, seen)).collect();
    if !names.is_empty() {
        Leaving::Named(names)
    } else if everyone_is_known(connector, now, carried) {
        Leaving::Nobody
    } else {
        Leaving::Untold
    }
}

/// Whom the log says it wrote. The log tells of groups as well; one that is assigned stays in scope.
fn logged(connector: &Connector) -> impl Iterator<Item = &str> {
    let assigned = |id: &str| {
        let mut rows = connector.assignments.value().into_iter().flatten();
        rows.any(|row| row.principal_id.eq_ignore_ascii_case(id))
    };
    let log = connector.log.value();
    log.into_iter()
        .flat_map(|log| log.exported.iter())
        .map(|id| &**id)
        .filter(move |id| !assigned(id))
}

/// Whether the people looked at are all whom it brought. The log reaches back some weeks, and has nothing of people whom the
/// connector found as they were to be; the count that the job keeps of the users it has linked has everyone. Where nobody wrote
/// down whom it carried, it cannot be told whether somebody with a disabled account is among them, so none is put down to that.
fn everyone_is_known(connector: &Connector, now: &Scope, carried: Option<&[Box<str>]>) -> bool {
    let known = carried.map_or(now.people.len(), <[_]>::len);
    let linked = connector.job().and_then(|job| {
        let mut counts = job.counts.iter();
        counts.find(|(kind, _)| kind.eq_ignore_ascii_case("User"))
    });
    match linked {
        Some((_, count)) => usize::try_from(*count).is_ok_and(|count| count <= known),
        None => carried.is_some() || !guards::has_exported(connector),
    }
}

fn name(id: &str, seen: &Observation) -> String {
    let principals = &seen.entra.principals;
    match (principals.users.get(id), principals.groups.get(id)) {
        (Some(user), _) => user.user_principal_name.to_string(),
        (None, Some(group)) => group.display_name.to_string(),
        (None, None) => id.to_owned(),
    }
}
