//! Why there is no answer.

use std::fmt;
use std::time::Duration;

use usher_core::model::Origin;

use crate::probe::Certificate;

/// A request that brought no answer: which, how often it was tried, how long it took, and why.
///
/// It never holds a body, a header's value, a query or a token.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{operation}: {kind}{}", Tries { attempts: *attempts, elapsed: *elapsed })]
pub struct Error {
    /// The request's name, for instance `account.users.list`.
    pub operation: &'static str,
    /// How often it was tried; 0 when nothing was sent.
    pub attempts: u32,
    /// From the first try to the end, waits included.
    pub elapsed: Duration,
    /// Why.
    pub kind: ErrorKind,
}

struct Tries {
    attempts: u32,
    elapsed: Duration,
}

impl fmt::Display for Tries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.attempts {
            0 | 1 => Ok(()),
            attempts => write!(
                f,
                " (after {attempts} tries in {:.1} s)",
                self.elapsed.as_secs_f64()
            ),
        }
    }
}

/// Why a request brought no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Refused here, before a byte was sent.
    #[error("{origin} is refused: {reason}")]
    HostRefused {
        /// Where the request would have gone.
        origin: String,
        /// Why not.
        reason: HostRefusal,
    },
    /// The request could not be put together; nothing was sent.
    #[error("the request cannot be built: {0}")]
    Unbuildable(String),
    /// The server answered with a redirect, which is never followed.
    #[error("the server answered with a redirect (HTTP {status})")]
    Redirected {
        /// The status, 300 to 399.
        status: u16,
        /// Where it leads, resolved against the request's URL; `None` when it names no place. It may hold a query.
        location: Option<Box<url::Url>>,
    },
    /// The host's name is not known.
    #[error("the name {host} cannot be found")]
    NameNotFound {
        /// The name.
        host: String,
    },
    /// The host refuses the connection, or cannot be reached.
    #[error("the connection is refused: {detail}")]
    ConnectRefused {
        /// The operating system's words.
        detail: String,
    },
    /// No connection within the time.
    #[error("no connection within the time given")]
    ConnectTimeout,
    /// The proxy refuses to pass the connection on, or cannot be reached itself.
    #[error("the proxy refuses the connection: {detail}")]
    ProxyRefused {
        /// What it said.
        detail: String,
    },
    /// The proxy asks for a user name and password (407).
    #[error("the proxy asks for a user name and a password")]
    ProxyAuth,
    /// The TLS handshake failed.
    #[error("{0}")]
    Tls(TlsFault),
    /// The connection ended before an answer.
    #[error("the connection was cut before an answer")]
    Cut,
    /// The connection ended within the answer's body.
    #[error("the answer (HTTP {status}) was cut off after {received} bytes")]
    BodyTruncated {
        /// The status that had arrived.
        status: u16,
        /// How many bytes of the body had arrived.
        received: u64,
    },
    /// No complete answer within the time.
    #[error("no complete answer within {} s", after.as_secs())]
    Timeout {
        /// The time that was given.
        after: Duration,
        /// The status, when it had arrived and only the body was missing.
        status: Option<u16>,
    },
    /// The answer's body is larger than the cap.
    #[error("the answer (HTTP {status}) is larger than {limit} bytes")]
    TooLarge {
        /// The status that had arrived.
        status: u16,
        /// The cap in bytes, after decompression.
        limit: u64,
    },
    /// The answer's body is not what was expected.
    #[error("the answer (HTTP {status}) cannot be read at `{path}`: {detail}")]
    Unreadable {
        /// The status.
        status: u16,
        /// The path in the JSON document; `.` for the document itself.
        path: String,
        /// What is wrong, without the text itself.
        detail: String,
        /// Whether the text ends too early, as a cut answer does.
        truncated: bool,
    },
    /// The person cancelled.
    #[error("cancelled")]
    Cancelled,
    /// Something else in the exchange, for instance an answer that is not HTTP.
    #[error("the exchange failed: {detail}")]
    Protocol {
        /// The library's words.
        detail: String,
    },
}

/// Why a host is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HostRefusal {
    /// It is not a host of Databricks or Microsoft, or not in the endpoints file.
    #[error("it is not a known host")]
    Unknown,
    /// The credential belongs to another origin.
    #[error("the credential belongs to another host")]
    OtherOrigin,
    /// It is not https (plain http is for loopback origins of an endpoints file).
    #[error("it is not https")]
    NotHttps,
}

/// A failed TLS handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFault {
    /// What is wrong.
    pub reason: TlsReason,
    /// The certificate, where the [`probe`](crate::probe) saw it.
    pub certificate: Option<Box<Certificate>>,
}

/// What is wrong with TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TlsReason {
    /// Signed by nobody this machine trusts.
    Untrusted,
    /// Made out to another name.
    NameMismatch,
    /// Not valid any more, or not yet.
    Expired,
    /// Anything else, in the library's words.
    Other(String),
}

impl fmt::Display for TlsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            TlsReason::Untrusted => f.write_str("the certificate is not trusted on this machine"),
            TlsReason::NameMismatch => f.write_str("the certificate is made out to another name"),
            TlsReason::Expired => f.write_str("the certificate is outside its validity"),
            TlsReason::Other(detail) => write!(f, "the TLS handshake failed: {detail}"),
        }?;
        if let Some(Certificate {
            subject, issuer, ..
        }) = self.certificate.as_deref()
        {
            write!(f, " (subject {subject}, issuer {issuer})")?;
        }
        Ok(())
    }
}

impl ErrorKind {
    /// A refusal of `origin`.
    pub(crate) fn refused(origin: Option<Origin>, reason: HostRefusal) -> Self {
        let origin = origin.map_or_else(|| "an address without a host".to_owned(), String::from);
        Self::HostRefused { origin, reason }
    }

    /// Whether a read may be tried again after this: the connection failed in a way that can pass.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::ConnectRefused { .. }
                | Self::ConnectTimeout
                | Self::Cut
                | Self::BodyTruncated { .. }
                | Self::Timeout { .. }
        )
    }
}
