//! From the libraries' errors to [`ErrorKind`], by walking the whole chain of causes.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use rustls::CertificateError;

use crate::error::{ErrorKind, TlsFault, TlsReason};
use crate::resolver::NameNotFound;

/// What a failed exchange means. `timeout` is the time one try was given.
pub(crate) fn exchange(error: &reqwest::Error, timeout: Duration) -> ErrorKind {
    let chain: Vec<&(dyn StdError + 'static)> = chain(error).collect();
    if let Some(kind) = chain.iter().find_map(|cause| specific(*cause)) {
        return kind;
    }
    if error.is_timeout() {
        return if error.is_connect() {
            ErrorKind::ConnectTimeout
        } else {
            ErrorKind::Timeout {
                after: timeout,
                status: None,
            }
        };
    }
    let kinds: Vec<io::ErrorKind> = chain.iter().filter_map(|cause| io_kind(*cause)).collect();
    // A reset within the TLS handshake counts as "connect" for the library; the connection was there, so it was cut.
    if chain.iter().any(|cause| ends_early(*cause)) || kinds.iter().any(|kind| is_cut(*kind)) {
        return ErrorKind::Cut;
    }
    match error.is_connect() {
        true if kinds.contains(&io::ErrorKind::TimedOut) => ErrorKind::ConnectTimeout,
        true => ErrorKind::ConnectRefused {
            detail: innermost(&chain),
        },
        false => ErrorKind::Protocol {
            detail: innermost(&chain),
        },
    }
}

/// What a failed TCP connection means, for the probe.
pub(crate) fn tcp(error: &io::Error) -> ErrorKind {
    match error.kind() {
        io::ErrorKind::TimedOut => ErrorKind::ConnectTimeout,
        _ => ErrorKind::ConnectRefused {
            detail: plain(error),
        },
    }
}

/// What a failed TLS handshake means, for the probe.
pub(crate) fn handshake(error: &io::Error) -> ErrorKind {
    let inner = error
        .get_ref()
        .map(|inner| inner as &(dyn StdError + 'static));
    if let Some(kind) = inner.and_then(specific) {
        return kind;
    }
    if is_cut(error.kind()) {
        ErrorKind::Cut
    } else {
        tls(TlsReason::Other(error.to_string()))
    }
}

/// Whether a failed body read means that the answer was cut off, rather than garbled.
pub(crate) fn is_cut_body(error: &reqwest::Error) -> bool {
    chain(error).any(|cause| ends_early(cause) || io_kind(cause).is_some_and(is_cut))
}

fn chain<'error>(
    error: &'error (dyn StdError + 'static),
) -> impl Iterator<Item = &'error (dyn StdError + 'static)> {
    // An io::Error wraps a cause that `source()` passes over, hence the look inside.
    std::iter::successors(Some(error), |cause| {
        let cause: &'error (dyn StdError + 'static) = *cause;
        cause
            .downcast_ref::<io::Error>()
            .and_then(|io| io.get_ref().map(|inner| inner as &(dyn StdError + 'static)))
            .or_else(|| cause.source())
    })
}

/// Causes that have a type, or words, of their own.
fn specific(cause: &(dyn StdError + 'static)) -> Option<ErrorKind> {
    if let Some(name) = cause.downcast_ref::<NameNotFound>() {
        return Some(ErrorKind::NameNotFound {
            host: name.host.clone(),
        });
    }
    if let Some(error) = cause.downcast_ref::<rustls::Error>() {
        return Some(tls(tls_reason(error)));
    }
    // hyper-util does not export its tunnel's error type; its words are pinned by tests with real proxies.
    let words = cause.to_string();
    if let Some(detail) = words.strip_prefix("SOCKS error: ") {
        return Some(match detail {
            "credentials not accepted" | "server does not support user/pass authentication" => {
                ErrorKind::ProxyAuth
            }
            detail => ErrorKind::ProxyRefused {
                detail: detail.to_owned(),
            },
        });
    }
    match words.strip_prefix("tunnel error: ")? {
        "proxy authorization required" => Some(ErrorKind::ProxyAuth),
        // The proxy itself cannot be reached: what follows in the chain says why, and the person must look at the proxy.
        detail => Some(ErrorKind::ProxyRefused {
            detail: detail.to_owned(),
        }),
    }
}

fn tls(reason: TlsReason) -> ErrorKind {
    ErrorKind::Tls(TlsFault {
        reason,
        certificate: None,
    })
}

/// What a TLS library's error means for a person.
pub(crate) fn tls_reason(error: &rustls::Error) -> TlsReason {
    let rustls::Error::InvalidCertificate(certificate) = error else {
        return TlsReason::Other(error.to_string());
    };
    match certificate {
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            TlsReason::NameMismatch
        }
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => TlsReason::Expired,
        CertificateError::UnknownIssuer
        | CertificateError::BadSignature
        | CertificateError::Revoked => TlsReason::Untrusted,
        // A self-signed end certificate, a wrong purpose, a weak signature: not to be trusted either way. The platform
        // verifiers of Windows and macOS put everything they have no code for here.
        _ => TlsReason::Untrusted,
    }
}

fn io_kind(cause: &(dyn StdError + 'static)) -> Option<io::ErrorKind> {
    cause.downcast_ref::<io::Error>().map(io::Error::kind)
}

fn is_cut(kind: io::ErrorKind) -> bool {
    matches!(
        kind,
        io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof
    )
}

/// hyper's own word for a connection that ends before the message does; reqwest does not pass its type on.
fn ends_early(cause: &(dyn StdError + 'static)) -> bool {
    let words = cause.to_string();
    words.contains("connection closed before message completed")
        || words.contains("end of file before message length reached")
        || words.contains("unexpected EOF during chunk size line")
}

fn innermost(chain: &[&(dyn StdError + 'static)]) -> String {
    chain.last().map(|cause| plain(*cause)).unwrap_or_default()
}

/// A cause in its own words, without the number of the operating system's error.
fn plain(cause: &(dyn StdError + 'static)) -> String {
    let words = cause.to_string();
    words
        .split(" (os error")
        .next()
        .unwrap_or_default()
        .to_owned()
}
