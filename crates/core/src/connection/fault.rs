//! The doctor's fault codes (`contracts/checks.md`) and their words.

mod words;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::model::token::TokenKind;

/// A fault code. Codes are stable: they stand in answers, exports, tests and links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[expect(
    missing_docs,
    reason = "the words for each code are in the catalogue of this module"
)]
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

impl FaultCode {
    /// All codes, in the catalogue's order.
    pub const ALL: [Self; 38] = [
        Self::UrlEmpty,
        Self::UrlUnparsable,
        Self::UrlNotHttps,
        Self::UrlHasCredentials,
        Self::UrlBrowserPage,
        Self::UrlWrongPath,
        Self::UrlKindMismatch,
        Self::UrlAccountId,
        Self::UrlForeignHost,
        Self::TokenEmpty,
        Self::TokenMalformed,
        Self::TokenKindMismatch,
        Self::NameNotFound,
        Self::ConnectRefused,
        Self::ConnectTimeout,
        Self::ProxyRefused,
        Self::ProxyAuth,
        Self::TlsUntrusted,
        Self::TlsNameMismatch,
        Self::TlsExpired,
        Self::ConnectionCut,
        Self::Timeout,
        Self::PrivateLink,
        Self::LoginPage,
        Self::TokenRejected,
        Self::IpBlocked,
        Self::NotAdmin,
        Self::Forbidden,
        Self::NotFound,
        Self::RateLimited,
        Self::ServerError,
        Self::UnexpectedStatus,
        Self::NotScim,
        Self::BodyTruncated,
        Self::BodyTooLarge,
        Self::FilterRefused,
        Self::FilterIgnored,
        Self::TokenNotChecked,
    ];
}

/// What the words of a fault may name. All of it is optional; nothing in it may be a secret.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FaultContext {
    /// The host.
    pub host: Option<String>,
    /// The URL that was probably meant.
    pub offer: Option<String>,
    /// Whether the target is a workspace rather than the account.
    pub workspace: bool,
    /// What the token looks like.
    pub token_kind: Option<TokenKind>,
    /// The HTTP status.
    pub status: Option<u16>,
    /// The server's own words, short and without secrets.
    pub message: Option<String>,
    /// The source address that an IP access list named.
    pub address: Option<String>,
    /// The certificate's issuer.
    pub issuer: Option<String>,
    /// The certificate's subject.
    pub subject: Option<String>,
    /// Whether the certificate looks like that of TLS inspection (D45).
    pub inspection: bool,
    /// The time given, in seconds.
    pub seconds: Option<u64>,
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

impl Fault {
    /// Every page of documentation that a fault can name.
    pub const DOCUMENTS: [&'static str; 3] = words::DOCUMENTS;

    /// The words of a code, with what is known of the case.
    pub fn of(code: FaultCode, context: &FaultContext) -> Self {
        let words = words::of(code, context);
        Self {
            code,
            title: words.title,
            cause: words.cause,
            fix: numbered(&words.presses),
            docs: words.docs.map(str::to_owned),
        }
    }
}

/// Presses as numbered lines.
pub(crate) fn numbered(presses: &[String]) -> String {
    let lines: Vec<String> = presses
        .iter()
        .enumerate()
        .map(|(index, press)| format!("{}. {press}", index + 1))
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_words() {
        let mut all = String::new();
        for code in FaultCode::ALL {
            let fault = Fault::of(
                code,
                &FaultContext {
                    host: Some("accounts.azuredatabricks.net".into()),
                    ..FaultContext::default()
                },
            );
            assert!(
                !fault.title.is_empty() && fault.fix.starts_with("1. "),
                "{code:?}"
            );
            let text = format!("{} {} {}", fault.title, fault.cause, fault.fix);
            assert!(
                !text.contains('!') && !text.to_lowercase().contains("please"),
                "{code:?}"
            );
            all.push_str(&format!(
                "{code:?}\n  {}\n  {}\n{}\n\n",
                fault.title, fault.cause, fault.fix
            ));
        }
        insta::assert_snapshot!(all);
    }

    #[test]
    fn what_is_known_is_named() {
        let offer = Fault::of(
            FaultCode::UrlBrowserPage,
            &FaultContext {
                offer: Some("https://x".into()),
                ..FaultContext::default()
            },
        );
        assert!(offer.fix.starts_with("1. Use **https://x** instead."));
        let address = Fault::of(
            FaultCode::IpBlocked,
            &FaultContext {
                address: Some("203.0.113.9".into()),
                ..FaultContext::default()
            },
        );
        assert!(address.cause.contains("203.0.113.9"));
        let tls = Fault::of(
            FaultCode::TlsUntrusted,
            &FaultContext {
                issuer: Some("CN=Corp Proxy".into()),
                inspection: true,
                ..FaultContext::default()
            },
        );
        assert!(tls.cause.contains("CN=Corp Proxy") && tls.cause.contains("TLS inspection"));
    }
}
