//! The SCIM URL that a plan would save: it has to be one of Databricks, and of the side the journey is about. Entra is asked to
//! send the token wherever it leads, so a wrong one forbids the plan (`contracts/cli.md`, set-up file and rule 12).

use super::Refusal;
use super::guards::refusal;
use crate::connection::fault::FaultContext;
use crate::connection::{Fault, FaultCode};
use crate::model::Setup;
use crate::model::setup::Journey;
use crate::target::Target;

/// Why nothing can be planned with the set-up's SCIM URL. `fault`: what is wrong with it by itself, host included.
pub(super) fn unusable(setup: &Setup, fault: Option<FaultCode>) -> Option<Refusal> {
    setup.databricks.scim_url.as_ref()?;
    if let Some(code) = fault {
        let fault = Fault::of(code, &FaultContext::default());
        return Some(Refusal {
            check: "endpoint-matches".to_owned(),
            title: format!("{} (databricks.scimUrl in the set-up)", fault.title),
            fix: fault.fix,
        });
    }
    let leads_to = match of_another_side(setup)? {
        Target::Account(id) => format!("the account {id}, and this set-up is about one workspace"),
        Target::Workspace(origin) => format!(
            "the workspace {}, and this set-up is about the account",
            origin.host()
        ),
    };
    Some(refusal(
        "endpoint-matches",
        format!("The SCIM URL (databricks.scimUrl in the set-up) leads to {leads_to}"),
        &[
            "For the account: copy the **Account SCIM URL** from **Security**, then **User provisioning**, in the account console.",
            "For one workspace: take the workspace's own URL and add **/api/2.0/preview/scim**.",
            "Make the plan again.",
        ],
    ))
}

/// Where the SCIM URL leads to, when that is not what the journey is about.
pub(crate) fn of_another_side(setup: &Setup) -> Option<Target> {
    let target = Target::of(setup.databricks.scim_url.as_deref()?)?;
    let is_of_a_workspace = matches!(target, Target::Workspace(_));
    (is_of_a_workspace != (setup.journey == Journey::Workspace)).then_some(target)
}
