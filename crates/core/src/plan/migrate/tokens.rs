//! How long the tokens last that old connectors have saved: without a token that Entra accepts, a rollback cannot start them again
//! (`contracts/cli.md`, rule 3), so it is told before anything is paused.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{by_hand_step, workspace_of};
use crate::checks::few;
use crate::observation::{Connector, Observation};
use crate::plan::Plan;
use crate::text::{date, days_until};

/// Days before its end from which on a token's end is spoken of.
pub(crate) const SOON: i64 = 90;

/// How long the token lasts that a connector has saved, as far as anybody can see: Entra shows it to nobody, and Databricks lists the
/// tokens of whoever asks (facts/databricks §8, D12).
pub(crate) enum Lasts {
    /// Entra has tried it, and it was not accepted.
    Refused,
    /// The token that was entered for the workspace ends then.
    Until(Timestamp),
    /// The token that was entered for the workspace never ends.
    Forever,
    /// Not to be seen, and why.
    Unseen(String),
}

/// How long the saved token of a connector of a workspace lasts.
pub(crate) fn lasts(connector: &Connector, seen: &Observation) -> Lasts {
    let saved = connector.saved_credentials.value();
    if saved.is_some_and(|check| !check.accepted) {
        return Lasts::Refused;
    }
    let Some(workspace) = workspace_of(seen, connector) else {
        return Lasts::Unseen("Its workspace is not known.".to_owned());
    };
    let end = &workspace.token_expires;
    match end.value() {
        Some(Some(end)) => Lasts::Until(*end),
        Some(None) => Lasts::Forever,
        None => Lasts::Unseen(end.gap().unwrap_or_default()),
    }
}

/// Names the connectors that a rollback could not start again, or not for long, and those of which that cannot be seen.
pub(super) fn say(seen: &Observation, pausing: &[&Connector], now: Timestamp, plan: &mut Plan) {
    let mut refused = Vec::new();
    let mut ending = Vec::new();
    let mut unseen: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for connector in pausing {
        let name = connector.display_name.clone();
        match lasts(connector, seen) {
            Lasts::Refused => refused.push(name),
            Lasts::Until(end) if days_until(end, now) <= SOON => {
                ending.push(format!("{name} ({})", date(end)));
            }
            Lasts::Until(_) | Lasts::Forever => {}
            Lasts::Unseen(why) => unseen.entry(why).or_default().push(name),
        }
    }
    let renew = "Generate a new personal access token in the workspace, as an admin whom no connector manages, and save it in Entra: **Enterprise apps**, the app, **Provisioning**, **Connectivity** (formerly **Admin credentials**). Then make the plan again.";
    if !refused.is_empty() {
        plan.by_hand.push(by_hand_step(
            "token-age",
            format!(
                "These connectors could not be started again, because Entra does not accept the token they have saved: {}",
                few(refused)
            ),
            &[
                renew,
                "Or go on: a rollback then leaves their start to a person.",
            ],
        ));
    }
    if !ending.is_empty() {
        plan.by_hand.push(by_hand_step(
            "token-age",
            format!(
                "The tokens entered for the workspaces of these connectors end soon: {}",
                few(ending)
            ),
            &[
                "If they are the ones that Entra has saved, which it shows nobody, the connectors cannot be started again after that day.",
                renew,
                "Or go on, where a rollback after that day is not wanted.",
            ],
        ));
    }
    for (why, names) in unseen {
        plan.by_hand.push(by_hand_step(
            "token-age",
            format!(
                "When the saved tokens of these connectors end cannot be seen: {}",
                few(names)
            ),
            &[
                &why,
                "Look in each workspace, as the token's owner, under **Settings**, **Developer**, **Access tokens**: a rollback starts a connector again only while its token is accepted.",
                "A token that nobody uses for 90 days is revoked, and a paused connector does not use its own.",
            ],
        ));
    }
}
