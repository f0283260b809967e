//! Looking at both sides for the open set-up.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use usher_core::checks;
use usher_core::comparison::Comparison;
use usher_core::document::Document;
use usher_core::finding::Report;
use usher_core::observation::Observation;

use super::connection::is_absent;
use super::jobs::JobKind;
use super::setups::Open;
use super::view::{Failure, ObserveEvent, SecretSlot, SetupView, StartJob};
use super::{Progress, Session, rows, show};
use crate::apply::{FileJournal, looking_back};
use crate::observe::{self, ObserveContext, Part, Secrets, What};
use crate::store::{keep_report, last_report};

impl Session {
    /// `observe`
    pub async fn observe(
        &self,
        request: StartJob,
        progress: Progress<ObserveEvent>,
    ) -> Result<SetupView, Failure> {
        let job = self.0.jobs.begin(request.job, JobKind::Observe)?;
        self.job(async move |session| {
            session.connect_once(&job.token, &progress).await?;
            session
                .look(What::EVERYTHING, &job.token, &progress)
                .await?;
            session.with_open(show::setup)
        })
        .await
    }

    /// Tries the connection from here where that was not done yet and can be: what it says belongs to both sides.
    async fn connect_once(
        &self,
        cancel: &tokio_util::sync::CancellationToken,
        progress: &Progress<ObserveEvent>,
    ) -> Result<(), Failure> {
        let known =
            self.with_open(|open, _| open.observed.observation.databricks.connection.is_known())?;
        if known || self.scim_url().is_none() || self.kept(SecretSlot::ScimToken).await?.is_none() {
            return Ok(());
        }
        progress(ObserveEvent::Looking {
            what: "Testing the connection from this computer".to_owned(),
            done: None,
            total: None,
            left: None,
        });
        self.try_connection(|_| {}, cancel).await
    }

    /// Looks, and notes what was seen with the open set-up.
    pub(super) async fn look(
        &self,
        what: What,
        cancel: &tokio_util::sync::CancellationToken,
        progress: &Progress<ObserveEvent>,
    ) -> Result<(), Failure> {
        let (key, wanted, setup, entra, client, kept) = self.with_open(|open, place| {
            (
                open.file.key(),
                open.file.setup.clone(),
                // A rollback has to know whom assignments held that are off by now.
                looking_back(
                    &open.file.setup,
                    &FileJournal::peek(open.file.path()).unwrap_or_default(),
                ),
                open.entra.clone(),
                place.client.clone(),
                open.kept.clone(),
            )
        })?;
        let secrets = self.databricks_secrets().await?;
        let waits = progress.clone();
        let waits: usher_transport::EventSink = Arc::new(move |event| {
            if let Some((seconds, reason)) = wait_in_words(&event) {
                waits(ObserveEvent::Waiting { seconds, reason });
            }
        });
        let client = client.with_events(Arc::clone(&waits));
        let entra = entra.map(|entra| entra.telling(waits));
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
                left: step.left,
            });
        };
        let early = Mutex::new(Observation::default());
        let parts = |part: Part<'_>| {
            let mut seen = early.lock().unwrap_or_else(PoisonError::into_inner);
            match part {
                Part::Databricks(facts) => seen.databricks = facts.clone(),
                Part::Entra(facts) => seen.entra = facts.clone(),
            }
            let report = checks::judge(&wanted, &seen, Timestamp::now());
            progress(ObserveEvent::Found {
                findings: show::early(&report),
            });
        };
        let observed =
            observe::observe_in_parts(&context, &told, &parts, Some(&kept), cancel).await;
        let mut observed = observed.map_err(|observe::Cancelled| Failure::cancelled())?;
        let at = Timestamp::now();
        let whole = what == What::EVERYTHING;
        self.update(&key, |open| {
            let known = &open.observed.observation.databricks.connection;
            if !observed.observation.databricks.connection.is_known() {
                observed.observation.databricks.connection = known.clone();
            }
            open.observed = Arc::new(observed);
            open.assigned = rows::assigned(open);
            // A look at a part says nothing about the rest: nothing is planned from it.
            open.observed_at = whole.then_some(at);
            if whole {
                compare(open, at);
            }
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

/// Compares with the last look of an earlier run, or where there was none with the first of this one, and keeps the report for the
/// next run. A report that cannot be kept is one comparison less.
fn compare(open: &mut Open, at: Timestamp) {
    let path = open.file.path().to_owned();
    let report = Arc::new(Document::new(show::report(open), at));
    // What was seen before there was an address is no state of this connector.
    let comparable = |last: &Arc<Document<Report>>| {
        last.body.fits(&open.file.setup)
            && last.body.about.scim_url.is_some() == report.body.about.scim_url.is_some()
    };
    let kept = || last_report(&path).map(Arc::new);
    let last = open.last_report.take().or_else(kept);
    let last = last.filter(comparable);
    open.comparison = last.as_ref().map(|last| Comparison::of(last, &report.body));
    if let Err(error) = keep_report(&path, &report) {
        tracing::warn!(%error, "the report is not kept for the next comparison");
    }
    open.last_report = last.or(Some(report));
}

/// A wait of the HTTP client: how many seconds, for whom and why.
pub(super) fn wait_in_words(event: &usher_transport::Event) -> Option<(f64, String)> {
    use usher_transport::{Event, WaitReason};
    let Event::Waiting {
        wait,
        reason,
        operation,
        host,
        ..
    } = event
    else {
        return None;
    };
    let reason = match reason {
        WaitReason::Asked => "asked for it",
        WaitReason::Throttled => "has too many requests",
        WaitReason::ServerError => "could not answer",
        WaitReason::Connection => "could not be reached",
    };
    Some((wait.as_secs_f64(), format!("{host} {reason} ({operation})")))
}
