//! Measures the way to a host, phase by phase: name, TCP (through a proxy where one is in force), TLS.
//!
//! The client itself does all of this too, but tells only that it worked or that it did not. The probe uses the same
//! resolver, the same proxy rules and the same trust, and sends nothing but a TLS handshake and, to a proxy, `CONNECT`.

mod certificate;
mod socks;
mod tunnel;

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;
use url::Url;

use crate::client::Client;
use crate::error::{ErrorKind, TlsFault, TlsReason};
use crate::proxy::ProxyInForce;
use crate::{classify, trust};

pub use certificate::Certificate;

/// A way to a host that is to be measured.
#[derive(Debug, Clone)]
pub struct Probe {
    client: Client,
    host: String,
    port: u16,
    https: bool,
    proxy: Option<ProxyInForce>,
}

/// A TCP connection to the host, straight or through a proxy.
pub struct Connected {
    stream: Stream,
    /// The other end: the host's address, or the proxy's.
    pub peer: Option<SocketAddr>,
}

/// What a TLS handshake showed.
#[derive(Debug, Clone, PartialEq)]
pub struct TlsSeen {
    /// For instance `TLS 1.3`.
    pub version: String,
    /// The server's certificate.
    pub certificate: Option<Certificate>,
}

type Stream = Pin<Box<dyn Duplex>>;

trait Duplex: AsyncRead + AsyncWrite + Send {}
impl<T: AsyncRead + AsyncWrite + Send> Duplex for T {}

impl Probe {
    /// The way to `url`'s host.
    ///
    /// # Errors
    /// [`ErrorKind::HostRefused`] for a host the world does not know; nothing is sent then.
    pub fn new(client: &Client, url: &Url) -> Result<Self, ErrorKind> {
        client.check_host(url, None)?;
        let host = url.host_str().unwrap_or_default();
        Ok(Self {
            client: client.clone(),
            host: host
                .trim_start_matches('[')
                .trim_end_matches(']')
                .to_owned(),
            port: url.port_or_known_default().unwrap_or(443),
            https: url.scheme() == "https",
            proxy: client.proxy_for(url),
        })
    }

    /// The proxy on the way, if one is in force: it looks the name up, so [`Probe::resolve`] would tell nothing.
    pub fn proxy(&self) -> Option<&ProxyInForce> {
        self.proxy.as_ref()
    }

    /// Whether the way ends in TLS.
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// Looks the host's name up.
    ///
    /// # Errors
    /// [`ErrorKind::NameNotFound`], or [`ErrorKind::Timeout`] when the resolver does not answer within `limit`.
    pub async fn resolve(&self, limit: Duration) -> Result<Vec<SocketAddr>, ErrorKind> {
        let lookup = self.client.resolver().lookup(&self.host, self.port);
        match timeout_at(Instant::now() + limit, lookup).await {
            Ok(found) => found.map_err(|error| ErrorKind::NameNotFound { host: error.host }),
            Err(_) => Err(ErrorKind::Timeout {
                after: limit,
                status: None,
            }),
        }
    }

    /// Connects to the first of `addresses` that answers, or through the proxy in force.
    ///
    /// # Errors
    /// [`ErrorKind::ConnectRefused`], [`ErrorKind::ConnectTimeout`], [`ErrorKind::ProxyRefused`] or
    /// [`ErrorKind::ProxyAuth`].
    pub async fn connect(
        &self,
        addresses: &[SocketAddr],
        limit: Duration,
    ) -> Result<Connected, ErrorKind> {
        let deadline = Instant::now() + limit;
        match &self.proxy {
            None => {
                let stream = timeout_at(deadline, tcp(addresses))
                    .await
                    .unwrap_or(Err(ErrorKind::ConnectTimeout))?;
                let peer = stream.peer_addr().ok();
                Ok(Connected {
                    stream: Box::pin(stream),
                    peer,
                })
            }
            Some(proxy) => timeout_at(deadline, self.through(proxy))
                .await
                .unwrap_or_else(|_| {
                    Err(ErrorKind::ProxyRefused {
                        detail: "no answer from the proxy in time".to_owned(),
                    })
                }),
        }
    }

    /// The TLS handshake with the host.
    ///
    /// # Errors
    /// [`ErrorKind::Tls`] with the certificate that was shown, [`ErrorKind::Cut`] or [`ErrorKind::Timeout`].
    pub async fn handshake(
        &self,
        connected: Connected,
        limit: Duration,
    ) -> Result<TlsSeen, ErrorKind> {
        let shake = handshake(&self.client, &self.host, connected.stream);
        let (_, seen) = timeout_at(Instant::now() + limit, shake)
            .await
            .unwrap_or(Err(ErrorKind::Timeout {
                after: limit,
                status: None,
            }))?;
        Ok(seen)
    }

    /// A connection to the host through a proxy: to the proxy, TLS with it where it wants that, then `CONNECT`.
    async fn through(&self, proxy: &ProxyInForce) -> Result<Connected, ErrorKind> {
        if let Some(kind) = proxy.unusable() {
            return Err(kind);
        }
        let url = proxy.url();
        let refused = |kind: ErrorKind| ErrorKind::ProxyRefused {
            detail: kind.to_string(),
        };
        let host = url.host_str().unwrap_or_default();
        let usual = if proxy.is_socks() { 1080 } else { 80 };
        let port = url.port_or_known_default().unwrap_or(usual);
        let name = host.trim_start_matches('[').trim_end_matches(']');
        let addresses = self.client.resolver().lookup(name, port).await;
        let addresses = addresses.map_err(|error| ErrorKind::ProxyRefused {
            detail: error.to_string(),
        })?;
        let stream = tcp(&addresses).await.map_err(refused)?;
        let peer = stream.peer_addr().ok();
        let mut stream: Stream = Box::pin(stream);
        if url.scheme() == "https" {
            (stream, _) = handshake(&self.client, name, stream)
                .await
                .map_err(refused)?;
        }
        if proxy.is_socks() {
            socks::open(&mut stream, &self.host, self.port, url).await?;
        } else {
            tunnel::open(&mut stream, &self.host, self.port, proxy.authorization()).await?;
        }
        Ok(Connected { stream, peer })
    }
}

impl std::fmt::Debug for Connected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connected")
            .field("peer", &self.peer)
            .finish_non_exhaustive()
    }
}

/// Tries the addresses in turn, as the system gave them.
async fn tcp(addresses: &[SocketAddr]) -> Result<TcpStream, ErrorKind> {
    let mut last = ErrorKind::ConnectRefused {
        detail: "the name has no address".to_owned(),
    };
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = classify::tcp(&error),
        }
    }
    Err(last)
}

async fn handshake(
    client: &Client,
    host: &str,
    stream: Stream,
) -> Result<(Stream, TlsSeen), ErrorKind> {
    let name = ServerName::try_from(host.to_owned()).map_err(|_| {
        let reason = TlsReason::Other("the host's name cannot stand in a certificate".to_owned());
        ErrorKind::Tls(TlsFault {
            reason,
            certificate: None,
        })
    })?;
    let watching = Arc::new(trust::Watching::new(client.verifier()));
    let config = trust::config(Arc::clone(&watching) as _).map_err(|error| {
        ErrorKind::Tls(TlsFault {
            reason: TlsReason::Other(error.to_string()),
            certificate: None,
        })
    })?;
    let outcome = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await;
    let certificate = watching.seen().as_ref().and_then(Certificate::read);
    match outcome {
        Ok(stream) => {
            let version = stream.get_ref().1.protocol_version();
            let version = match version {
                Some(rustls::ProtocolVersion::TLSv1_3) => "TLS 1.3",
                Some(rustls::ProtocolVersion::TLSv1_2) => "TLS 1.2",
                _ => "TLS",
            };
            Ok((
                Box::pin(stream),
                TlsSeen {
                    version: version.to_owned(),
                    certificate,
                },
            ))
        }
        Err(error) => Err(match classify::handshake(&error) {
            ErrorKind::Tls(fault) => ErrorKind::Tls(TlsFault {
                certificate: certificate.map(Box::new),
                ..fault
            }),
            other => other,
        }),
    }
}
