//! A secret that can be sent to one origin only.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use usher_core::model::{Origin, Secret};

/// A credential and the one origin it may be sent to. [`Client::send`](crate::Client::send) refuses it anywhere else.
#[derive(Clone)]
pub struct Credential {
    origin: Origin,
    scheme: Scheme,
}

#[derive(Clone)]
enum Scheme {
    Bearer(Secret),
    Basic { user: String, password: Secret },
}

impl Credential {
    /// A bearer token for `origin`.
    pub fn new(token: Secret, origin: Origin) -> Self {
        Self {
            origin,
            scheme: Scheme::Bearer(token),
        }
    }

    /// A user (or client id) and password (or client secret) for `origin`, sent as HTTP basic authentication.
    pub fn basic(user: impl Into<String>, password: Secret, origin: Origin) -> Self {
        Self {
            origin,
            scheme: Scheme::Basic {
                user: user.into(),
                password,
            },
        }
    }

    /// The origin the credential is bound to.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// A text of the server's with the secret taken out, should the server repeat it.
    pub fn hide_in(&self, text: &str) -> String {
        let (Scheme::Bearer(secret)
        | Scheme::Basic {
            password: secret, ..
        }) = &self.scheme;
        match secret.expose() {
            "" => text.to_owned(),
            secret => text.replace(secret, "<secret>"),
        }
    }

    /// Whether a server repeats the secret in what it says: a long answer need not be copied to hide what is not in it.
    pub fn is_in(&self, bytes: &[u8]) -> bool {
        let (Scheme::Bearer(secret)
        | Scheme::Basic {
            password: secret, ..
        }) = &self.scheme;
        let secret = secret.expose().as_bytes();
        !secret.is_empty() && memchr::memmem::find(bytes, secret).is_some()
    }

    /// The `Authorization` header's value, marked sensitive; `None` where the secret holds characters no header can.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        let text = match &self.scheme {
            Scheme::Bearer(token) => format!("Bearer {}", token.expose()),
            Scheme::Basic { user, password } => {
                format!(
                    "Basic {}",
                    STANDARD.encode(format!("{user}:{}", password.expose()))
                )
            }
        };
        let mut value = HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}
