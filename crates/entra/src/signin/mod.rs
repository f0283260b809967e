//! Signing in to Microsoft Entra: app-only with a client secret, in the system browser, or with a device code.
//!
//! Tokens stay in memory. Only a client secret is ever kept, and that by the vault, not here. The first sign-in asks for
//! read permissions; [`SignedIn::raise`] asks for write permissions when a plan is confirmed.

mod browser;
mod claims;
mod codes;
mod consent;
mod databricks;
mod device;
mod fault;
mod loopback;
mod permissions;
mod service;
mod tokens;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use oauth2::RefreshToken;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use url::Url;
use usher_core::model::Secret;
use usher_transport::Credential;

pub use claims::Claims;
pub use consent::admin_consent_url;
pub use fault::{ErrorBody, SignInFault, SignInFaultCode};
pub use permissions::{
    APPLICATION_READ, APPLICATION_WRITE, Access, PERMISSIONS, Permission, REDIRECT,
    SYNCHRONIZATION_READ, SYNCHRONIZATION_WRITE, WHO_MAY_CONSENT, missing,
};
pub use service::SignInService;
pub use tokens::Granted;

use service::Http;
use tokens::Tokens;

/// Opens a URL in the system browser; the text says why it could not.
pub type OpenBrowser = Arc<dyn Fn(&Url) -> Result<(), String> + Send + Sync>;

/// What a sign-in needs from whoever shows it.
#[derive(Clone)]
pub struct Interaction {
    /// Opens a URL in the system browser; the text says why it could not.
    pub open: OpenBrowser,
    /// Shows a device code.
    pub show_code: Arc<dyn Fn(&DevicePrompt) + Send + Sync>,
    /// How long to wait for the browser to come back.
    pub patience: Duration,
}

/// What a person does with a device code.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, ts_rs::TS)]
#[serde(rename_all = "camelCase")]
pub struct DevicePrompt {
    /// The code to type.
    pub user_code: String,
    /// The page to type it on.
    #[ts(type = "string")]
    pub verification_url: Url,
    /// For how many seconds the code is valid.
    #[ts(type = "number")]
    pub expires_in_seconds: u64,
}

/// How a sign-in came about, and so how it is renewed and raised.
enum Way {
    AppOnly(Secret),
    Browser,
    DeviceCode,
}

/// A sign-in that holds: gives credentials for Graph, and renews them.
#[derive(Clone)]
pub struct SignedIn(Arc<Inner>);

struct Inner {
    service: SignInService,
    way: Way,
    tokens: Mutex<Tokens>,
    /// The same person's tokens for Azure Databricks, once they were asked for.
    databricks: Mutex<Option<Tokens>>,
}

impl SignedIn {
    /// Signs in as an app, with its client secret. Its permissions are what an administrator granted, all at once.
    ///
    /// # Errors
    /// The fault, explained.
    pub async fn with_client_secret(
        service: SignInService,
        secret: Secret,
        cancel: &CancellationToken,
    ) -> Result<Self, SignInFault> {
        if secret.expose().trim().is_empty() {
            return Err(SignInFault::of(SignInFaultCode::SecretMissing));
        }
        let tokens = app_tokens(&service, &secret, cancel).await?;
        Ok(Self::new(service, Way::AppOnly(secret), tokens))
    }

    /// Signs a person in with the system browser: authorization code with PKCE, back to a port on this machine.
    ///
    /// # Errors
    /// The fault, explained.
    pub async fn with_browser(
        service: SignInService,
        access: Access,
        interaction: &Interaction,
        cancel: &CancellationToken,
    ) -> Result<Self, SignInFault> {
        let tokens =
            browser::sign_in(&service, service.scopes(access), interaction, cancel).await?;
        Ok(Self::new(service, Way::Browser, tokens))
    }

    /// Signs a person in with a code typed on another device. Conditional Access often blocks this way.
    ///
    /// # Errors
    /// The fault, explained.
    pub async fn with_device_code(
        service: SignInService,
        access: Access,
        interaction: &Interaction,
        cancel: &CancellationToken,
    ) -> Result<Self, SignInFault> {
        let tokens = device::sign_in(&service, service.scopes(access), interaction, cancel).await?;
        Ok(Self::new(service, Way::DeviceCode, tokens))
    }

    fn new(service: SignInService, way: Way, tokens: Tokens) -> Self {
        Self(Arc::new(Inner {
            service,
            way,
            tokens: Mutex::new(tokens),
            databricks: Mutex::new(None),
        }))
    }

    /// Raises this sign-in to write permissions. A person is asked once more; an app already has what it was granted.
    ///
    /// # Errors
    /// The fault, explained; the sign-in keeps the permissions it had.
    pub async fn raise(
        &self,
        interaction: &Interaction,
        cancel: &CancellationToken,
    ) -> Result<(), SignInFault> {
        let raised = match &self.0.way {
            Way::AppOnly(_) => return Ok(()),
            _ if self
                .lacks(Access::Write)
                .await
                .iter()
                .all(|permission| permission.optional) =>
            {
                return Ok(());
            }
            _ => {
                let scopes = self.0.service.scopes(Access::Write);
                self.ask(scopes, interaction, cancel).await?
            }
        };
        let mut tokens = self.0.tokens.lock().await;
        same_person(&tokens, &raised)?;
        *tokens = raised;
        Ok(())
    }

    /// Asks the person once more, in the way of this sign-in.
    async fn ask(
        &self,
        scopes: Vec<oauth2::Scope>,
        interaction: &Interaction,
        cancel: &CancellationToken,
    ) -> Result<Tokens, SignInFault> {
        let service = &self.0.service;
        match self.0.way {
            Way::DeviceCode => device::sign_in(service, scopes, interaction, cancel).await,
            _ => browser::sign_in(service, scopes, interaction, cancel).await,
        }
    }

    /// A credential for Graph, renewed where it is about to end.
    ///
    /// # Errors
    /// The fault, explained: a person may have to sign in again.
    pub async fn credential(&self, cancel: &CancellationToken) -> Result<Credential, SignInFault> {
        let origin = self.0.service.graph_origin();
        let mut tokens = self.0.tokens.lock().await;
        if tokens.is_stale() {
            *tokens = self.renewed(&tokens, cancel).await?;
        }
        Ok(Credential::new(tokens.access.clone(), origin))
    }

    /// Gets a new token now: a permission or role that was granted a moment ago is in new tokens only.
    ///
    /// # Errors
    /// The fault, explained; the old token stays.
    pub async fn renew(&self, cancel: &CancellationToken) -> Result<(), SignInFault> {
        let mut tokens = self.0.tokens.lock().await;
        *tokens = self.renewed(&tokens, cancel).await?;
        Ok(())
    }

    async fn renewed(
        &self,
        tokens: &Tokens,
        cancel: &CancellationToken,
    ) -> Result<Tokens, SignInFault> {
        if let Way::AppOnly(secret) = &self.0.way {
            return app_tokens(&self.0.service, secret, cancel).await;
        }
        self.refreshed(tokens, Vec::new(), cancel).await
    }

    /// New tokens by a refresh token, for `scopes`; none: for what the old ones were for.
    async fn refreshed(
        &self,
        tokens: &Tokens,
        scopes: Vec<oauth2::Scope>,
        cancel: &CancellationToken,
    ) -> Result<Tokens, SignInFault> {
        let Some(refresh) = &tokens.refresh else {
            return Err(SignInFault::of(SignInFaultCode::SignInAgain));
        };
        let service = &self.0.service;
        let http = Http::new(service, cancel).repeating();
        let refresh = RefreshToken::new(refresh.expose().to_owned());
        let answer = service
            .oauth(None)?
            .exchange_refresh_token(&refresh)
            .add_scopes(scopes)
            .request_async(&http)
            .await;
        answer
            .map(|answer| Tokens::take(&answer, Some(tokens)))
            .map_err(|_| http.fault_or(SignInFaultCode::UnexpectedAnswer))
    }

    /// What the token carries.
    pub async fn granted(&self) -> Granted {
        self.0.tokens.lock().await.granted.clone()
    }

    /// The permissions of the table that the token lacks for `access`; optional ones last.
    pub async fn lacks(&self, access: Access) -> Vec<&'static Permission> {
        let carried: BTreeSet<String> = self.granted().await.permissions;
        missing(&carried, access, self.is_app_only())
    }

    /// Whether an app signed in, rather than a person.
    pub fn is_app_only(&self) -> bool {
        matches!(self.0.way, Way::AppOnly(_))
    }

    /// Where this sign-in was made.
    pub fn service(&self) -> &SignInService {
        &self.0.service
    }
}

impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignedIn")
            .field("service", &self.0.service)
            .finish_non_exhaustive()
    }
}

/// Whether a further sign-in is the same person's, as far as the tokens tell.
fn same_person(before: &Tokens, now: &Tokens) -> Result<(), SignInFault> {
    match (&before.granted.object_id, &now.granted.object_id) {
        (Some(before), Some(now)) if before != now => Err(SignInFault::of(
            SignInFaultCode::StateMismatch,
        )
        .because("Another account signed in than the one that looked at the tenant before.")),
        _ => Ok(()),
    }
}

async fn app_tokens(
    service: &SignInService,
    secret: &Secret,
    cancel: &CancellationToken,
) -> Result<Tokens, SignInFault> {
    let http = Http::new(service, cancel).repeating();
    let answer = service
        .oauth(Some(secret))?
        .exchange_client_credentials()
        .add_scope(oauth2::Scope::new(format!(
            "{}/.default",
            service.resource()
        )))
        .request_async(&http)
        .await;
    answer
        .map(|answer| Tokens::take(&answer, None))
        .map_err(|_| http.fault_or(SignInFaultCode::UnexpectedAnswer))
}
