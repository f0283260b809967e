//! The connection: from here, from Entra, and what Entra holds for it.

mod age;
mod owner;

use super::verdict::Verdict;
use super::{Check, Context, journeys};
use crate::connection::{PhaseStatus, Verdict as Connection};
use crate::finding::{How, Weight};
use crate::plan::of_another_side;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "connection-from-here",
        title: "The connection works from this machine",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Databricks: SCIM API",
        judge: connection_from_here,
    },
    Check {
        id: "connection-from-entra",
        title: "The connection works from Entra",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Microsoft Graph: validateCredentials",
        judge: connection_from_entra,
    },
    Check {
        id: "endpoint-matches",
        title: "Entra holds the right SCIM URL",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Microsoft Graph: synchronization secrets, BaseAddress",
        judge: endpoint_matches,
    },
    Check {
        id: "secret-saved",
        title: "Entra holds a token",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Microsoft Graph: synchronization secrets, SecretToken",
        judge: secret_saved,
    },
    Check {
        id: "token-age",
        title: "The token lasts for a while",
        weight: Weight::Risks,
        journeys: journeys::ALL,
        source: "Databricks: SCIM token and personal access tokens",
        judge: age::token_age,
    },
    Check {
        id: "pat-owner-admin",
        title: "The token's owner is a workspace admin",
        weight: Weight::Blocks,
        journeys: journeys::WORKSPACE,
        source: "Databricks: workspace-level SCIM provisioning",
        judge: owner::pat_owner_admin,
    },
    Check {
        id: "pat-owner-unmanaged",
        title: "The connector does not manage its own token's owner",
        weight: Weight::Blocks,
        journeys: journeys::WORKSPACE,
        source: "Databricks: workspace-level SCIM provisioning",
        judge: owner::pat_owner_unmanaged,
    },
];

fn connection_from_here(context: &Context<'_>) -> Verdict {
    if let Some(target) = of_another_side(context.setup) {
        let wanted = if context.is_workspace() {
            "one workspace"
        } else {
            "the account"
        };
        return Verdict::fail(
            How::Input,
            &[
                "For the account: copy the **Account SCIM URL** from **Security**, then **User provisioning**, in the account console.",
                "For one workspace: take the workspace's own URL and add **/api/2.0/preview/scim**.",
            ],
        )
        .shows("SCIM URL leads to", target.label())
        .shows("This set-up is about", wanted);
    }
    let seen = &context.seen.databricks.connection;
    let Some(report) = seen.value() else {
        return Verdict::unseen(seen);
    };
    let verdict = match (&report.verdict, &report.fault) {
        (Connection::Pass, _) => {
            let warned = report
                .phases
                .iter()
                .filter(|phase| phase.status == PhaseStatus::Warn);
            warned.fold(Verdict::pass(How::Databricks), |verdict, phase| {
                verdict.shows("To know", phase.summary.clone())
            })
        }
        (Connection::Fail, Some(fault)) => {
            let mut verdict = Verdict::fail(How::Databricks, &[])
                .shows("Fault", fault.title.clone())
                .shows("Cause", fault.cause.clone());
            verdict.fix = Some(fault.fix.clone());
            verdict
        }
        (Connection::Fail, None) => Verdict::fail(
            How::Databricks,
            &["Press **Test again** on the page **Test the connection**."],
        ),
    };
    verdict.seen(seen).shows("Host", report.host.clone())
}

fn connection_from_entra(context: &Context<'_>) -> Verdict {
    let (check, seen) = match context.fact(|connector| &connector.saved_credentials) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    if check.accepted {
        return Verdict::pass(How::Entra)
            .seen(seen)
            .shows("Entra's test connection", "accepted");
    }
    let here = context
        .seen
        .databricks
        .connection
        .value()
        .map(|report| report.verdict);
    // Databricks answered and refused (facts/entra §5.1): the stored token is the first thing to look at, not the way there.
    let refused = check
        .code
        .as_deref()
        .is_some_and(|code| code.contains("CredentialValidationFailure"));
    let verdict = if here == Some(Connection::Pass) && refused {
        Verdict::fail(
            How::Entra,
            &[
                "Save URL and token in Entra anew: Entra most likely holds another token than the one tested here.",
                "If it is refused again, look whether the Databricks account (or workspace) has an IP access list or a private link: this machine gets through, Entra does not.",
            ],
        )
        .shows("From this machine", "works")
    } else if here == Some(Connection::Pass) {
        Verdict::fail(
            How::Entra,
            &[
                "Look whether the Databricks account (or workspace) has an IP access list or a private link: this machine gets through, Entra does not.",
                "Allow Entra's ranges: the service tag **AzureActiveDirectory**, not one of its subtags.",
                "If the list is not the cause, save URL and token in Entra anew: Entra may hold another token than the one tested here.",
            ],
        )
        .shows("From this machine", "works")
    } else {
        Verdict::fail(
            How::Entra,
            &[
                "Put the connection right from this machine first (**Test the connection**).",
                "Save URL and token in Entra anew, and test again.",
            ],
        )
    };
    let said = [check.code.as_deref(), check.message.as_deref()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(": ");
    verdict.seen(seen).shows(
        "Entra's test connection",
        if said.is_empty() {
            "refused".to_owned()
        } else {
            said
        },
    )
}

fn endpoint_matches(context: &Context<'_>) -> Verdict {
    let Some(wanted) = context.setup.databricks.scim_url.as_deref() else {
        return Verdict::unknown("The set-up has no SCIM URL yet.");
    };
    let (secrets, seen) = match context.secrets() {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let presses = [
        "In Entra open **Enterprise apps**, the app, **Provisioning**, then **Connectivity** (formerly **Admin credentials**).",
        "Put the SCIM URL into **Tenant URL**, exactly as shown here: no query, nothing after it.",
        "Press **Test connection**, then **Save**.",
    ];
    let found = secrets.base_address.as_deref().unwrap_or_default();
    let verdict = if found.trim().trim_end_matches('/') == wanted.trim().trim_end_matches('/') {
        Verdict::pass(How::Entra)
    } else {
        Verdict::fail(How::Entra, &presses)
    };
    let shown = if found.is_empty() {
        "no URL is saved"
    } else {
        found
    };
    verdict
        .seen(seen)
        .shows("Tenant URL in Entra", shown)
        .shows("SCIM URL", wanted)
}

fn secret_saved(context: &Context<'_>) -> Verdict {
    let (secrets, seen) = match context.secrets() {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    if secrets.token_stored {
        return Verdict::pass(How::Entra)
            .seen(seen)
            .shows("Secret token in Entra", "stored; Entra shows it to nobody");
    }
    Verdict::fail(
        How::Entra,
        &[
            "In Entra open **Enterprise apps**, the app, **Provisioning**, then **Connectivity** (formerly **Admin credentials**).",
            "Paste the token into **Secret token**. Left blank, Entra sends a token of its own, which is none of Databricks'.",
            "Press **Test connection**, then **Save**.",
        ],
    )
    .seen(seen)
    .shows("Secret token in Entra", "none is stored")
}
