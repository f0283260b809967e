//! What the tests share: mapped worlds, clients, and servers that misbehave.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use url::Url;
use usher_core::model::{Endpoints, World};
use usher_transport::{
    CancellationToken, Client, ClientConfig, Error, Request, Response, RetryPolicy,
};

/// A mapped world whose account origin is `origin`.
pub(crate) fn world(origin: &str) -> World {
    let text = format!(
        r#"{{"name":"test","login":"http://127.0.0.1:1","graph":"http://127.0.0.1:2","databricksAccounts":"{origin}"}}"#
    );
    World::Mapped(Endpoints::parse(&text).unwrap())
}

/// A configuration that waits a thousandth of its own waits.
pub(crate) fn config(origin: &str) -> ClientConfig {
    ClientConfig {
        wait_scale: 0.001,
        timeout: Duration::from_secs(20),
        ..ClientConfig::new(world(origin))
    }
}

pub(crate) fn client(origin: &str) -> Client {
    Client::new(config(origin)).unwrap()
}

pub(crate) fn url(origin: &str, path: &str) -> Url {
    Url::parse(origin).unwrap().join(path).unwrap()
}

pub(crate) async fn get(client: &Client, url: Url) -> Result<Response, Error> {
    client
        .send(Request::get("test", url), &CancellationToken::new())
        .await
}

/// One try, whatever happens.
pub(crate) fn once() -> RetryPolicy {
    RetryPolicy {
        attempts: 1,
        throttled: Duration::ZERO,
        ..RetryPolicy::default()
    }
}

/// A server on loopback that answers every connection with `answer` once it has read a request's head, and then closes.
pub(crate) struct RawServer {
    pub(crate) address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl RawServer {
    pub(crate) async fn start(answer: impl Into<Vec<u8>>) -> Self {
        let answer: Arc<[u8]> = answer.into().into();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                let answer = Arc::clone(&answer);
                tokio::spawn(async move {
                    read_head(&mut stream).await;
                    let _ = stream.write_all(&answer).await;
                });
            }
        });
        Self {
            address,
            connections,
        }
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

pub(crate) async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8(head).unwrap()
}

/// A certificate authority of the test's own.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
            .distinguished_name
            .push(rcgen::DnType::CommonName, name);
        params
            .distinguished_name
            .push(rcgen::DnType::OrganizationName, "Contoso");
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        Self { issuer }
    }

    pub(crate) fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// An https server on loopback whose certificate is made out to `name`, changed by `change`.
    pub(crate) async fn server(
        &self,
        name: &str,
        change: impl FnOnce(&mut CertificateParams),
    ) -> SocketAddr {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params
            .distinguished_name
            .push(rcgen::DnType::CommonName, name);
        change(&mut params);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(
            tokio_rustls::rustls::crypto::ring::default_provider(),
        ))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let Ok(mut stream) = acceptor.accept(stream).await else {
                        return;
                    };
                    let mut head = [0; 2048];
                    let _ = stream.read(&mut head).await;
                    let answer =
                        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
                    let _ = stream.write_all(answer.as_bytes()).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        address
    }
}
