//! How long tokens last: the one beside the SCIM URL, and in a move those that the old connectors have saved.

use jiff::SignedDuration;

use super::super::verdict::{Verdict, rank, subject};
use super::super::{Context, retiring};
use crate::finding::{How, Status, Subject};
use crate::model::setup::Journey;
use crate::plan::migrate::{Lasts, SOON, lasts};
use crate::text::{date, days_until};

/// The token beside the SCIM URL; in a move also those of the old connectors that still run, each as far as it can be seen.
pub(super) fn token_age(context: &Context<'_>) -> Verdict {
    let own = own_token(context);
    let old = match context.journey() {
        Journey::Migrate => old_tokens(context),
        Journey::Account | Journey::Workspace => Vec::new(),
    };
    let presses = [
        "Before the old connectors are paused, generate a new personal access token in the workspace named here, as an admin whom no connector manages.",
        "Save it in the connector: **Enterprise apps**, the app, **Provisioning**, **Connectivity** (formerly **Admin credentials**), and test the connection there.",
        "Without that a rollback cannot start this connector again.",
    ];
    let worst = Verdict::worst(How::Databricks, old, &presses);
    if rank(worst.status) <= rank(own.status) {
        return own.of(worst.subjects);
    }
    let evidence = own.evidence.into_iter().chain(worst.evidence).collect();
    Verdict { evidence, ..worst }
}

/// The saved tokens of the connectors that a move is about to pause.
fn old_tokens(context: &Context<'_>) -> Vec<Subject> {
    let old = retiring(context.setup, context.seen).unwrap_or_default();
    let running = old
        .into_iter()
        .filter(|old| old.is_running() != Some(false));
    running
        .map(|connector| {
            let (status, note) = match lasts(connector, context.seen) {
                Lasts::Refused => (
                    Status::Fail,
                    "Entra does not accept the token it has saved, so this connector could not be started again".to_owned(),
                ),
                Lasts::Until(end) => {
                    let days = days_until(end, context.now);
                    let status = if days <= SOON { Status::Warn } else { Status::Pass };
                    let end = date(end);
                    (status, format!("the token entered for its workspace ends on {end}, in {days} days; that Entra has saved this one is not seen"))
                }
                Lasts::Forever => (
                    Status::Pass,
                    "the token entered for its workspace never ends; that Entra has saved this one is not seen".to_owned(),
                ),
                Lasts::Unseen(why) => (
                    Status::Unknown,
                    format!("When its saved token ends cannot be seen. {why}"),
                ),
            };
            subject(&*connector.display_name, status, note)
        })
        .collect()
}

/// How long a token is taken to last when only its creation date is known.
const ASSUMED_DAYS: i64 = 365;

fn own_token(context: &Context<'_>) -> Verdict {
    let setup = &context.setup.databricks;
    let seen = &context.seen.databricks.token_expires;
    let told = seen.value().copied();
    if told == Some(None) {
        return Verdict::pass(How::Databricks)
            .seen(seen)
            .shows("Expires", "never, as Databricks lists it");
    }
    // What Databricks tells overrules what was entered.
    let told = told.flatten();
    let how = if told.is_some() {
        How::Databricks
    } else {
        How::Input
    };
    let assumed = || {
        setup
            .token_created_at?
            .checked_add(SignedDuration::from_hours(24 * ASSUMED_DAYS))
            .ok()
    };
    let (expires, note) = match (told.or(setup.token_expires_at), assumed()) {
        (Some(expires), _) => (expires, None),
        (None, Some(expires)) => (
            expires,
            Some("assumed: one year after it was made, because no expiry is known"),
        ),
        (None, None) => {
            return Verdict::unknown(
                "When the token was made is not known. What would tell: its creation date or its expiry, entered beside the token.",
            );
        }
    };
    let days = days_until(expires, context.now);
    let presses = if context.is_workspace() {
        [
            "Generate a new personal access token, as an admin whom this connector does not manage.",
            "Save it in Entra and test the connection.",
        ]
    } else {
        [
            "In the account console open **Security**, then **User provisioning** (formerly **Settings**, then **User provisioning**), and press **Regenerate token**.",
            "Save it in Entra and test the connection.",
        ]
    };
    let verdict = match days {
        ..0 => Verdict::fail(how, &presses),
        0..=SOON => Verdict::warn(how, &presses),
        _ => Verdict::pass(how),
    };
    let left = match days {
        ..0 => "over".to_owned(),
        0..=7 => format!("{days} days left: renew it now"),
        8..=30 => format!("{days} days left: renew it this month"),
        31..=SOON => format!("{days} days left: plan its renewal"),
        _ => format!("{days} days left"),
    };
    let mut verdict = verdict.shows("Expires", date(expires)).shows("Left", left);
    if context.is_workspace() {
        verdict = verdict.shows(
            "To know",
            "a personal access token that nobody uses for 90 days is revoked",
        );
    }
    note.map_or(verdict.clone(), |note| verdict.shows("Expiry", note))
}
