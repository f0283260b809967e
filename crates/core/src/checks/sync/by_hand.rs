//! Arrival where Entra is done by hand: who is assigned cannot be seen, and what Databricks has is seen all the same.
//!
//! Whom Entra sends carries the id of its Entra object as `externalId` (facts/databricks §6), so those who have one are counted.
//! That none has one is seen, whatever was said; that everybody is there is for somebody to say who has looked in Entra.

use crate::checks::Context;
use crate::checks::verdict::{Verdict, counted};
use crate::finding::How;
use crate::model::setup::SignIn;
use crate::observation::Seen;

const NONE_YET: [&str; 3] = [
    "If provisioning was started a short while ago, wait: the first cycle takes from 20 minutes to several hours. Then look again.",
    "In Entra open **Enterprise apps**, the app, **Provisioning**, and see whether the current cycle shows an error or a quarantine.",
    "Look whether somebody is assigned under **Users and groups**.",
];

/// Whether users arrived, where `unseen` says why Entra does not tell.
pub(super) fn users(context: &Context<'_>, unseen: Verdict) -> Verdict {
    let users = &context.seen.databricks.directory.users;
    let linked = users.value().map(|users| {
        let linked = users.iter().filter(|user| user.active);
        linked.filter(|user| user.external_id.is_some()).count()
    });
    seen(context, users, linked, ("person", "people"), unseen)
}

/// Whether groups arrived, where `unseen` says why Entra does not tell.
pub(super) fn groups(context: &Context<'_>, unseen: Verdict) -> Verdict {
    let groups = &context.seen.databricks.directory.groups;
    let linked = groups.value().map(|groups| {
        let linked = groups.iter().filter(|group| group.external_id.is_some());
        linked.count()
    });
    match linked {
        // People may be assigned one by one.
        Some(0) => unseen,
        _ => seen(context, groups, linked, ("group", "groups"), unseen),
    }
}

fn seen<T>(
    context: &Context<'_>,
    fact: &Seen<T>,
    linked: Option<usize>,
    (one, many): (&str, &str),
    unseen: Verdict,
) -> Verdict {
    let by_hand = context.setup.entra.sign_in == Some(SignIn::ByHand);
    let Some(linked) = linked.filter(|_| by_hand) else {
        return unseen;
    };
    let started = context.setup.attested.contains_key("provisioning-on");
    let verdict = if linked > 0 {
        Verdict::unknown(format!(
            "Databricks has {}, linked to Entra as whoever Entra sends is. Whether these are all who are assigned, only Entra shows. What would tell: signing in to Entra, or somebody who compares with **Users and groups** there and attests it.",
            counted(linked, one, many)
        ))
    } else if started {
        Verdict::warn(How::Databricks, &NONE_YET)
    } else {
        return unseen;
    };
    verdict
        .shows(
            "In Databricks and linked to Entra",
            counted(linked, one, many),
        )
        .seen(fact)
}
