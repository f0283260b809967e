//! What gathering coverage goes by: the order of ways, and what a mapping makes of a person.

use super::Way;
use crate::observation::connector::ObjectMapping;
use crate::observation::principals::EntraUser;
use crate::scope::{self, LeftOut, Undecided};

/// The ways of each person side by side, in as many steps as there are ways: sorting a million takes longer.
pub(super) fn by_person(ways: Vec<(u32, Way)>, people: usize) -> Vec<(u32, Way)> {
    let mut next = vec![0_usize; people + 1];
    for (person, _) in &ways {
        next[*person as usize + 1] += 1;
    }
    for at in 1..next.len() {
        next[at] += next[at - 1];
    }
    let mut sorted = ways.clone();
    for way in ways {
        let at = &mut next[way.0 as usize];
        sorted[*at] = way;
        *at += 1;
    }
    sorted
}

pub(super) fn range(from: usize, to: usize) -> std::ops::Range<u32> {
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    place(from)..place(to)
}

/// The name that a mapping sends for a person, or why it sends none.
pub(super) fn mapped(
    id: &str,
    user: &EntraUser,
    mapping: &ObjectMapping,
) -> Result<Result<Box<str>, LeftOut>, Undecided> {
    if !mapping.enabled {
        return Ok(Err(LeftOut::Filtered));
    }
    scope::carried(id, user, mapping)
}

pub(super) fn why(left: Option<LeftOut>) -> &'static str {
    match left {
        Some(LeftOut::Disabled) => "The account is disabled in Entra.",
        Some(LeftOut::Empty) => "The attribute that becomes the user name is empty.",
        Some(LeftOut::Filtered) => {
            "A scoping filter or a mapping that is off leaves the person out."
        }
        None => "No connector brings the person.",
    }
}
