//! How long a job in quarantine has left.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use ts_rs::TS;

use crate::observation::connector::{Job, Quarantine};

/// Days after which Entra switches a quarantined job off (facts/entra §5.3).
pub const QUARANTINE_DAYS: i64 = 28;

/// A quarantine and its clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Clock {
    /// The reason, as Entra writes it.
    pub reason: String,
    /// What it means.
    pub meaning: String,
    /// Since when.
    #[ts(type = "string | null")]
    pub since: Option<Timestamp>,
    /// When Entra switches the job off.
    #[ts(type = "string | null")]
    pub ends: Option<Timestamp>,
    /// Whole days until then, of [`QUARANTINE_DAYS`].
    pub days_left: Option<u32>,
    /// When Entra tries again by itself.
    #[ts(type = "string | null")]
    pub next_attempt: Option<Timestamp>,
}

/// The clock of a job's quarantine; `None` where it is in none.
pub fn clock(job: &Job, now: Timestamp) -> Option<Clock> {
    let quarantine = job.quarantine.as_ref()?;
    let left = quarantine.since.map(|since| time_left(since, now));
    Some(Clock {
        reason: quarantine.reason.clone(),
        meaning: meaning(quarantine).to_owned(),
        since: quarantine.since,
        ends: left.and_then(|(ends, _)| ends),
        days_left: left.map(|(_, days)| days),
        next_attempt: quarantine.next_attempt,
    })
}

/// When Entra switches a job off that is in quarantine since then, and the whole days until then.
pub(crate) fn time_left(since: Timestamp, now: Timestamp) -> (Option<Timestamp>, u32) {
    let ends = since
        .checked_add(SignedDuration::from_hours(24 * QUARANTINE_DAYS))
        .ok();
    let days = ends.map_or(QUARANTINE_DAYS, |ends| {
        ends.duration_since(now).as_hours().div_euclid(24)
    });
    let days = days.clamp(0, QUARANTINE_DAYS);
    (ends, u32::try_from(days).unwrap_or_default())
}

/// What a reason means (facts/entra §1.7).
pub(super) fn meaning(quarantine: &Quarantine) -> &'static str {
    if quarantine.holds_deletions() {
        "More people or groups were to be deactivated or deleted in one cycle than the set-up allows. Entra holds them until a person decides."
    } else if quarantine.is_about_credentials() {
        "Entra could not sign in to Databricks, or not reach it."
    } else if quarantine.reason.to_ascii_lowercase().contains("escrow") {
        "Too many entries failed. What failed most often stands in the provisioning log."
    } else {
        "Entra names a reason that Usher does not know. The provisioning log says more."
    }
}
