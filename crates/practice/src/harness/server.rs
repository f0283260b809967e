//! Serving a host on its own loopback port, with the logs, the latency and the faults around it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::serve::{IncomingStream, Listener};
use http::HeaderMap;
use http::header::{AUTHORIZATION, USER_AGENT};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use super::Harness;
use super::faults::FaultRule;
use super::log::LoggedRequest;
use super::strike;

/// A host's name and where it listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The name faults and the request log use: `account`, `workspace-1001`, `login`, `graph`, `control`.
    pub name: String,
    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub url: String,
}

/// A host that has its port and does not answer yet.
#[derive(Debug)]
pub struct Bound {
    /// Where it will answer.
    pub origin: Origin,
    listener: TcpListener,
}

impl Bound {
    /// Takes a free loopback port for the host of that name.
    ///
    /// # Errors
    /// When the operating system gives none.
    pub async fn bind(name: impl Into<String>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        Ok(Self {
            origin: Origin {
                name: name.into(),
                url,
            },
            listener,
        })
    }
}

/// Serves `router` on the port taken until `stop` is cancelled; then every open connection is closed at once.
/// Returns when serving has ended.
///
/// # Errors
/// None in practice; the type is that of `axum::serve`.
pub async fn serve(
    bound: Bound,
    router: Router,
    harness: Harness,
    stop: CancellationToken,
) -> io::Result<()> {
    let watched = Watched {
        harness,
        origin: bound.origin.name,
    };
    let router = router.layer(middleware::from_fn_with_state(watched, watch));
    let listener = CuttableListener {
        inner: bound.listener,
        stop: stop.clone(),
    };
    let service = router.into_make_service_with_connect_info::<Connection>();
    axum::serve(listener, service)
        .with_graceful_shutdown(stop.cancelled_owned())
        .await
}

/// One client's connection, which can be cut.
#[derive(Debug, Clone)]
pub struct Connection {
    cut: CancellationToken,
    /// The client's address.
    pub peer: SocketAddr,
}

impl Connection {
    /// Closes the connection; nothing more is written to it.
    pub fn cut(&self) {
        self.cut.cancel();
    }

    /// Waits until the connection is cut or the host stops.
    pub async fn closed(&self) {
        self.cut.cancelled().await;
    }
}

impl axum::extract::connect_info::Connected<IncomingStream<'_, CuttableListener>> for Connection {
    fn connect_info(stream: IncomingStream<'_, CuttableListener>) -> Self {
        stream.remote_addr().clone()
    }
}

struct CuttableListener {
    inner: TcpListener,
    stop: CancellationToken,
}

impl Listener for CuttableListener {
    type Io = CuttableStream;
    type Addr = Connection;

    async fn accept(&mut self) -> (CuttableStream, Connection) {
        let (inner, peer) = Listener::accept(&mut self.inner).await;
        // Small answers go out at once; a failure to say so costs time and nothing else.
        let _ = inner.set_nodelay(true);
        let connection = Connection {
            cut: self.stop.child_token(),
            peer,
        };
        let cut = Box::pin(connection.cut.clone().cancelled_owned());
        (CuttableStream { inner, cut }, connection)
    }

    fn local_addr(&self) -> io::Result<Connection> {
        Ok(Connection {
            cut: self.stop.child_token(),
            peer: self.inner.local_addr()?,
        })
    }
}

struct CuttableStream {
    inner: TcpStream,
    cut: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl CuttableStream {
    fn check(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        match self.cut.as_mut().poll(context) {
            Poll::Ready(()) => Err(io::ErrorKind::ConnectionReset.into()),
            Poll::Pending => Ok(()),
        }
    }
}

impl AsyncRead for CuttableStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check(context)?;
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl AsyncWrite for CuttableStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check(context)?;
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check(context)?;
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.check(context)?;
        Pin::new(&mut self.inner).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}

#[derive(Clone)]
struct Watched {
    harness: Harness,
    origin: String,
}

async fn watch(
    State(watched): State<Watched>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    request: Request,
    next: Next,
) -> Response {
    let Watched { harness, origin } = watched;
    let number = harness
        .requests
        .arrived(describe(&harness, &origin, &request));
    if !harness.latency.is_zero() {
        tokio::time::sleep(harness.latency).await;
    }
    let path = percent_decoded(
        request
            .uri()
            .path_and_query()
            .map_or("/", |path| path.as_str()),
    );
    let response =
        match harness
            .faults
            .strike(&origin, request.method().as_str(), &path, request.headers())
        {
            Some(rule) => struck(rule, &connection, request, next).await,
            None => Some(next.run(request).await),
        };
    match response {
        Some(response) => {
            harness.requests.answered(
                number,
                response.status().as_u16(),
                correlation(response.headers()),
            );
            response
        }
        None => {
            connection.cut();
            Response::new(Body::empty())
        }
    }
}

/// The answer of a request that a fault strikes; `None` when the connection is to be cut.
async fn struck(
    rule: FaultRule,
    connection: &Connection,
    request: Request,
    next: Next,
) -> Option<Response> {
    if strike::needs_answer(&rule) {
        let answer = next.run(request).await;
        strike::answer(rule.kind, connection, Some(answer)).await
    } else {
        strike::answer(rule.kind, connection, None).await
    }
}

fn describe(harness: &Harness, origin: &str, request: &Request) -> LoggedRequest {
    let headers = request.headers();
    let text = |name| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    };
    let credential = headers.get(AUTHORIZATION).map(|value| {
        let value = String::from_utf8_lossy(value.as_bytes());
        let last: Vec<char> = value.chars().rev().take(4).collect();
        last.into_iter().rev().collect()
    });
    LoggedRequest {
        at: harness.clock.now(),
        origin: origin.to_owned(),
        method: request.method().to_string(),
        path: request
            .uri()
            .path_and_query()
            .map_or_else(String::new, ToString::to_string),
        credential,
        user_agent: text(USER_AGENT.as_str()),
        status: None,
        correlation: text("client-request-id"),
    }
}

fn correlation(headers: &HeaderMap) -> Option<String> {
    ["request-id", "x-request-id"]
        .iter()
        .find_map(|name| headers.get(*name)?.to_str().ok().map(str::to_owned))
}

/// Percent signs and pluses of a path and query undone, for matching alone.
fn percent_decoded(path: &str) -> String {
    url::form_urlencoded::parse(format!("x={}", path.replace('&', "%26")).as_bytes())
        .map(|(_, value)| value.into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_matched_as_the_client_meant_it() {
        assert_eq!(
            percent_decoded("/Users?filter=userName%20eq+%22a%22&count=1"),
            "/Users?filter=userName eq \"a\"&count=1"
        );
    }
}
