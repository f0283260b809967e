//! Secrets: in once, straight to the vault; out only as kind, last four characters and a date.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use ts_rs::TS;
use usher_core::model::Secret;

/// A secret as it came from a paste field. It has no `Serialize`.
#[derive(Clone, TS)]
#[ts(type = "string")]
pub struct Pasted(Secret);

impl Pasted {
    /// The secret.
    pub fn secret(&self) -> &Secret {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Pasted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Secret::new(text)))
    }
}

impl fmt::Debug for Pasted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a secret is for. Each set-up has at most one a slot.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(
    tag = "slot",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum SecretSlot {
    /// The token beside the set-up's SCIM URL: the account SCIM token, or the workspace's personal access token.
    ScimToken,
    /// A personal access token of one workspace (move).
    WorkspaceToken {
        /// The workspace's id.
        workspace_id: String,
    },
    /// The client secret of the registration Usher signs in with.
    EntraClientSecret,
    /// The OAuth secret of a Databricks service principal.
    DatabricksClientSecret,
}

/// A kept secret, as far as anyone may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SecretView {
    /// What it is for.
    pub slot: SecretSlot,
    /// Its kind, in words.
    pub kind: String,
    /// The origin it is bound to.
    pub origin: String,
    /// Whether the set-up uses it now; one kept for an earlier URL is not.
    pub in_use: bool,
    /// The last four characters, where it is long enough for that to be harmless.
    pub last_four: Option<String>,
    /// When it was kept.
    #[ts(type = "string")]
    pub kept_at: Timestamp,
    /// Whether it is in memory for this run only.
    pub memory_only: bool,
}

/// Puts a secret into the vault.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeepToken {
    /// What it is for.
    pub slot: SecretSlot,
    /// The secret.
    pub text: Pasted,
    /// When it was made, where the person knows.
    #[serde(default)]
    #[ts(type = "string | null", optional)]
    pub created_at: Option<Timestamp>,
    /// When it expires, where the person knows.
    #[serde(default)]
    #[ts(type = "string | null", optional)]
    pub expires_at: Option<Timestamp>,
}

/// Removes a secret from the vault.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ForgetSecret {
    /// What it is for.
    pub slot: SecretSlot,
    /// The origin it is bound to, as listed; absent: the one the set-up uses now.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub origin: Option<String>,
}
