//! What a move could not see, said in its plan: nobody is to find out afterwards.

use std::collections::BTreeMap;

use super::{by_hand_step, workspace_of};
use crate::checks::few;
use crate::model::Setup;
use crate::observation::{Connector, Observation};
use crate::plan::Plan;

/// Names what of the workspaces whose connectors are paused cannot be watched, and the connectors whose target is not known.
pub(super) fn say(setup: &Setup, seen: &Observation, pausing: &[&Connector], plan: &mut Plan) {
    let workspaces: Vec<_> = pausing
        .iter()
        .filter_map(|connector| workspace_of(seen, connector))
        .collect();
    let people = workspaces
        .iter()
        .map(|one| (one.label(), one.directory.users.gap()));
    for (why, labels) in by_reason(people) {
        plan.by_hand.push(by_hand_step(
            "workspace-access",
            format!("Whether people stay active in {labels} cannot be watched"),
            &[
                &why,
                "Enter a personal access token of a workspace admin on the page **Connectors**, and make the plan again.",
                "Or ask somebody there, right after the run, whether they can still open the workspace.",
            ],
        ));
    }
    let rights = workspaces
        .iter()
        .map(|one| (one.label(), one.assignments.gap()));
    for (why, labels) in by_reason(rights) {
        plan.by_hand.push(by_hand_step(
            "workspace-access",
            format!("Who is assigned to {labels} cannot be compared before and after"),
            &[
                &why,
                "Give a second Databricks credential that is account admin on the page **Connectors**, and make the plan again.",
                "Or look in the account console under **Workspaces**, the workspace, **Permissions**: note who is there now, and compare after the run.",
            ],
        ));
    }
    let own = seen.connector(setup).map(|own| &*own.service_principal_id);
    let targetless: Vec<String> = seen
        .entra
        .connectors
        .value()
        .into_iter()
        .flatten()
        .filter(|one| Some(&*one.service_principal_id) != own)
        .filter(|one| one.is_running() != Some(false) && !one.secrets.is_known())
        .filter(|one| {
            !pausing
                .iter()
                .any(|other| other.service_principal_id == one.service_principal_id)
        })
        .map(|one| one.display_name.clone())
        .collect();
    if !targetless.is_empty() {
        plan.by_hand.push(by_hand_step(
            "connectors-found",
            format!(
                "Where these connectors lead could not be read, and they go on as they are: {}",
                few(targetless)
            ),
            &[
                "In Entra open **Enterprise apps**, the app, **Provisioning**, and read its **Tenant URL**.",
                "If it is a workspace of this move, sign in with what reads it, and make the plan again.",
            ],
        ));
    }
}

/// The workspaces for each reason, in words.
fn by_reason(facts: impl Iterator<Item = (String, Option<String>)>) -> BTreeMap<String, String> {
    let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (label, gap) in facts {
        if let Some(why) = gap {
            reasons.entry(why).or_default().push(label);
        }
    }
    let reasons = reasons.into_iter();
    reasons.map(|(why, labels)| (why, few(labels))).collect()
}
