//! The safety belt of a move (`want.safetyBelt`): while old connectors are paused, people who leave the account connector's
//! scope keep their accounts (`SkipOutOfScopeDeletions`, facts/entra §1.9); it is taken off again at the end.
//!
//! That the setting is a belt while two connectors are swapped is INFERRED from what its documentation says it does.

use super::{by_hand_step, service_principal};
use crate::model::Setup;
use crate::observation::Connector;
use crate::plan::{ByHand, Change, ChangeKind, Intent, Plan, PlanOptions, SettingsIntent, Undo};

/// Puts the belt around a plan. `paused`: whether the plan pauses old connectors. An account connector that is still to be made
/// has brought nobody, and needs none.
pub(super) fn fasten(
    setup: &Setup,
    own: Option<&Connector>,
    paused: bool,
    options: PlanOptions,
    plan: &mut Plan,
) {
    let Some(secrets) = own.and_then(|own| own.secrets.value()) else {
        return;
    };
    let (Some(own), Some(address)) = (own, secrets.base_address.as_deref()) else {
        return;
    };
    let is_on = secrets.skip_out_of_scope_deletions == Some(true);
    if !setup.want.safety_belt || (!paused && !is_on) {
        return;
    }
    if !options.token_held {
        plan.by_hand.push(without_token(own));
        return;
    }
    if paused && !is_on {
        plan.changes.insert(0, switch(own, address, true));
    }
    plan.changes.push(switch(own, address, false));
}

fn switch(own: &Connector, address: &str, on: bool) -> Change {
    let name = &own.display_name;
    let word = |on: bool| {
        if on {
            "people who leave the scope keep their accounts"
        } else {
            "people who leave the scope are deactivated"
        }
    };
    Change {
        id: format!(
            "save-settings:{}:safety-belt-{}",
            own.service_principal_id,
            if on { "on" } else { "off" }
        ),
        kind: ChangeKind::SaveSettings,
        title: if on {
            format!("Put the safety belt on {name} for the move")
        } else {
            format!("Take the safety belt off {name} after the move")
        },
        target: name.clone(),
        before: word(!on).to_owned(),
        after: word(on).to_owned(),
        intent: Intent::SaveSecrets {
            service_principal: service_principal(own),
            base_address: address.to_owned(),
            settings: SettingsIntent {
                skip_out_of_scope_deletions: Some(on),
                ..SettingsIntent::default()
            },
        },
        undo: Undo::Yes,
        guard: Some(
            "Entra has tried the token that is written along, and it was accepted.".to_owned(),
        ),
    }
}

fn without_token(own: &Connector) -> ByHand {
    by_hand_step(
        "workspace-access",
        format!(
            "The safety belt of {} cannot be set, because Usher holds no token to save it with",
            own.display_name
        ),
        &[
            "Enter the account's SCIM token, and make the plan again.",
            "Or go on without the safety belt: the plan pauses nothing before everyone is covered.",
        ],
    )
}
