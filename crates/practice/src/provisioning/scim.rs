//! How the provisioning service speaks SCIM to a target: with the stored address and token, over real HTTP.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use http::Method;
use serde_json::{Value, json};
use url::{Host, Url};
use uuid::Uuid;

use crate::entra::connector::ObjectKind;
use crate::ids::PROVISIONING_USER_AGENT;

/// How often a throttled call is tried in one cycle.
const TRIES: u32 = 5;
/// The longest wait between tries, whatever `Retry-After` says: a cycle has to end.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// How long the target may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A request to a target.
#[derive(Debug, Clone)]
pub struct WireRequest {
    /// The method.
    pub method: Method,
    /// The whole address.
    pub url: String,
    /// The bearer token.
    pub bearer: String,
    /// The body.
    pub body: Option<Value>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct WireResponse {
    /// The HTTP status.
    pub status: u16,
    /// `Retry-After` in seconds.
    pub retry_after: Option<f64>,
    /// The body.
    pub body: Bytes,
}

/// How requests reach targets. The real one is [`HttpWire`]; a test without sockets brings its own.
pub trait Wire: Send + Sync {
    /// Sends a request. The error is what the service would write in its logs when nothing came back.
    fn send(&self, request: WireRequest) -> BoxFuture<'_, Result<WireResponse, String>>;
}

/// HTTP, to this machine alone: a practice tenant never calls anybody else.
#[derive(Debug, Clone)]
pub struct HttpWire {
    client: reqwest::Client,
}

impl HttpWire {
    /// A client that follows no redirect and asks no proxy.
    ///
    /// # Errors
    /// When the client cannot be set up.
    pub fn new() -> std::io::Result<Self> {
        // Whoever is first installs it; a second try changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .user_agent(PROVISIONING_USER_AGENT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(PATIENCE)
            .build()
            .map_err(std::io::Error::other)?;
        Ok(Self { client })
    }
}

impl Wire for HttpWire {
    fn send(&self, request: WireRequest) -> BoxFuture<'_, Result<WireResponse, String>> {
        Box::pin(async move {
            let url = Url::parse(&request.url).map_err(|_| {
                "Invalid URI: The format of the URI could not be determined.".to_owned()
            })?;
            let here = match url.host() {
                Some(Host::Ipv4(address)) => address.is_loopback(),
                Some(Host::Ipv6(address)) => address.is_loopback(),
                Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
                None => false,
            };
            if !here {
                return Err(format!(
                    "An error occurred while sending the request. No such host is known. ({})",
                    url.host_str().unwrap_or("")
                ));
            }
            let mut call = self
                .client
                .request(request.method, url)
                .bearer_auth(&request.bearer)
                .header("accept", "application/scim+json");
            if let Some(body) = &request.body {
                call = call
                    .header("content-type", "application/scim+json")
                    .body(body.to_string());
            }
            let unreachable = |_| {
                "An error occurred while sending the request. Unable to connect to the remote server.".to_owned()
            };
            let response = call.send().await.map_err(unreachable)?;
            let retry_after = response
                .headers()
                .get("retry-after")
                .and_then(|value| value.to_str().ok()?.parse().ok());
            let status = response.status().as_u16();
            let body = response.bytes().await.map_err(unreachable)?;
            Ok(WireResponse {
                status,
                retry_after,
                body,
            })
        })
    }
}

/// Why a call to the target did not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Nothing came back.
    Unreachable(String),
    /// The target said no.
    Refused {
        /// The HTTP status.
        status: u16,
        /// What it said, shortened.
        detail: String,
    },
    /// The answer is no SCIM.
    Unreadable(String),
}

impl Failure {
    /// Whether the credentials are no good: the job goes to quarantine at once (facts on Entra §5.3).
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        matches!(self, Self::Refused { status: 401, .. })
    }

    /// The service's own error code for a failed test of the credentials (facts on Entra §5.1).
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused {
                status: 400 | 401, ..
            } => "SystemForCrossDomainIdentityManagementCredentialValidationFailure",
            Self::Refused {
                status: 404 | 405, ..
            }
            | Self::Unreadable(_) => "SystemForCrossDomainIdentityManagementServiceIncompatible",
            Self::Unreachable(_) | Self::Refused { .. } => {
                "SystemForCrossDomainIdentityManagementCredentialValidationUnavailable"
            }
        }
    }

    /// What happened, in the service's words. Holds no credential.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::Unreachable(text) => text.clone(),
            Self::Refused { status, detail } => format!(
                "We received this unexpected response from your application: Received response from Web resource. Response Status Code: {} ({status}). \
                 Response Content: {detail}",
                http::StatusCode::from_u16(*status)
                    .ok()
                    .and_then(|status| status.canonical_reason())
                    .unwrap_or("Unknown"),
            ),
            Self::Unreadable(text) => {
                format!("StatusCode: OK. The response cannot be parsed as a SCIM list: {text}")
            }
        }
    }
}

/// A SCIM endpoint with the token for it.
#[derive(Clone)]
pub struct Target {
    wire: Arc<dyn Wire>,
    base: String,
    token: String,
}

impl Target {
    /// The endpoint at a stored address. The service's own switch in the query is taken off; anything else in it stays and breaks the
    /// address, as it does in the real service.
    #[must_use]
    pub fn new(wire: Arc<dyn Wire>, base: &str, token: &str) -> Self {
        let base = base.trim().replace("?aadOptscim062020", "");
        Self {
            wire,
            base: base.trim_end_matches('/').to_owned(),
            token: token.to_owned(),
        }
    }

    /// Looks for a user that cannot exist: what "Test connection" does (facts on Entra §5.1).
    ///
    /// # Errors
    /// Why the endpoint did not answer with an empty list.
    pub async fn probe(&self) -> Result<(), Failure> {
        self.find(ObjectKind::User, "userName", &Uuid::new_v4().to_string())
            .await
            .map(drop)
    }

    /// Objects whose attribute has this value.
    ///
    /// # Errors
    /// Why there is no list.
    pub async fn find(
        &self,
        kind: ObjectKind,
        attribute: &str,
        value: &str,
    ) -> Result<Vec<Value>, Failure> {
        let (_, body) = self
            .send(
                Method::GET,
                &format!("{}?{}", path(kind), look_up(kind, attribute, value)),
                None,
            )
            .await?;
        let list: Value =
            serde_json::from_slice(&body).map_err(|_| Failure::Unreadable(shortened(&body)))?;
        if !list.is_object()
            || (list.get("totalResults").is_none() && list.get("Resources").is_none())
        {
            return Err(Failure::Unreadable(shortened(&body)));
        }
        Ok(list
            .get("Resources")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default())
    }

    /// One object; nothing when it is gone.
    ///
    /// # Errors
    /// Why it could not be read.
    pub async fn get(&self, kind: ObjectKind, id: &str) -> Result<Option<Value>, Failure> {
        let excluded = if kind == ObjectKind::Group {
            "?excludedAttributes=members"
        } else {
            ""
        };
        match self
            .send(Method::GET, &format!("{}/{id}{excluded}", path(kind)), None)
            .await
        {
            Ok((_, body)) => serde_json::from_slice(&body)
                .map(Some)
                .map_err(|_| Failure::Unreadable(shortened(&body))),
            Err(Failure::Refused { status: 404, .. }) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// Makes an object and gives its id.
    ///
    /// # Errors
    /// Why it was not made.
    pub async fn create(&self, kind: ObjectKind, body: Value) -> Result<String, Failure> {
        let (_, answer) = self.send(Method::POST, path(kind), Some(body)).await?;
        let made: Value =
            serde_json::from_slice(&answer).map_err(|_| Failure::Unreadable(shortened(&answer)))?;
        made.get("id")
            .and_then(Value::as_str)
            .map(ToOwned::to_owned)
            .ok_or_else(|| Failure::Unreadable("the answer has no id".to_owned()))
    }

    /// Changes an object.
    ///
    /// # Errors
    /// Why it was not changed; 404 when it is gone.
    pub async fn patch(
        &self,
        kind: ObjectKind,
        id: &str,
        operations: Vec<Value>,
    ) -> Result<(), Failure> {
        let body = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations });
        self.send(Method::PATCH, &format!("{}/{id}", path(kind)), Some(body))
            .await
            .map(drop)
    }

    /// Deletes an object; one that is gone already is no failure.
    ///
    /// # Errors
    /// Why it was not deleted.
    pub async fn delete(&self, kind: ObjectKind, id: &str) -> Result<(), Failure> {
        match self
            .send(Method::DELETE, &format!("{}/{id}", path(kind)), None)
            .await
        {
            Ok(_) | Err(Failure::Refused { status: 404, .. }) => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<(u16, Bytes), Failure> {
        let mut tries = 0;
        loop {
            tries += 1;
            let request = WireRequest {
                method: method.clone(),
                url: format!("{}{path}", self.base),
                bearer: self.token.clone(),
                body: body.clone(),
            };
            let response = self
                .wire
                .send(request)
                .await
                .map_err(Failure::Unreachable)?;
            if response.status == 429 && tries < TRIES {
                let wait = response
                    .retry_after
                    .filter(|seconds| seconds.is_finite() && *seconds >= 0.0)
                    .unwrap_or(1.0);
                tokio::time::sleep(Duration::from_secs_f64(
                    wait.min(LONGEST_WAIT.as_secs_f64()),
                ))
                .await;
                continue;
            }
            if (200..300).contains(&response.status) {
                return Ok((response.status, response.body));
            }
            return Err(Failure::Refused {
                status: response.status,
                detail: shortened(&response.body),
            });
        }
    }
}

/// The query that looks an object up by an attribute; a group's members are not wanted.
fn look_up(kind: ObjectKind, attribute: &str, value: &str) -> String {
    let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("filter", &format!("{attribute} eq \"{escaped}\""));
    if kind == ObjectKind::Group {
        query.append_pair("excludedAttributes", "members");
    }
    query.finish()
}

fn path(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::User => "/Users",
        ObjectKind::Group => "/Groups",
    }
}

fn shortened(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(300).collect()
}
