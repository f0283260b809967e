//! The sign-in service: one tenant, one app registration, one cloud; and the seam between the OAuth library and transport.

use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt as _;
use futures::future::BoxFuture;
use oauth2::basic::{BasicClient, BasicTokenResponse};
use oauth2::{
    AuthType, AuthUrl, ClientId, ClientSecret, DeviceAuthorizationUrl, EndpointNotSet, EndpointSet,
    TokenUrl,
};
use tokio_util::sync::CancellationToken;
use url::Url;
use usher_core::model::{EntraCloud, Origin, Secret, World};
use usher_transport::{Client, HeaderName, Method, Request, Retry};

use super::fault::{ErrorBody, SignInFault, SignInFaultCode};
use super::permissions::{Access, delegated_scopes};

/// The OAuth client with the endpoints every flow of ours needs.
pub(super) type OAuth =
    BasicClient<EndpointSet, EndpointSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// Where and as which app Usher signs in.
#[derive(Clone)]
pub struct SignInService {
    client: Client,
    cloud: EntraCloud,
    tenant: String,
    client_id: String,
}

impl SignInService {
    /// A service for one tenant (a GUID or a domain) and one app registration.
    ///
    /// # Errors
    /// Where the tenant or the client id is not written as one; nothing is sent.
    pub fn new(
        client: Client,
        cloud: EntraCloud,
        tenant: &str,
        client_id: &str,
    ) -> Result<Self, SignInFault> {
        let tenant = tenant.trim();
        let client_id = client_id.trim();
        if tenant.is_empty() {
            return Err(SignInFault::of(SignInFaultCode::TenantMissing));
        }
        if !is_tenant(tenant) {
            return Err(SignInFault::of(SignInFaultCode::TenantMalformed));
        }
        if uuid::Uuid::try_parse(client_id).is_err() {
            return Err(SignInFault::of(SignInFaultCode::ClientIdMalformed));
        }
        Ok(Self {
            client,
            cloud,
            tenant: tenant.to_owned(),
            client_id: client_id.to_owned(),
        })
    }

    /// The HTTP client, which the Graph calls share.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The cloud.
    pub fn cloud(&self) -> EntraCloud {
        self.cloud
    }

    /// The tenant as it was given.
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// The app registration's client id.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Microsoft Graph's origin in this world.
    pub fn graph_origin(&self) -> Origin {
        self.world().graph_origin(self.cloud)
    }

    fn world(&self) -> &World {
        self.client.world()
    }

    /// `{login}/{tenant}/{path}`.
    pub(super) fn endpoint(&self, path: &str) -> Result<Url, SignInFault> {
        let url = self
            .world()
            .login_origin(self.cloud)
            .join(&format!("/{}/{path}", self.tenant));
        url.map_err(|_| SignInFault::of(SignInFaultCode::TenantMalformed))
    }

    /// The scopes of a person's sign-in: full names, with the refresh token's.
    pub(super) fn scopes(&self, access: Access) -> Vec<oauth2::Scope> {
        let resource = self.resource();
        with_refresh(delegated_scopes(access).map(|name| format!("{resource}/{name}")))
    }

    /// Graph's name as a resource: its host in the cloud, wherever it really answers.
    pub(super) fn resource(&self) -> String {
        format!("https://{}", self.cloud.graph_host())
    }

    /// The OAuth client; the secret goes into the form, as Entra wants it (facts/entra §2.1).
    pub(super) fn oauth(&self, secret: Option<&Secret>) -> Result<OAuth, SignInFault> {
        let client = BasicClient::new(ClientId::new(self.client_id.clone()))
            .set_auth_type(AuthType::RequestBody)
            .set_auth_uri(AuthUrl::from_url(self.endpoint("oauth2/v2.0/authorize")?))
            .set_token_uri(TokenUrl::from_url(self.endpoint("oauth2/v2.0/token")?))
            .set_device_authorization_url(DeviceAuthorizationUrl::from_url(
                self.endpoint("oauth2/v2.0/devicecode")?,
            ));
        Ok(match secret {
            Some(secret) => client.set_client_secret(ClientSecret::new(secret.expose().to_owned())),
            None => client,
        })
    }
}

impl std::fmt::Debug for SignInService {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignInService")
            .field("cloud", &self.cloud)
            .field("tenant", &self.tenant)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// Full names of permissions, with what brings a refresh token.
pub(super) fn with_refresh(names: impl Iterator<Item = String>) -> Vec<oauth2::Scope> {
    let sign_in = ["openid", "profile", "offline_access"]
        .into_iter()
        .map(str::to_owned);
    sign_in.chain(names).map(oauth2::Scope::new).collect()
}

/// A GUID, or a domain name: letters, digits, dots and hyphens, with a dot inside. `common` and its like are neither.
fn is_tenant(text: &str) -> bool {
    let domain = text.contains('.')
        && !text.starts_with('.')
        && !text.ends_with('.')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
    uuid::Uuid::try_parse(text).is_ok() || domain
}

/// What the last exchange with the service left behind: the library drops the trace id and the numbers, so they are kept
/// here, and so is the transport's own error.
#[derive(Default, Clone)]
struct LastFault(Arc<Mutex<Option<SignInFault>>>);

impl LastFault {
    fn set(&self, fault: SignInFault) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(fault);
    }

    /// The fault of the last exchange, or what `fallback` says.
    fn take_or(&self, fallback: SignInFaultCode) -> SignInFault {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        kept.unwrap_or_else(|| SignInFault::of(fallback))
    }
}

/// An exchange that failed; the reason is in [`LastFault`].
#[derive(Debug, thiserror::Error)]
#[error("the exchange failed")]
pub(super) struct ExchangeFailed;

/// The OAuth library's HTTP client: our transport, with the last fault kept.
pub(super) struct Http {
    client: Client,
    cancel: CancellationToken,
    retry: Retry,
    last: LastFault,
}

impl Http {
    pub(super) fn new(service: &SignInService, cancel: &CancellationToken) -> Self {
        Self {
            client: service.client.clone(),
            cancel: cancel.clone(),
            retry: Retry::Write,
            last: LastFault::default(),
        }
    }

    /// For grants that make nothing and use nothing up (a client secret, a refresh token): they are repeated after a passing
    /// fault, as reads are. A code counts once, so a second try would hide why the first one failed.
    pub(super) fn repeating(mut self) -> Self {
        self.retry = Retry::Read;
        self
    }

    /// Why the last exchange failed, or what `fallback` says.
    pub(super) fn fault_or(&self, fallback: SignInFaultCode) -> SignInFault {
        self.last.take_or(fallback)
    }

    async fn send(
        &self,
        request: oauth2::HttpRequest,
    ) -> Result<oauth2::HttpResponse, ExchangeFailed> {
        let ours = ours(request, self.retry).ok_or(ExchangeFailed)?;
        let answer = self
            .client
            .send(ours, &self.cancel)
            .await
            .map_err(|error| {
                self.last.set(unreachable(&error));
                ExchangeFailed
            })?;
        if !answer.status.is_success() {
            self.last.set(read_fault(&answer));
        }
        let mut response = oauth2::http::Response::new(answer.body.to_vec());
        *response.status_mut() = answer.status;
        *response.headers_mut() = answer.headers;
        Ok(response)
    }
}

impl<'c> oauth2::AsyncHttpClient<'c> for Http {
    type Error = ExchangeFailed;
    type Future = BoxFuture<'c, Result<oauth2::HttpResponse, ExchangeFailed>>;

    fn call(&'c self, request: oauth2::HttpRequest) -> Self::Future {
        self.send(request).boxed()
    }
}

fn ours(request: oauth2::HttpRequest, retry: Retry) -> Option<Request> {
    let (parts, body) = request.into_parts();
    let url = Url::parse(&parts.uri.to_string()).ok()?;
    let mut ours = Request::new(
        "entra.sign-in",
        Method::from_bytes(parts.method.as_str().as_bytes()).ok()?,
        url,
    )
    .retry(retry)
    .max_bytes(1024 * 1024)
    .body("application/x-www-form-urlencoded", body);
    for (name, value) in &parts.headers {
        ours = ours.header(HeaderName::clone(name), value.clone());
    }
    Some(ours)
}

fn read_fault(answer: &usher_transport::Response) -> SignInFault {
    match serde_json::from_slice::<ErrorBody>(&answer.body) {
        Ok(body) => SignInFault::explain(&body),
        Err(_) if answer.status.is_server_error() || answer.status.as_u16() == 429 => {
            let mut fault = SignInFault::of(SignInFaultCode::Transient);
            fault.raw_code = Some(format!("HTTP {}", answer.status.as_u16()).into());
            fault
        }
        Err(_) => {
            let mut fault = SignInFault::of(SignInFaultCode::UnexpectedAnswer);
            fault.raw_code = Some(format!("HTTP {}", answer.status.as_u16()).into());
            fault
        }
    }
}

fn unreachable(error: &usher_transport::Error) -> SignInFault {
    match &error.kind {
        usher_transport::ErrorKind::Cancelled => SignInFault::of(SignInFaultCode::Cancelled),
        kind => {
            SignInFault::of(SignInFaultCode::Unreachable).because(capitalised(&kind.to_string()))
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        format!("{}{}.", first.to_uppercase(), letters.as_str())
    })
}

/// What a token answer gives.
pub(super) type TokenAnswer = BasicTokenResponse;
