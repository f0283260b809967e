//! Signing in to Microsoft Entra for the open set-up. Tokens stay in memory and end with the set-up being closed.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use url::Url;
use usher_core::journey::registration;
use usher_core::model::setup::SignIn;
use usher_core::model::{DatabricksCloud, Setup};
use usher_entra::signin::{
    Access, DevicePrompt, Interaction, PERMISSIONS, SignInFault, SignInFaultCode, SignInService,
    SignedIn, admin_consent_url,
};

use super::jobs::JobKind;
use super::place::Place;
use super::view::{
    Failure, FailureCode, Nothing, PermissionView, RegistrationGuide, SecretSlot, SetupView,
    SignInEvent, SignedInView, StartJob,
};
use super::{Progress, Session, show};
use crate::observe::Entra;

/// How long the browser may take: a person may have to find a second factor first.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

impl Session {
    /// `sign_in`
    pub async fn sign_in(
        &self,
        request: StartJob,
        progress: Progress<SignInEvent>,
    ) -> Result<SetupView, Failure> {
        let job = self.0.jobs.begin(request.job, JobKind::SignIn)?;
        let key = self.with_open(|open, _| open.file.key())?;
        let signed_in = self.sign_in_as_chosen(progress, &job.token).await?;
        let setup = self.with_open(|open, _| open.file.setup.clone())?;
        if setup.databricks.as_signed_in && setup.cloud.is_azure() {
            // Where it takes asking, the page of the workspaces asks.
            let silently = signed_in.allow_databricks_silently(&job.token).await;
            drop(silently);
        }
        let view = signed_in_view(&signed_in, setup.cloud).await;
        let entra = Entra::new(signed_in)?;
        self.update(&key, |open| {
            open.forget_entra();
            open.entra = Some(entra);
            open.signed_in = Some(view);
        })?;
        self.with_open(show::setup)
    }

    /// `allow_writing`
    pub async fn allow_writing(
        &self,
        request: StartJob,
        progress: Progress<SignInEvent>,
    ) -> Result<SetupView, Failure> {
        let job = self.0.jobs.begin(request.job, JobKind::SignIn)?;
        let (key, entra) = self.with_open(|open, _| (open.file.key(), open.entra.clone()))?;
        let entra = entra.ok_or_else(nobody)?;
        entra
            .signed_in
            .raise(&self.interaction(progress), &job.token)
            .await?;
        self.note_signed_in(&key, &entra.signed_in).await?;
        self.with_open(show::setup)
    }

    /// `sign_in_to_databricks`
    pub async fn sign_in_to_databricks(
        &self,
        request: StartJob,
        progress: Progress<SignInEvent>,
    ) -> Result<SetupView, Failure> {
        let job = self.0.jobs.begin(request.job, JobKind::SignIn)?;
        let (key, entra, cloud) = self.with_open(|open, _| {
            let key = open.file.key();
            (key, open.entra.clone(), open.file.setup.cloud)
        })?;
        let signed_in = entra.ok_or_else(nobody)?.signed_in;
        if !cloud.is_azure() {
            return Err(Failure::not_ready(
                "Only Azure Databricks takes a sign-in to Entra.",
                "Use a Databricks service principal, or say for each workspace what you know of it.",
            ));
        }
        signed_in
            .allow_databricks(&self.interaction(progress), &job.token)
            .await?;
        self.note_signed_in(&key, &signed_in).await?;
        self.edit(|open| {
            open.kept.clear();
            open.file.setup.databricks.as_signed_in = true;
            Ok(())
        })
        .await
    }

    /// `renew_sign_in`
    pub async fn renew_sign_in(&self, request: StartJob) -> Result<SetupView, Failure> {
        let job = self.0.jobs.begin(request.job, JobKind::SignIn)?;
        let (key, entra) = self.with_open(|open, _| (open.file.key(), open.entra.clone()))?;
        let entra = entra.ok_or_else(nobody)?;
        entra.signed_in.renew(&job.token).await?;
        self.note_signed_in(&key, &entra.signed_in).await?;
        self.with_open(show::setup)
    }

    /// `sign_out`
    pub async fn sign_out(&self, _: Nothing) -> Result<SetupView, Failure> {
        let key = self.with_open(|open, _| open.file.key())?;
        self.update(&key, super::setups::Open::forget_entra)?;
        self.with_open(show::setup)
    }

    /// `registration_guide`
    pub async fn registration_guide(&self, _: Nothing) -> Result<RegistrationGuide, Failure> {
        let chosen = self.with_open(|open, _| open.file.setup.entra.sign_in)?;
        let app_only = chosen == Some(SignIn::ClientSecret);
        let shown = |permission: &&usher_entra::signin::Permission| {
            !app_only || permission.application_id.is_some()
        };
        Ok(RegistrationGuide {
            presses: chosen.map(registration).unwrap_or_default(),
            redirect: usher_entra::signin::REDIRECT.to_owned(),
            who_may_consent: usher_entra::signin::WHO_MAY_CONSENT.to_owned(),
            permissions: PERMISSIONS
                .iter()
                .filter(shown)
                .map(|one| PermissionView::of(one, None))
                .collect(),
        })
    }

    async fn note_signed_in(&self, key: &str, signed_in: &SignedIn) -> Result<(), Failure> {
        let cloud = self.with_open(|open, _| open.file.setup.cloud)?;
        let view = signed_in_view(signed_in, cloud).await;
        self.update(key, |open| open.signed_in = Some(view))
    }

    async fn sign_in_as_chosen(
        &self,
        progress: Progress<SignInEvent>,
        cancel: &CancellationToken,
    ) -> Result<SignedIn, Failure> {
        let (chosen, service) = self.with_open(|open, place| {
            let setup = &open.file.setup;
            (setup.entra.sign_in, service(setup, place))
        })?;
        let interaction = self.interaction(progress);
        match chosen {
            Some(SignIn::ClientSecret) => {
                let secret = self.secret(SecretSlot::EntraClientSecret).await?;
                Ok(SignedIn::with_client_secret(service?, secret, cancel).await?)
            }
            Some(SignIn::Browser) => {
                Ok(SignedIn::with_browser(service?, Access::Read, &interaction, cancel).await?)
            }
            Some(SignIn::DeviceCode) => {
                Ok(
                    SignedIn::with_device_code(service?, Access::Read, &interaction, cancel)
                        .await?,
                )
            }
            Some(SignIn::ByHand) | None => Err(Failure::not_ready(
                "No way of signing in is chosen.",
                "Choose how to sign in, or go on by hand.",
            )),
        }
    }

    fn interaction(&self, progress: Progress<SignInEvent>) -> Interaction {
        let browser = Arc::clone(&self.0.options.browser);
        let told = Arc::clone(&progress);
        Interaction {
            open: Arc::new(move |url: &Url| {
                let opened = browser(url.as_str()).map_err(|error| error.to_string());
                // The address carries no secret: the challenge is public, and the answer comes back to this machine alone.
                told(SignInEvent::Browser {
                    url: url.to_string(),
                    opened: opened.is_ok(),
                });
                Ok(())
            }),
            show_code: Arc::new(move |prompt: &DevicePrompt| {
                progress(SignInEvent::Code {
                    prompt: prompt.clone(),
                });
            }),
            patience: PATIENCE,
        }
    }
}

fn service(setup: &Setup, place: &Place) -> Result<SignInService, Failure> {
    let entra = &setup.entra;
    let tenant = entra.tenant_id.as_deref().unwrap_or_default();
    let client_id = entra.client_id.as_deref().unwrap_or_default();
    Ok(SignInService::new(
        place.client.clone(),
        entra.cloud,
        tenant,
        client_id,
    )?)
}

/// The page of admin consent, where tenant and registration are known.
pub(super) fn consent_url(setup: &Setup, place: &Place) -> Option<String> {
    let service = service(setup, place).ok()?;
    admin_consent_url(&service, "usher")
        .ok()
        .map(|url| url.to_string())
}

pub(super) fn nobody() -> Failure {
    Failure::not_ready(
        "Nobody is signed in to Entra.",
        "Sign in first, or go on by hand.",
    )
}

/// Who is signed in and what the token carries, for the page.
async fn signed_in_view(signed_in: &SignedIn, cloud: DatabricksCloud) -> SignedInView {
    let granted = signed_in.granted().await;
    let lacks = signed_in.lacks(Access::Write).await;
    let app_only = signed_in.is_app_only();
    let usable = PERMISSIONS
        .iter()
        .filter(|permission| !app_only || permission.application_id.is_some());
    SignedInView {
        app_only,
        tenant_id: granted.tenant_id,
        databricks: if app_only || !cloud.is_azure() {
            None
        } else {
            Some(signed_in.holds_databricks().await)
        },
        may_write: lacks.iter().all(|permission| permission.optional),
        permissions: usable
            .map(|one| {
                PermissionView::of(
                    one,
                    Some(!lacks.iter().any(|lacking| lacking.name == one.name)),
                )
            })
            .collect(),
    }
}

impl From<SignInFault> for Failure {
    fn from(fault: SignInFault) -> Self {
        if fault.code == SignInFaultCode::Cancelled {
            return Self::cancelled();
        }
        let details = fault.references();
        Self {
            code: FailureCode::SignIn,
            message: fault.title,
            meaning: fault.cause,
            todo: fault.fix.lines().map(str::to_owned).collect(),
            details: (!details.is_empty()).then(|| details.join("\n")),
        }
    }
}
