//! Whose certificates are trusted: the platform's store, with `SSL_CERT_FILE` beside it.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_platform_verifier::Verifier;

/// Extra roots beside the platform's trust store.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    extra_roots: Vec<CertificateDer<'static>>,
}

/// Where Linux distributions keep the bundle of trusted roots; the first that exists counts.
#[cfg(all(unix, not(target_vendor = "apple"), not(target_os = "android")))]
const PLATFORM_BUNDLES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

impl Trust {
    /// The platform's store, and what `SSL_CERT_FILE` names beside it.
    ///
    /// The platform verifier knows that variable on Linux only, and there it reads the file *instead of* the platform's
    /// store; so the missing half is added here.
    pub fn from_environment() -> Self {
        let Some(file) = std::env::var_os("SSL_CERT_FILE") else {
            return Self::default();
        };
        let mut trust = Self::default().with_file(Path::new(&file));
        #[cfg(all(unix, not(target_vendor = "apple"), not(target_os = "android")))]
        if let Some(bundle) = PLATFORM_BUNDLES
            .iter()
            .map(Path::new)
            .find(|path| path.exists())
        {
            trust = trust.with_file(bundle);
        }
        trust
    }

    /// Trusts the certificates of a PEM file as well. A file or a certificate that cannot be read is passed over with a
    /// warning, as every other program does with `SSL_CERT_FILE`.
    #[must_use]
    pub fn with_file(mut self, path: &Path) -> Self {
        match CertificateDer::pem_file_iter(path) {
            Ok(certificates) => self.extra_roots.extend(certificates.flatten()),
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "the certificate file cannot be read")
            }
        }
        self
    }

    /// Trusts the certificates of a PEM text as well.
    #[must_use]
    pub fn with_pem(mut self, pem: &str) -> Self {
        self.extra_roots
            .extend(CertificateDer::pem_slice_iter(pem.as_bytes()).flatten());
        self
    }

    /// The verifier that the client and the probe share.
    pub(crate) fn verifier(&self) -> Result<Arc<Verifier>, rustls::Error> {
        let usable = self
            .extra_roots
            .iter()
            .filter(|root| is_usable(root))
            .cloned();
        Ok(Arc::new(Verifier::new_with_extra_roots(
            usable,
            provider(),
        )?))
    }
}

/// The cryptography, installed once per process; a second client finds it installed, which is fine.
fn provider() -> Arc<CryptoProvider> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    CryptoProvider::get_default()
        .cloned()
        .unwrap_or_else(|| Arc::new(rustls::crypto::ring::default_provider()))
}

/// A TLS configuration with the given verifier.
pub(crate) fn config(verifier: Arc<dyn ServerCertVerifier>) -> Result<ClientConfig, rustls::Error> {
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// A verifier that keeps the certificate it was shown, so that a refusal can name its issuer and subject.
#[derive(Debug)]
pub(crate) struct Watching {
    inner: Arc<Verifier>,
    seen: Mutex<Option<CertificateDer<'static>>>,
}

impl Watching {
    pub(crate) fn new(inner: Arc<Verifier>) -> Self {
        Self {
            inner,
            seen: Mutex::new(None),
        }
    }

    /// The server's own certificate, accepted or not.
    pub(crate) fn seen(&self) -> Option<CertificateDer<'static>> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl ServerCertVerifier for Watching {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let shown = end_entity.clone().into_owned();
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(shown);
        self.inner
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// Whether a certificate can be a root at all; the verifier would refuse the whole list for a single bad one.
fn is_usable(certificate: &CertificateDer<'static>) -> bool {
    let usable = RootCertStore::empty().add(certificate.clone()).is_ok();
    if !usable {
        tracing::warn!("a certificate of the certificate file is not usable as a root");
    }
    usable
}
