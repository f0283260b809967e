//! The ways to set a job going again, what each of them does, and which one Usher offers (facts/entra §1.6; `contracts/cli.md`, rule 5).

use serde::Serialize;
use ts_rs::TS;

use crate::observation::connector::{CredentialCheck, Job};

/// A way to set a job going again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RestartChoice {
    /// A stable id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it does, and what it costs.
    pub does: String,
    /// Whether Usher offers it now.
    pub offered: bool,
    /// Why it is not offered, or what holds before it is.
    pub note: String,
}

/// The choices for a job in quarantine, the mildest first; none for a job that is in none.
///
/// `credentials`: what Entra's own test of the saved URL and token said, where it was asked.
pub fn choices(job: &Job, credentials: Option<&CredentialCheck>) -> Vec<RestartChoice> {
    let Some(quarantine) = &job.quarantine else {
        return Vec::new();
    };
    let accepted = credentials.map(|check| check.accepted);
    let (offered, note) = if quarantine.holds_deletions() {
        (
            false,
            "Not now: deletions are held. A restart before somebody has decided about them would put people out of sight.",
        )
    } else if !quarantine.is_about_credentials() {
        (
            false,
            "Not now: it would run into the same failures. Put right what failed first; a person then restarts it in the portal.",
        )
    } else {
        match accepted {
            Some(true) => (true, "Entra accepts the saved URL and token."),
            Some(false) => (
                false,
                "Not yet: Entra still refuses the saved URL and token. Save them anew first.",
            ),
            None => (
                false,
                "Not yet: whether Entra accepts the saved URL and token was not seen.",
            ),
        }
    };
    let choice = |id: &str, title: &str, does: &str, offered: bool, note: &str| RestartChoice {
        id: id.to_owned(),
        title: title.to_owned(),
        does: does.to_owned(),
        offered,
        note: note.to_owned(),
    };
    vec![
        choice(
            "wait",
            "Wait",
            "Entra tries again by itself, at first after 6, 12 and 24 hours, then once a day. When a try succeeds the job leaves the quarantine and goes on where it was.",
            false,
            "Nothing to press. Enough where the cause is gone and there is no hurry.",
        ),
        choice(
            "restart",
            "Restart provisioning",
            "Clears the quarantine, the failed entries and the watermark: Entra looks at everybody in scope anew, as in a first cycle, which takes from 20 minutes to some hours. Links between people in Entra and in Databricks stay.",
            offered,
            note,
        ),
        choice(
            "full",
            "Restart with everything forgotten",
            "Forgets the links as well: Entra has to find everybody again by name. Who was renamed since is not found and may be made a second time.",
            false,
            "Usher never does this.",
        ),
        choice(
            "force-deletes",
            "Carry out held deletions",
            "Makes the deletions that accidental-deletion prevention holds. People lose Databricks by it.",
            false,
            "Usher never does this. A person allows it in the portal, after looking at who is held.",
        ),
    ]
}
