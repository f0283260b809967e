//! What a mapping makes of a person.

use std::borrow::Cow;

use crate::observation::connector::ObjectMapping;
use crate::observation::principals::EntraUser;
use crate::scope::{self, LeftOut, Undecided};
use crate::text::lower;

pub(super) fn range(from: usize, to: usize) -> std::ops::Range<u32> {
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    place(from)..place(to)
}

/// The name that a mapping sends for a person, or why it sends none.
pub(super) fn mapped<'a>(
    id: &'a str,
    user: &'a EntraUser,
    mapping: &ObjectMapping,
) -> Result<Result<Cow<'a, str>, LeftOut>, Undecided> {
    if !mapping.enabled {
        return Ok(Err(LeftOut::Filtered));
    }
    scope::carried(id, user, mapping)
}

/// A name as names are compared: without regard to case.
pub(super) fn folded(name: Cow<'_, str>) -> Cow<'_, str> {
    match name {
        Cow::Borrowed(name) => lower(name),
        Cow::Owned(name) => Cow::Owned(name.to_lowercase()),
    }
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
