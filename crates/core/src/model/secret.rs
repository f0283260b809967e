//! The one type of a secret.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// A token or a client secret. It has no `Serialize`, its `Debug` is redacted and its memory is wiped when it is dropped,
/// so it cannot reach a set-up file, a journal, a log or an answer by accident.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes the secret's text over.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The text itself, for the one place that sends it or hands it to the vault.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The last four characters, for telling two secrets apart on a screen; `None` where the secret is too short for
    /// that to be harmless (under 16 characters).
    pub fn last_four(&self) -> Option<String> {
        let text = self.expose();
        let count = text.chars().count();
        (count >= 16).then(|| text.chars().skip(count - 4).collect())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Secret {}
