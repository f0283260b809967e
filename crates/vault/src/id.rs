//! What a secret is called in the keyring.

use serde::{Deserialize, Serialize};
use usher_core::model::Origin;

/// The kinds of secret Usher keeps. Tokens that sign-in brings are never kept: they are too large and too short-lived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecretKind {
    /// The account's SCIM token, or a workspace's personal access token: what Entra is given.
    ScimToken,
    /// The client secret of the Entra registration Usher signs in with.
    EntraClientSecret,
    /// The OAuth secret of a Databricks service principal.
    DatabricksClientSecret,
}

impl SecretKind {
    /// The kind's name in keyrings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ScimToken => "scim-token",
            Self::EntraClientSecret => "entra-client-secret",
            Self::DatabricksClientSecret => "databricks-client-secret",
        }
    }
}

/// A secret's place: the set-up it belongs to, the one origin it may be sent to, and what it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SecretId {
    /// The set-up's key: a name that stays the same as long as the set-up does.
    pub setup: String,
    /// Where the secret may be sent.
    pub origin: Origin,
    /// What it is.
    pub kind: SecretKind,
}

impl SecretId {
    /// The entry's name in the keyring.
    pub(crate) fn entry(&self) -> String {
        format!("{} | {} | {}", self.setup, self.kind.as_str(), self.origin)
    }
}
