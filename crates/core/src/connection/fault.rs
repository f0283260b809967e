//! The doctor's fault codes (`contracts/checks.md`) and their words.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A fault code. Codes are stable: they stand in answers, exports, tests and links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the words for each code are in the catalogue of this module")]
pub enum FaultCode {
    UrlEmpty,
    UrlUnparsable,
    UrlNotHttps,
    UrlHasCredentials,
    UrlBrowserPage,
    UrlWrongPath,
    UrlKindMismatch,
    UrlAccountId,
    UrlForeignHost,
    TokenEmpty,
    TokenMalformed,
    TokenKindMismatch,
    NameNotFound,
    ConnectRefused,
    ConnectTimeout,
    ProxyRefused,
    ProxyAuth,
    TlsUntrusted,
    TlsNameMismatch,
    TlsExpired,
    ConnectionCut,
    Timeout,
    PrivateLink,
    LoginPage,
    TokenRejected,
    IpBlocked,
    NotAdmin,
    Forbidden,
    NotFound,
    RateLimited,
    ServerError,
    UnexpectedStatus,
    NotScim,
    BodyTruncated,
    BodyTooLarge,
    FilterRefused,
    FilterIgnored,
    TokenNotChecked,
}

/// A fault with its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// The code.
    pub code: FaultCode,
    /// What happened, in a line.
    pub title: String,
    /// What it means and why it happens.
    pub cause: String,
    /// What to do, as numbered presses, a line each.
    pub fix: String,
    /// Where to read more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub docs: Option<String>,
}
