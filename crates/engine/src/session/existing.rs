//! Checking a set-up that somebody else made: which connectors there are, and taking one over as it stands.

use usher_core::model::DatabricksCloud;
use usher_core::model::setup::Journey;

use super::jobs::JobKind;
use super::setups::{Open, blank};
use super::view::{Failure, ObserveEvent, SetupView, StartJob, UrlLevel, UrlReading, UseConnector};
use super::{Progress, Session, recognise, show};
use crate::observe::What;

impl Session {
    /// `find_connectors`
    pub async fn find_connectors(
        &self,
        request: StartJob,
        progress: Progress<ObserveEvent>,
    ) -> Result<SetupView, Failure> {
        let job = self.0.jobs.begin(request.job, JobKind::Observe)?;
        let what = What {
            entra: true,
            databricks: false,
            principals: false,
            log: false,
            saved_credentials: false,
        };
        self.job(async move |session| {
            session.look(what, &job.token, &progress).await?;
            session.with_open(show::setup)
        })
        .await
    }

    /// `use_connector`
    pub async fn use_connector(&self, request: UseConnector) -> Result<SetupView, Failure> {
        let world = self.place().world;
        self.edit(move |open| {
            let connectors = open.observed.observation.entra.connectors.value();
            let connector = connectors
                .into_iter()
                .flatten()
                .find(|one| one.service_principal_id == request.service_principal_id)
                .ok_or_else(|| {
                    Failure::bad_input(
                        "There is no such connector.",
                        "Look for the connectors again, and choose one.",
                    )
                })?;
            let secrets = connector.secrets.value();
            let base = secrets.and_then(|secrets| secrets.base_address.clone());
            let (name, id) = (
                connector.display_name.clone(),
                connector.service_principal_id.clone(),
            );
            let app = &mut open.file.setup.entra.app;
            app.display_name = Some(name);
            app.service_principal_id = Some(id);
            if let Some(base) = base {
                take_address(open, recognise::url(&base, &world));
            }
            Ok(())
        })
        .await
    }
}

/// The address that Entra holds says what the connector serves, and in which cloud. What it cannot say stays as it is.
fn take_address(open: &mut Open, reading: UrlReading) {
    let (Some(url), Some(level)) = (reading.url, reading.level) else {
        return;
    };
    let setup = &mut open.file.setup;
    let journey = match level {
        UrlLevel::Account => Journey::Account,
        UrlLevel::Workspace => Journey::Workspace,
    };
    if setup.journey != journey {
        setup.want = blank(String::new(), journey, DatabricksCloud::Azure).want;
        setup.journey = journey;
    }
    setup.cloud = reading.cloud.unwrap_or(setup.cloud);
    setup.databricks.account_id = reading.account_id.or(setup.databricks.account_id.take());
    if setup.databricks.scim_url.as_ref() != Some(&url) {
        setup.databricks.scim_url = Some(url);
        open.forget_databricks();
    }
}
