//! A TLS server on loopback with a certificate made for the test.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// What is wrong with the certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certificate {
    /// Nobody trusts its issuer.
    Untrusted,
    /// It is for another name. Its issuer is trusted.
    OtherName,
    /// It has run out. Its issuer is trusted.
    Expired,
}

/// A server that accepts TLS connections and answers nothing. It stops when dropped.
#[derive(Debug)]
pub struct TlsServer {
    /// Its origin, with the name `localhost`.
    pub origin: String,
    /// The issuer's certificate as PEM, for `SSL_CERT_FILE`.
    pub issuer: String,
    serving: JoinHandle<()>,
}

impl TlsServer {
    /// Starts one.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn start(certificate: Certificate) -> Self {
        let (config, issuer) = configuration(certificate);
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a loopback port is free");
        let port = listener.local_addr().expect("it has an address").port();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let serving = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    // The client ends a handshake it does not like: that is what is tested.
                    if let Ok(mut stream) = acceptor.accept(connection).await {
                        let _ = stream.read_u8().await;
                    }
                });
            }
        });
        Self {
            origin: format!("https://localhost:{port}"),
            issuer,
            serving,
        }
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn configuration(certificate: Certificate) -> (ServerConfig, String) {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority
        .distinguished_name
        .push(DnType::CommonName, "Usher test authority");
    let key = KeyPair::generate().expect("a key can be made");
    let issuer = CertifiedIssuer::self_signed(authority, key).expect("an authority can be made");

    let name = match certificate {
        Certificate::OtherName => "elsewhere.example",
        Certificate::Untrusted | Certificate::Expired => "localhost",
    };
    let mut server = CertificateParams::new([name.to_owned()]).expect("a name is a name");
    server.distinguished_name.push(DnType::CommonName, name);
    if certificate == Certificate::Expired {
        server.not_before = date_time_ymd(2020, 1, 1);
        server.not_after = date_time_ymd(2021, 1, 1);
    }
    let key = KeyPair::generate().expect("a key can be made");
    let signed = server
        .signed_by(&key, &issuer)
        .expect("a certificate can be signed");
    let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));

    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring speaks TLS")
        .with_no_client_auth()
        .with_single_cert(vec![signed.der().clone()], private)
        .expect("the key fits the certificate");
    (config, issuer.pem())
}
