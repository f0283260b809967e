//! Looking at both sides for the open set-up.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::connection::is_absent;
use super::jobs::JobKind;
use super::view::{Failure, ObserveEvent, SecretSlot, SetupView, StartJob};
use super::{Progress, Session, rows, show};
use crate::apply::{FileJournal, looking_back};
use crate::observe::{self, ObserveContext, Secrets, What};

impl Session {
    /// `observe`
    pub async fn observe(
        &self,
        request: StartJob,
        progress: Progress<ObserveEvent>,
    ) -> Result<SetupView, Failure> {
        let job = self.0.jobs.begin(request.job, JobKind::Observe)?;
        self.job(async move |session| {
            session
                .look(What::EVERYTHING, &job.token, &progress)
                .await?;
            session.with_open(show::setup)
        })
        .await
    }

    /// Looks, and notes what was seen with the open set-up.
    pub(super) async fn look(
        &self,
        what: What,
        cancel: &tokio_util::sync::CancellationToken,
        progress: &Progress<ObserveEvent>,
    ) -> Result<(), Failure> {
        let (key, setup, entra, client) = self.with_open(|open, place| {
            (
                open.file.key(),
                // A rollback has to know whom assignments held that are off by now.
                looking_back(
                    &open.file.setup,
                    &FileJournal::peek(open.file.path()).unwrap_or_default(),
                ),
                open.entra.clone(),
                place.client.clone(),
            )
        })?;
        let secrets = self.databricks_secrets().await?;
        let waits = progress.clone();
        let client = client.with_events(std::sync::Arc::new(move |event| {
            waits_shown(&event, &waits)
        }));
        let context = ObserveContext {
            setup: &setup,
            entra: entra.as_ref(),
            http: &client,
            secrets: &secrets,
            what,
        };
        let told = |step: observe::Progress| {
            progress(ObserveEvent::Looking {
                what: step.what,
                done: step.done,
                total: step.total,
            });
        };
        let observed = observe::observe(&context, &told, cancel).await;
        let mut observed = observed.map_err(|observe::Cancelled| Failure::cancelled())?;
        let at = Timestamp::now();
        self.update(&key, |open| {
            let known = &mut open.observed.observation.databricks.connection;
            if !observed.observation.databricks.connection.is_known() {
                observed.observation.databricks.connection = std::mem::take(known);
            }
            open.observed = observed;
            open.assigned = rows::assigned(open);
            open.observed_at = Some(at);
        })
    }

    /// What is kept of the Databricks side's secrets.
    pub(super) async fn databricks_secrets(&self) -> Result<Secrets, Failure> {
        let workspaces = self.with_open(|open, _| open.file.setup.databricks.workspaces.clone())?;
        let mut workspace_tokens = BTreeMap::new();
        for workspace in workspaces {
            let slot = SecretSlot::WorkspaceToken {
                workspace_id: workspace.id.clone(),
            };
            if let Some(token) = self.kept(slot).await? {
                workspace_tokens.insert(workspace.id, token);
            }
        }
        Ok(Secrets {
            scim_token: self.kept(SecretSlot::ScimToken).await?,
            databricks_client: self.kept(SecretSlot::DatabricksClientSecret).await?,
            workspace_tokens,
        })
    }

    /// A secret, or none where none is kept. A keyring that cannot be asked is a failure, not an absence.
    pub(super) async fn kept(
        &self,
        slot: SecretSlot,
    ) -> Result<Option<usher_core::model::Secret>, Failure> {
        match self.secret(slot).await {
            Ok(secret) => Ok(Some(secret)),
            Err(failure) if is_absent(failure.code) => Ok(None),
            Err(failure) => Err(failure),
        }
    }
}

/// A wait of the HTTP client, for the page.
fn waits_shown(event: &usher_transport::Event, progress: &Progress<ObserveEvent>) {
    if let usher_transport::Event::Waiting {
        wait,
        reason,
        operation,
        ..
    } = event
    {
        let reason = match reason {
            usher_transport::WaitReason::Asked => "the server asked for it",
            usher_transport::WaitReason::Throttled => "the server has too many requests",
            usher_transport::WaitReason::ServerError => "the server could not answer",
            usher_transport::WaitReason::Connection => "the connection failed",
        };
        progress(ObserveEvent::Waiting {
            seconds: wait.as_secs_f64(),
            reason: format!("{reason} ({operation})"),
        });
    }
}
