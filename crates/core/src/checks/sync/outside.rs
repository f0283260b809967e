//! Databricks users whom the sync does not know, or knows as somebody else.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashSet};

use crate::checks::Context;
use crate::checks::verdict::{Verdict, counted, subject};
use crate::finding::{How, Status};
use crate::observation::Principals;
use crate::observation::databricks::DatabricksUser;
use crate::text::lower;

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
    let links = Links::of(&context.seen.entra.principals);
    let mut counts = BTreeMap::from([(NO_LINK, 0_usize), (NOBODY, 0), (ANOTHER, 0)]);
    let mut unread = 0_usize;
    let mut subjects = Vec::new();
    for user in users.iter().filter(|user| user.active) {
        let (status, note) = match user.external_id.as_deref() {
            None if is_admin(user) => (
                Status::Pass,
                "has no external id: an admin outside SCIM, who gets in when the sync does not",
            ),
            None => (Status::Warn, NO_LINK),
            Some(id) => match links.lead(user, id) {
                Lead::Right => continue,
                Lead::Nobody => (Status::Warn, NOBODY),
                Lead::Another => (Status::Warn, ANOTHER),
                Lead::Unread => {
                    unread += 1;
                    continue;
                }
            },
        };
        counts.entry(note).and_modify(|count| *count += 1);
        subjects.push(subject(&*user.user_name, status, note));
    }
    if unread > 0 {
        let why = Verdict::unseen(&context.seen.entra.principals.absent).reason;
        let who = counted(unread, "linked user", "linked users");
        subjects.push(subject(
            format!("{who}, whom no assignment names"),
            Status::Unknown,
            why.unwrap_or_default(),
        ));
    }
    let presses = [
        "Look whether these people are known to you: an emergency admin outside Entra is a good reason.",
        "If they are not, look whether just-in-time provisioning or automatic identity management is on: **Security**, then **User provisioning** (formerly **Settings**, then **User provisioning**).",
        "Assign in Entra those who belong there: the connector links them by their user name. Deactivate in Databricks those who have left.",
    ];
    Verdict::worst(How::Databricks, subjects, &presses)
        .seen(seen)
        .shows(
            "Active users without an external id",
            format!("{} of {}, admins aside", counts[NO_LINK], users.len()),
        )
        .shows("Linked to nobody in Entra", counts[NOBODY].to_string())
        .shows(
            "Linked to another person than Entra's of that name",
            counts[ANOTHER].to_string(),
        )
}

const NO_LINK: &str = "has no external id: the person did not come through SCIM";
const NOBODY: &str = "has an external id that names nobody in this Entra tenant";
const ANOTHER: &str = "has an external id that is not the one of the person of that name in Entra";

/// What Entra has behind the external ids of Databricks.
struct Links<'a> {
    principals: &'a Principals,
    /// Everybody's names, once somebody is found who is not linked to one of those who were read.
    names: OnceCell<HashSet<Cow<'a, str>>>,
}

/// Where an external id leads.
enum Lead {
    Right,
    Nobody,
    Another,
    Unread,
}

impl<'a> Links<'a> {
    fn of(principals: &'a Principals) -> Self {
        Self {
            principals,
            names: OnceCell::new(),
        }
    }

    fn names(&self) -> &HashSet<Cow<'a, str>> {
        self.names.get_or_init(|| {
            let people = self.principals.users.values();
            people
                .flat_map(|person| [Some(&*person.user_principal_name), person.mail.as_deref()])
                .flatten()
                .map(lower)
                .collect()
        })
    }

    /// The people in scope are read; who is linked to somebody else is looked up by id.
    fn lead(&self, user: &DatabricksUser, id: &str) -> Lead {
        let known = &self.principals.users;
        if known.contains_key(id) || known.contains_key(&*lower(id)) {
            return Lead::Right;
        }
        if self.names().contains(&*lower(&user.user_name)) {
            return Lead::Another;
        }
        match self.principals.absent.value() {
            None => Lead::Unread,
            Some(absent) if absent.contains(id) => Lead::Nobody,
            Some(_) => Lead::Right,
        }
    }
}
