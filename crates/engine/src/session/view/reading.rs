//! What a pasted URL or token turned out to be, while it is typed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use usher_core::connection::Fault;
use usher_core::model::DatabricksCloud;

use super::secret::{Pasted, SecretSlot};

/// How a field reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ReadingVerdict {
    /// Nothing there.
    Empty,
    /// Good.
    Good,
    /// Not good; the fault says why.
    Fault,
}

/// A SCIM URL as it stands in the field.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RecogniseUrl {
    /// The field's text.
    pub text: String,
}

/// Account or workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum UrlLevel {
    /// The account's SCIM URL.
    Account,
    /// A workspace's.
    Workspace,
}

/// What the URL turned out to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UrlReading {
    /// The verdict.
    pub verdict: ReadingVerdict,
    /// The URL as Entra is to hold it; with `good`.
    pub url: Option<String>,
    /// Account or workspace; with `good`.
    pub level: Option<UrlLevel>,
    /// The host; with `good`.
    pub host: Option<String>,
    /// The cloud, where the host tells it.
    pub cloud: Option<DatabricksCloud>,
    /// The account id in an account URL.
    pub account_id: Option<String>,
    /// What is wrong; with `fault`.
    pub fault: Option<Fault>,
    /// The URL that was probably meant; with `fault`, where one can be built.
    pub offer: Option<String>,
}

/// A token as it stands in the field.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RecogniseToken {
    /// What the field is for.
    pub slot: SecretSlot,
    /// The field's text.
    pub text: Pasted,
}

/// What the token turned out to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TokenReading {
    /// The verdict.
    pub verdict: ReadingVerdict,
    /// What kind of token it looks like, in words.
    pub kind: Option<String>,
    /// The last four characters.
    pub last_four: Option<String>,
    /// What is worth knowing, a line each (blanks were trimmed, an unusual shape).
    pub warnings: Vec<String>,
    /// Whether a warning says that it may be something else: then it is kept only when the person says so.
    pub doubtful: bool,
    /// What is wrong; with `fault`.
    pub fault: Option<Fault>,
}
