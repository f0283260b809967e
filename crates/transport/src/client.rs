//! The one client.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use http::header::AUTHORIZATION;
use jiff::Timestamp;
use rustls_platform_verifier::Verifier;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use url::Url;
use usher_core::model::{Origin, World};

use crate::error::{Error, ErrorKind, HostRefusal};
use crate::event::{Event, EventSink, WaitReason};
use crate::lanes::Lanes;
use crate::pace::{Kind, Paces};
use crate::proxy::{ProxyInForce, ProxyRules};
use crate::request::Request;
use crate::resolver::Resolver;
use crate::response::{Response, request_id};
use crate::retry::{Retry, RetryPolicy, Wait, reason_to_retry, retry_after};
use crate::trust::{self, Trust};
use crate::{body, classify};

/// How long an idle connection is kept for the next request.
const IDLE: Duration = Duration::from_secs(60);

/// What a client is made from.
#[derive(Clone)]
pub struct ClientConfig {
    /// The world that may be contacted.
    pub world: World,
    /// Scales our own waits (0.001 to 1, for tests); a server's `Retry-After` is honoured in full whatever this says.
    pub wait_scale: f64,
    /// The time for one try, from connecting to the answer's last byte.
    pub timeout: Duration,
    /// How often and how long a request is tried.
    pub retry: RetryPolicy,
    /// Where visible waits are told.
    pub events: Option<EventSink>,
    /// Extra trusted roots.
    pub trust: Trust,
    /// A fixed proxy for https; `None`: the environment's and the system's.
    pub proxy: Option<Url>,
}

impl ClientConfig {
    /// The usual configuration for a world: 30 s a try, the environment's trust and proxy.
    pub fn new(world: World) -> Self {
        Self {
            world,
            wait_scale: 1.0,
            timeout: Duration::from_secs(30),
            retry: RetryPolicy::default(),
            events: None,
            trust: Trust::from_environment(),
            proxy: None,
        }
    }
}

/// A client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The platform's trust store, or the cryptography, cannot be used.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    /// The HTTP library refuses the configuration.
    #[error("the HTTP client cannot be set up: {0}")]
    Http(#[from] reqwest::Error),
}

/// The one HTTP client of a run. Cloning is cheap and shares its connections.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
    events: Option<EventSink>,
    timeout: Duration,
    retry: RetryPolicy,
}

struct Inner {
    http: reqwest::Client,
    world: World,
    wait_scale: f64,
    proxies: ProxyRules,
    verifier: Arc<Verifier>,
    lanes: Lanes,
    paces: Paces,
}

impl Client {
    /// Makes a client.
    ///
    /// # Errors
    /// [`ClientError`] when TLS or the HTTP library cannot be set up.
    pub fn new(config: ClientConfig) -> Result<Self, ClientError> {
        let verifier = config.trust.verifier()?;
        let proxies = ProxyRules::new(&config.world, config.proxy.as_ref());
        let rules = proxies.clone();
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("usher/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .tls_backend_preconfigured(trust::config(Arc::clone(&verifier) as _)?)
            .dns_resolver(Arc::new(resolver(&config.world)))
            .proxy(reqwest::Proxy::custom(move |url| {
                rules.in_force(url).map(|proxy| proxy.url().clone())
            }))
            .pool_idle_timeout(IDLE);
        if config.world == World::Live {
            builder = builder.https_only(true);
        }
        let inner = Inner {
            http: builder.build()?,
            world: config.world,
            wait_scale: config.wait_scale,
            proxies,
            verifier,
            lanes: Lanes::default(),
            paces: Paces::default(),
        };
        Ok(Self {
            inner: Arc::new(inner),
            events: config.events,
            timeout: config.timeout,
            retry: config.retry,
        })
    }

    /// The same client, telling its waits to another sink.
    #[must_use]
    pub fn with_events(mut self, events: EventSink) -> Self {
        self.events = Some(events);
        self
    }

    /// The same client with another time for one try.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The same client with another retry policy.
    #[must_use]
    pub fn with_retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// The world this client may contact.
    pub fn world(&self) -> &World {
        &self.inner.world
    }

    /// The time for one try.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// The scale of our own waits.
    pub fn wait_scale(&self) -> f64 {
        self.inner.wait_scale
    }

    /// The proxy that requests to `url` go through, if one is in force.
    pub fn proxy_for(&self, url: &Url) -> Option<ProxyInForce> {
        self.inner.proxies.in_force(url)
    }

    pub(crate) fn verifier(&self) -> Arc<Verifier> {
        Arc::clone(&self.inner.verifier)
    }

    pub(crate) fn resolver(&self) -> Resolver {
        resolver(&self.inner.world)
    }

    /// Tells an event where this client tells its own.
    pub fn tell(&self, event: Event) {
        if let Some(events) = &self.events {
            events(event);
        }
    }

    /// Sends a request, and sends it again where its [`Retry`] and the policy allow. No more than four are under way to a host; what
    /// a host refused with 429 is asked of it as slowly as it allows, whoever asks.
    ///
    /// Cancelling takes effect at once in reads and waits; a write under way is seen through.
    ///
    /// # Errors
    /// [`Error`] when the host is refused, when there is no complete answer, when the answer is a redirect, and when the
    /// person cancels. Every other status is an `Ok`.
    pub async fn send(
        &self,
        request: Request,
        cancel: &CancellationToken,
    ) -> Result<Response, Error> {
        let started = Instant::now();
        let fail = |attempts: u32, kind: ErrorKind| Error {
            operation: request.name,
            attempts,
            elapsed: started.elapsed(),
            kind,
        };
        let bound_to = request.credential.as_ref().map(|c| c.origin());
        let origin = self
            .check_host(&request.url, bound_to)
            .map_err(|kind| fail(0, kind))?;
        let limited: Kind = (origin, request.name);
        if let Some(kind) = self
            .proxy_for(&request.url)
            .and_then(|proxy| proxy.unusable())
        {
            return Err(fail(0, kind));
        }
        let mut attempt = 1;
        let mut first_left = None;
        loop {
            let prepared = self
                .prepare(&request)
                .map_err(|kind| fail(attempt - 1, kind))?;
            let lane = tokio::select! {
                biased;
                () = cancel.cancelled() => return Err(fail(attempt - 1, ErrorKind::Cancelled)),
                lane = self.turn(&limited, attempt) => lane,
            };
            let left = Instant::now();
            // Patience is for refusals, not for standing in line.
            let tried_for = left.duration_since(*first_left.get_or_insert(left));
            let outcome = if request.method.is_safe() {
                tokio::select! {
                    biased;
                    () = cancel.cancelled() => Err(ErrorKind::Cancelled),
                    outcome = self.exchange(prepared, &request) => outcome,
                }
            } else {
                // A write that was begun is seen through: breaking it off would leave open whether it happened.
                self.exchange(prepared, &request).await
            };
            drop(lane);
            trace(&request, attempt, started, &outcome);
            let wait = self.wait_after(&request, &outcome, attempt, tried_for + left.elapsed());
            let refused =
                matches!(&outcome, Ok(answer) if answer.status == StatusCode::TOO_MANY_REQUESTS);
            match wait {
                Some(wait) if refused => self.inner.paces.refused(&limited, left, wait.wait),
                _ if refused => {}
                _ => self.inner.paces.passed(&limited, left),
            }
            let Some(wait) = wait else {
                return match outcome {
                    Ok(mut response) => {
                        response.attempts = attempt;
                        response.elapsed = started.elapsed();
                        Ok(response)
                    }
                    Err(kind) => Err(fail(attempt, kind)),
                };
            };
            self.tell(Event::Waiting {
                operation: request.name,
                host: request.url.host_str().unwrap_or_default().to_owned(),
                wait: wait.wait,
                reason: wait.reason,
                next_attempt: attempt + 1,
            });
            tokio::select! {
                biased;
                () = cancel.cancelled() => return Err(fail(attempt, ErrorKind::Cancelled)),
                () = tokio::time::sleep(wait.wait) => {}
            }
            attempt += 1;
        }
    }

    /// Waits until a request may leave: at its kind's pace, and with a lane of its host that is its own until the answer has come.
    async fn turn(&self, limited: &Kind, attempt: u32) -> Option<OwnedSemaphorePermit> {
        let operation = limited.1;
        let told = |wait| {
            self.tell(Event::Waiting {
                operation,
                host: limited.0.host(),
                wait,
                reason: WaitReason::Asked,
                next_attempt: attempt,
            });
        };
        self.inner.paces.turn(limited, told).await;
        self.inner.lanes.take(&limited.0).await
    }

    /// Refuses a host the world does not know, and a credential on another origin than its own.
    pub(crate) fn check_host(
        &self,
        url: &Url,
        bound_to: Option<&Origin>,
    ) -> Result<Origin, ErrorKind> {
        let Some(origin) = Origin::of(url) else {
            return Err(ErrorKind::refused(None, HostRefusal::Unknown));
        };
        if bound_to.is_some_and(|bound| *bound != origin) {
            return Err(ErrorKind::refused(Some(origin), HostRefusal::OtherOrigin));
        }
        if self.inner.world == World::Live && !origin.is_https() {
            return Err(ErrorKind::refused(Some(origin), HostRefusal::NotHttps));
        }
        if !self.inner.world.knows(&origin) {
            return Err(ErrorKind::refused(Some(origin), HostRefusal::Unknown));
        }
        Ok(origin)
    }

    fn prepare(&self, request: &Request) -> Result<reqwest::Request, ErrorKind> {
        let body = request.body.clone().map_err(ErrorKind::Unbuildable)?;
        let mut headers = request.headers.clone();
        if let Some(credential) = &request.credential {
            let value = credential.header().ok_or_else(|| {
                ErrorKind::Unbuildable(
                    "the credential holds characters that no header can".to_owned(),
                )
            })?;
            headers.insert(AUTHORIZATION, value);
        }
        let mut prepared = reqwest::Request::new(request.method.clone(), request.url.clone());
        *prepared.headers_mut() = headers;
        *prepared.body_mut() = body.map(reqwest::Body::from);
        Ok(prepared)
    }

    /// One try: head and body within the time, a redirect turned into an error.
    async fn exchange(
        &self,
        prepared: reqwest::Request,
        request: &Request,
    ) -> Result<Response, ErrorKind> {
        let timeout = request.timeout.unwrap_or(self.timeout);
        let deadline = Instant::now() + timeout;
        let head = tokio::time::timeout_at(deadline, self.inner.http.execute(prepared)).await;
        let head = match head {
            Ok(answer) => answer.map_err(|error| classify::exchange(&error, timeout))?,
            Err(_) => {
                return Err(ErrorKind::Timeout {
                    after: timeout,
                    status: None,
                });
            }
        };
        let status = head.status();
        if status.is_redirection() {
            return Err(ErrorKind::Redirected {
                status: status.as_u16(),
                location: location(&head, &request.url),
            });
        }
        let headers = head.headers().clone();
        let body = tokio::time::timeout_at(deadline, body::read(head, request.max_bytes)).await;
        let late = ErrorKind::Timeout {
            after: timeout,
            status: Some(status.as_u16()),
        };
        let body = body.unwrap_or(Err(late))?;
        let request_id = request_id(&headers);
        Ok(Response {
            operation: request.name,
            status,
            headers,
            body,
            request_id,
            attempts: 0,
            elapsed: Duration::ZERO,
        })
    }

    fn wait_after(
        &self,
        request: &Request,
        outcome: &Result<Response, ErrorKind>,
        attempt: u32,
        elapsed: Duration,
    ) -> Option<Wait> {
        let (reason, asked) = match outcome {
            Ok(response) => (
                reason_to_retry(request.retry, response.status)?,
                retry_after(&response.headers, Timestamp::now()),
            ),
            Err(kind)
                if matches!(request.retry, Retry::Read | Retry::Connection)
                    && kind.is_passing() =>
            {
                (WaitReason::Connection, None)
            }
            Err(_) => return None,
        };
        self.retry
            .next(attempt, elapsed, reason, asked, self.inner.wait_scale)
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

fn resolver(world: &World) -> Resolver {
    Resolver {
        loopback_only: matches!(world, World::Mapped(_)),
    }
}

fn location(head: &reqwest::Response, url: &Url) -> Option<Box<Url>> {
    let text = head.headers().get(http::header::LOCATION)?.to_str().ok()?;
    url.join(text).ok().map(Box::new)
}

/// A line for each try: names, status and time. Never a body, a header, a query or a path with ids in it.
fn trace(request: &Request, attempt: u32, started: Instant, outcome: &Result<Response, ErrorKind>) {
    let operation = request.name;
    let origin = Origin::of(&request.url)
        .map(String::from)
        .unwrap_or_default();
    let millis = started.elapsed().as_millis();
    match outcome {
        Ok(response) => tracing::debug!(
            operation,
            method = %request.method,
            origin,
            attempt,
            millis,
            status = response.status.as_u16(),
            request_id = response.request_id.as_deref(),
            "answered"
        ),
        Err(kind) => {
            tracing::debug!(operation, method = %request.method, origin, attempt, millis, %kind, "no answer");
        }
    }
}
