//! The connection test of the open set-up's URL and token. It writes nothing anywhere.

use std::sync::Arc;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use usher_core::connection::ConnectionReport;
use usher_core::observation::Seen;

use super::jobs::JobKind;
use super::setups::Open;
use super::view::{
    ConnectionTest, Failure, FailureCode, PhaseEvent, SecretSlot, SetupView, StartJob,
};
use super::{Progress, Session, show};
use crate::doctor::{self, DoctorInput};

impl Session {
    /// `test_connection`
    pub async fn test_connection(
        &self,
        request: StartJob,
        progress: Progress<PhaseEvent>,
    ) -> Result<SetupView, Failure> {
        let job = self.0.jobs.begin(request.job, JobKind::Test)?;
        self.try_connection(move |event| progress(shown(event)), &job.token)
            .await?;
        self.with_open(show::setup)
    }

    /// Runs the connection doctor, and notes what it found with the open set-up.
    pub(super) async fn try_connection(
        &self,
        told: impl Fn(doctor::PhaseEvent) + Send + Sync + 'static,
        cancel: &CancellationToken,
    ) -> Result<(), Failure> {
        let (key, url) = self.with_open(|open, _| {
            (
                open.file.key(),
                open.file
                    .setup
                    .databricks
                    .scim_url
                    .clone()
                    .unwrap_or_default(),
            )
        })?;
        // Without a URL or a token there is something to say as well: the doctor's first phase says it.
        let token = match self.secret(SecretSlot::ScimToken).await {
            Ok(token) => Some(token),
            Err(missing) if is_absent(missing.code) => None,
            Err(failure) => return Err(failure),
        };
        let input = DoctorInput {
            url,
            token,
            timeout: None,
        };
        let report = doctor::run(&self.place().client, input, Arc::new(told), cancel).await;
        let report = report.map_err(|doctor::Cancelled| Failure::cancelled())?;
        self.update(&key, |open| note(open, report, Timestamp::now()))
    }

    /// Changes what is known of a set-up when it is still the open one; what came too late is let go.
    pub(super) fn update(&self, key: &str, change: impl FnOnce(&mut Open)) -> Result<(), Failure> {
        let mut guard = self.open_setup_now();
        let open = guard
            .as_mut()
            .filter(|open| open.file.key() == key)
            .ok_or_else(Failure::no_setup)?;
        change(open);
        Ok(())
    }
}

/// Nothing is kept, or it is not known yet where it would belong.
pub(super) fn is_absent(code: FailureCode) -> bool {
    matches!(code, FailureCode::SecretMissing | FailureCode::NotReady)
}

/// Notes a report as the last test and as an observed fact.
fn note(open: &mut Open, report: ConnectionReport, at: Timestamp) {
    let observed = Arc::make_mut(&mut open.observed);
    observed.observation.databricks.connection = Seen::databricks(report.clone(), at);
    open.connection = Some(ConnectionTest {
        at,
        text: report.text(),
        report,
    });
}

fn shown(event: doctor::PhaseEvent) -> PhaseEvent {
    match event {
        doctor::PhaseEvent::Started { phase } => PhaseEvent::Started { phase },
        doctor::PhaseEvent::Finished { phase } => PhaseEvent::Ended { phase },
        doctor::PhaseEvent::Waiting { seconds, asked } => {
            let reason = if asked {
                "Databricks asked for it"
            } else {
                "then it is tried again"
            };
            PhaseEvent::Waiting {
                seconds,
                reason: reason.to_owned(),
            }
        }
    }
}
