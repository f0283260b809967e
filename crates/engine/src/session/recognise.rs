//! Reading what stands in the paste fields, in the page's shape. Nothing is kept and nothing is sent.

use usher_core::connection::fault::{Fault, FaultContext};
use usher_core::model::scim_url::{self, ScimLevel, ScimUrl, UrlVerdict};
use usher_core::model::token::{self, TokenKind, TokenVerdict};
use usher_core::model::{Origin, Secret, World};

use super::view::{ReadingVerdict, SecretSlot, TokenReading, UrlLevel, UrlReading};

/// Reads a SCIM URL.
pub(crate) fn url(text: &str, world: &World) -> UrlReading {
    let verdict = scim_url::recognise(text, world);
    let mut reading = UrlReading {
        verdict: ReadingVerdict::Empty,
        url: None,
        level: None,
        host: None,
        cloud: None,
        account_id: None,
        fault: None,
        offer: None,
    };
    match verdict {
        UrlVerdict::Empty => {}
        UrlVerdict::Good(good) => {
            reading.verdict = ReadingVerdict::Good;
            reading.url = Some(good.url.to_string());
            reading.level = Some(level(&good));
            reading.host = Some(good.origin.host());
            reading.cloud = good.cloud;
            reading.account_id = good.account_id().map(str::to_owned);
        }
        UrlVerdict::Fault { code, offer } => {
            let context = FaultContext {
                offer: offer.clone(),
                ..FaultContext::default()
            };
            reading.verdict = ReadingVerdict::Fault;
            reading.fault = Some(Fault::of(code, &context));
            reading.offer = offer;
        }
    }
    reading
}

fn level(url: &ScimUrl) -> UrlLevel {
    match url.level {
        ScimLevel::Account { .. } => UrlLevel::Account,
        ScimLevel::Workspace => UrlLevel::Workspace,
    }
}

/// A secret that may be kept, with its kind in words; or how the field reads.
#[derive(Debug)]
pub(crate) struct ReadSecret {
    /// How the field reads.
    pub(crate) reading: TokenReading,
    /// The secret without what was trimmed off; with `good`.
    pub(crate) secret: Option<Secret>,
}

/// The name suggested for the enterprise application of one workspace: the workspace's own, and `-provisioning` after it
/// (the article's advice, facts/seed). `None`: the address tells nothing to name it by.
pub(crate) fn application_of_workspace(url: &str, world: &World) -> Option<String> {
    let origin = Origin::of(&url::Url::parse(url).ok()?)?;
    let host = origin.host();
    let workspace = match world {
        World::Mapped(endpoints) => format!("workspace-{}", endpoints.workspace_of(&origin)?),
        World::Live => host.split('.').next()?.to_owned(),
    };
    Some(format!("{workspace}-provisioning"))
}

/// Reads a secret for a slot, against the set-up's SCIM URL where there is one.
pub(crate) fn secret(slot: &SecretSlot, text: &str, scim: Option<&ScimUrl>) -> ReadSecret {
    match slot {
        SecretSlot::ScimToken => scim_token(text, scim),
        SecretSlot::WorkspaceToken { .. } => {
            let read = scim_token(text, None);
            match read.reading.kind.as_deref() == Some(kind_in_words(TokenKind::AccountScim)) {
                true => mismatch(TokenKind::AccountScim, true),
                false => read,
            }
        }
        SecretSlot::EntraClientSecret => opaque(text, "client secret"),
        SecretSlot::DatabricksClientSecret => opaque(text, "OAuth secret"),
    }
}

fn scim_token(text: &str, scim: Option<&ScimUrl>) -> ReadSecret {
    match token::recognise(text, scim) {
        TokenVerdict::Empty => read(ReadingVerdict::Empty, None, None),
        TokenVerdict::Good(token) => {
            let mut good = read(
                ReadingVerdict::Good,
                Some(kind_in_words(token.kind)),
                Some(token.secret),
            );
            good.reading.warnings = token
                .warnings
                .iter()
                .map(|warning| warning.text().to_owned())
                .collect();
            good.reading.doubtful = token.warnings.iter().any(|warning| warning.doubts_kind());
            good
        }
        TokenVerdict::Fault { code, kind } => {
            let workspace = scim.is_some_and(|url| url.level == ScimLevel::Workspace);
            let context = FaultContext {
                workspace,
                token_kind: Some(kind),
                ..FaultContext::default()
            };
            let mut bad = read(ReadingVerdict::Fault, Some(kind_in_words(kind)), None);
            bad.reading.fault = Some(Fault::of(code, &context));
            bad
        }
    }
}

fn mismatch(kind: TokenKind, workspace: bool) -> ReadSecret {
    let context = FaultContext {
        workspace,
        token_kind: Some(kind),
        ..FaultContext::default()
    };
    let mut bad = read(ReadingVerdict::Fault, Some(kind_in_words(kind)), None);
    bad.reading.fault = Some(Fault::of(
        usher_core::connection::FaultCode::TokenKindMismatch,
        &context,
    ));
    bad
}

/// A secret whose shape nobody documents: blanks around it are taken off, blanks inside are a slip of the paste.
fn opaque(text: &str, kind: &'static str) -> ReadSecret {
    let bare = text.trim();
    if bare.is_empty() {
        return read(ReadingVerdict::Empty, None, None);
    }
    if bare
        .chars()
        .any(|letter| letter.is_whitespace() || letter.is_control())
    {
        let context = FaultContext::default();
        let mut bad = read(ReadingVerdict::Fault, Some(kind), None);
        bad.reading.fault = Some(Fault::of(
            usher_core::connection::FaultCode::TokenMalformed,
            &context,
        ));
        return bad;
    }
    let mut good = read(ReadingVerdict::Good, Some(kind), Some(Secret::new(bare)));
    if kind == "client secret" && uuid::Uuid::try_parse(bare).is_ok() {
        good.reading.doubtful = true;
        good.reading.warnings.push(
            "This looks like the secret's id. Entra shows the value beside it, once, when the secret is made.".to_owned(),
        );
    }
    good
}

fn read(verdict: ReadingVerdict, kind: Option<&str>, secret: Option<Secret>) -> ReadSecret {
    let reading = TokenReading {
        verdict,
        kind: kind.map(str::to_owned),
        last_four: secret.as_ref().and_then(Secret::last_four),
        warnings: Vec::new(),
        doubtful: false,
        fault: None,
    };
    ReadSecret { reading, secret }
}

/// A token's kind, for people.
pub(crate) fn kind_in_words(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::AccountScim => "account SCIM token",
        TokenKind::PersonalAccess => "personal access token",
        TokenKind::OauthSecret => "OAuth secret",
        TokenKind::Jwt => "access token (JWT)",
        TokenKind::Other => "token",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workspace_application_is_named_after_the_workspace() {
        let name = |url: &str| application_of_workspace(url, &World::Live);
        let given = name("https://adb-1001.1.azuredatabricks.net/api/2.0/preview/scim");
        assert_eq!(given.as_deref(), Some("adb-1001-provisioning"));
        assert_eq!(name("no url"), None);
    }

    #[test]
    fn what_may_be_something_else_is_doubtful() {
        let doubtful = |slot: SecretSlot, text: &str| secret(&slot, text, None).reading.doubtful;
        assert!(doubtful(
            SecretSlot::ScimToken,
            "https://accounts.azuredatabricks.net"
        ));
        assert!(!doubtful(
            SecretSlot::ScimToken,
            " dsapi0123456789abcdef0123456789abcdef\n"
        ));
        assert!(doubtful(
            SecretSlot::EntraClientSecret,
            "b3a81c5e-94d7-4f02-8c6b-2e70d1f5a938"
        ));
        assert!(!doubtful(SecretSlot::EntraClientSecret, "Prc8Q~practice"));
    }

    const ACCOUNT: &str = "https://accounts.azuredatabricks.net/api/2.1/accounts/0d6b0b2b-7b1d-4b1a-9d3e-2f5a6c7d8e9f/scim/v2";

    #[test]
    fn a_good_url_tells_level_cloud_and_account() {
        let reading = url(ACCOUNT, &World::Live);
        assert_eq!(reading.verdict, ReadingVerdict::Good);
        assert_eq!(reading.level, Some(UrlLevel::Account));
        assert_eq!(
            reading.account_id.as_deref(),
            Some("0d6b0b2b-7b1d-4b1a-9d3e-2f5a6c7d8e9f")
        );
    }

    #[test]
    fn a_wrong_path_offers_the_right_url_with_words() {
        let reading = url(&format!("{ACCOUNT}/Users"), &World::Live);
        assert_eq!(reading.verdict, ReadingVerdict::Fault);
        assert_eq!(reading.offer.as_deref(), Some(ACCOUNT));
        assert!(reading.fault.is_some_and(|fault| !fault.fix.is_empty()));
    }

    #[test]
    fn a_personal_token_on_the_account_url_is_a_fault_that_shows_no_character_of_it() {
        let scim = scim_url::recognise(ACCOUNT, &World::Live);
        let pat = format!("dapi{}", "0123456789abcdef".repeat(2));
        let read = secret(&SecretSlot::ScimToken, &pat, scim.good());
        assert_eq!(read.reading.verdict, ReadingVerdict::Fault);
        assert!(read.secret.is_none());
        assert!(
            !serde_json::to_string(&read.reading)
                .unwrap()
                .contains("89abcdef")
        );
    }

    #[test]
    fn the_id_of_a_client_secret_is_told_from_its_value() {
        let id = "6f1c0a3e-5a1f-4c7e-9a64-0b9f6f0d7c11";
        let read = secret(&SecretSlot::EntraClientSecret, id, None);
        assert_eq!(read.reading.warnings.len(), 1);
    }
}
