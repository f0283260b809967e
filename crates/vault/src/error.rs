//! Why the keyring did not do what was asked, in words for people.

use std::time::Duration;

/// Why the keyring did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// No keyring service runs.
    #[error("this computer has no keyring service that Usher can reach")]
    NoService,
    /// A service runs, but nobody made a keyring yet.
    #[error("a keyring service runs, but there is no keyring in it yet")]
    NoKeyring,
    /// The keyring is locked, and was not unlocked.
    #[error("the keyring is locked, and it was not unlocked")]
    Locked,
    /// The service does not answer.
    #[error("the keyring did not answer within {} s", after.as_secs())]
    Silent {
        /// How long Usher waited.
        after: Duration,
    },
    /// The secret is larger than keyrings take everywhere.
    #[error("the secret is {length} bytes long, and the keyring takes {limit} at most")]
    TooLong {
        /// Its length in bytes.
        length: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// What was read back is not what was written.
    #[error("the keyring gave back something else than it was given")]
    Unfaithful,
    /// Something else, in the keyring's own words.
    #[error("the keyring refused: {0}")]
    Refused(String),
}

impl VaultError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoService => "keyring-no-service",
            Self::NoKeyring => "keyring-none-yet",
            Self::Locked => "keyring-locked",
            Self::Silent { .. } => "keyring-silent",
            Self::TooLong { .. } => "keyring-too-long",
            Self::Unfaithful => "keyring-unfaithful",
            Self::Refused(_) => "keyring-refused",
        }
    }

    /// What a person can do.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoService => {
                "Install and start a keyring (for instance GNOME Keyring or KWallet), or keep secrets in memory for this run."
            }
            Self::NoKeyring => {
                "Open your desktop's password manager and make a keyring, or keep secrets in memory for this run."
            }
            Self::Locked => {
                "Unlock your keyring and try again, or keep secrets in memory for this run."
            }
            Self::Silent { .. } => {
                "Look for a window that asks for your keyring's password, then try again, or keep secrets in memory for this run."
            }
            Self::TooLong { .. } => "Check that only the token or the secret itself was pasted.",
            Self::Unfaithful | Self::Refused(_) => {
                "Try again, or keep secrets in memory for this run."
            }
        }
    }
}
