//! An origin: scheme, host and port, the unit to which a credential is bound.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::Url;

/// Scheme, host and port of a server, written without a path: `https://accounts.azuredatabricks.net`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin(String);

/// Why a text is not an origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is not an origin: write scheme, host and, if needed, port, and nothing after them"
)]
pub struct NotAnOrigin {
    /// The text that was given.
    pub text: String,
}

impl Origin {
    /// The origin of a URL; `None` for URLs without a host.
    pub fn of(url: &Url) -> Option<Self> {
        let origin = url.origin();
        origin
            .is_tuple()
            .then(|| Self(origin.ascii_serialization()))
    }

    /// The https origin of a host of our own tables, on the standard port.
    pub(crate) fn https(host: &'static str) -> Self {
        Self(format!("https://{host}"))
    }

    /// The origin as text, without a closing slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host's name or address, without brackets.
    pub fn host(&self) -> String {
        let host = self.url().host_str().unwrap_or_default().to_owned();
        host.trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned()
    }

    /// The port, given or the scheme's own.
    pub fn port(&self) -> u16 {
        self.url().port_or_known_default().unwrap_or_default()
    }

    /// Whether the scheme is `https`.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// Whether the host is a loopback address (`127.0.0.0/8`, `::1`) or `localhost`.
    pub fn is_loopback(&self) -> bool {
        let host = self.host();
        host == "localhost"
            || host
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }

    /// A URL on this origin with the given absolute path (and query).
    pub fn join(&self, path: &str) -> Result<Url, url::ParseError> {
        self.url().join(path)
    }

    fn url(&self) -> Url {
        // The text was made from a URL with a host, so it parses; the fallback is never reached.
        Url::parse(&self.0).unwrap_or_else(|_| unreachable_url())
    }
}

fn unreachable_url() -> Url {
    #[expect(clippy::expect_used, reason = "a constant that parses")]
    Url::parse("https://invalid.invalid").expect("constant URL")
}

impl FromStr for Origin {
    type Err = NotAnOrigin;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = || NotAnOrigin {
            text: text.to_owned(),
        };
        let url = Url::parse(text).map_err(|_| refuse())?;
        let bare = url.path() == "/" || url.path().is_empty();
        let plain = url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        let web = matches!(url.scheme(), "http" | "https");
        if !(bare && plain && web) {
            return Err(refuse());
        }
        Self::of(&url).ok_or_else(refuse)
    }
}

impl TryFrom<String> for Origin {
    type Error = NotAnOrigin;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
