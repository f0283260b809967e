//! What must hold right before a change is sent, whatever the plan says (`contracts/cli.md`, rules 1 to 6).

use url::Url;
use usher_core::model::{Origin, Secret};
use usher_core::plan::Intent;
use usher_entra::graph::{
    Credentials, DATABRICKS_TEMPLATE, GetSecrets, Graph, GraphError, ListJobs, Look as Seen,
    SynchronizationJob, ValidateCredentials, Verdict, Window, verdict,
};

use super::journal::Brought;
use super::stand::{Look, id};
use super::target::{JOB, SERVICE_PRINCIPAL};

/// The SCIM token, with the address it was entered for: Entra is asked to send it nowhere else.
#[derive(Debug, Clone)]
pub struct ScimToken {
    /// The SCIM URL.
    pub url: Url,
    /// The token.
    pub secret: Secret,
}

/// Why a change must not be sent.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unmet {
    /// In words.
    #[error("{0}")]
    Words(String),
    /// It could not be found out.
    #[error(transparent)]
    Graph(#[from] GraphError),
}

fn unmet<T>(words: impl Into<String>) -> Result<T, Unmet> {
    Err(Unmet::Words(words.into()))
}

/// Checks what must hold before `intent` is sent.
pub(super) async fn check(
    look: &Look<'_>,
    intent: &Intent,
    ids: &Brought,
    token: Option<&ScimToken>,
    is_fresh: bool,
) -> Result<(), Unmet> {
    match intent {
        Intent::SaveSecrets { base_address, .. } => {
            inline(look, ids, base_address, token, is_fresh).await
        }
        Intent::CreateJob { .. } => {
            let get = GetSecrets {
                service_principal: id(ids, SERVICE_PRINCIPAL).to_owned(),
            };
            let stored = look.graph.run(&get, look.cancel).await?;
            match stored.base_address() {
                Some(address) => inline(look, ids, address, token, is_fresh).await,
                None => unmet(
                    "No SCIM address is saved yet, and a job that cannot reach Databricks goes into quarantine at once.",
                ),
            }
        }
        Intent::Start { .. } | Intent::Restart { .. } => saved(look, ids).await,
        Intent::Unassign { .. } => not_running(look, ids).await,
        Intent::CreateApplication { .. }
        | Intent::SetAssignmentRequired { .. }
        | Intent::RepairMapping { .. }
        | Intent::Assign { .. }
        | Intent::Pause { .. }
        | Intent::ProvisionOne { .. } => Ok(()),
    }
}

/// Whether a change sends the token, so that it cannot be made without one.
pub(super) fn sends_token(intent: &Intent) -> bool {
    matches!(intent, Intent::SaveSecrets { .. })
}

/// Rule 6: Entra must accept the address with a token that we hold.
async fn inline(
    look: &Look<'_>,
    ids: &Brought,
    address: &str,
    token: Option<&ScimToken>,
    is_fresh: bool,
) -> Result<(), Unmet> {
    let Some(token) = token else {
        return unmet(
            "Usher does not hold the SCIM token, and saving settings without it could wipe the one that is stored. \
             Enter the token, or make this change by hand.",
        );
    };
    let origin_of = |text: &str| Url::parse(text).ok().and_then(|url| Origin::of(&url));
    if origin_of(address).is_none_or(|origin| Some(origin) != Origin::of(&token.url)) {
        return unmet(format!(
            "The token was entered for another host than the address in the connector ({address}), so it is not sent there."
        ));
    }
    let validate = ValidateCredentials {
        service_principal: id(ids, SERVICE_PRINCIPAL).to_owned(),
        job: None,
        template_id: DATABRICKS_TEMPLATE.to_owned(),
        credentials: Credentials::Inline {
            base_address: address.to_owned(),
        },
    };
    // A fresh application is not known everywhere yet; elsewhere a refusal is a refusal.
    let window = if is_fresh {
        Window {
            agreeing: 1,
            ..Window::AFTER_CREATION
        }
    } else {
        ONE_LOOK
    };
    let told = look
        .graph
        .settle(window, look.cancel, async || {
            let outcome = look
                .graph
                .run_with(&validate, Some(&token.secret), look.cancel)
                .await;
            verdict(outcome).map(Seen::There)
        })
        .await?;
    judge(told, "Entra did not accept the address and the token")
}

/// One look and no waiting.
const ONE_LOOK: Window = Window {
    budget: std::time::Duration::ZERO,
    every: std::time::Duration::ZERO,
    agreeing: 1,
};

/// What is stored must work before a job is started: wrong credentials put it into quarantine at once.
async fn saved(look: &Look<'_>, ids: &Brought) -> Result<(), Unmet> {
    let told = saved_verdict(look.graph, ids, look).await?;
    judge(
        Some(told),
        "Entra did not accept the saved address and token",
    )
}

/// What Entra says about the saved credentials.
pub(super) async fn saved_verdict(
    graph: &Graph,
    ids: &Brought,
    look: &Look<'_>,
) -> Result<Verdict, GraphError> {
    let validate = ValidateCredentials {
        service_principal: id(ids, SERVICE_PRINCIPAL).to_owned(),
        job: ids.get(JOB).cloned(),
        template_id: DATABRICKS_TEMPLATE.to_owned(),
        credentials: Credentials::Saved,
    };
    verdict(graph.run(&validate, look.cancel).await)
}

fn judge(told: Option<Verdict>, refusal: &str) -> Result<(), Unmet> {
    match told {
        Some(Verdict::Accepted) => Ok(()),
        Some(Verdict::Rejected { code, message }) if message.is_empty() => {
            unmet(format!("{refusal} ({code})."))
        }
        Some(Verdict::Rejected { code, message }) => {
            unmet(format!("{refusal} ({code}): {message}"))
        }
        None => unmet("Entra did not say whether it accepts the address and the token."),
    }
}

/// Rules 1 and 2: two agreeing looks see no job running.
async fn not_running(look: &Look<'_>, ids: &Brought) -> Result<(), Unmet> {
    let list = ListJobs {
        service_principal: id(ids, SERVICE_PRINCIPAL).to_owned(),
    };
    for _ in 0..2 {
        let jobs = look.graph.all(&list, look.cancel).await?;
        if !jobs.iter().all(SynchronizationJob::is_stopped) {
            return unmet(
                "The connector still runs, or may, so taking an assignment off it would deactivate people. Pause it first.",
            );
        }
    }
    Ok(())
}
