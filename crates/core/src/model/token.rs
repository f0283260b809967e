//! Recognising a token as it is pasted: what kind it is, what was trimmed off it, and whether it can be right for a URL at all.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Secret;
use super::scim_url::{ScimLevel, ScimUrl};
use crate::connection::FaultCode;

/// The kinds of credential that people paste (facts/databricks §2). A shape is a hint, save for those that are certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum TokenKind {
    /// `dsapi…`: the account's SCIM token.
    AccountScim,
    /// `dapi…`: a workspace's personal access token.
    PersonalAccess,
    /// `dose…`: the OAuth secret of a Databricks service principal.
    OauthSecret,
    /// A JSON web token, for instance one of Entra.
    Jwt,
    /// A shape that nobody documents.
    Other,
}

/// Something to know about a token that is nevertheless tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum TokenWarning {
    /// Blanks or line breaks around it were taken off.
    OuterBlanks,
    /// Quotes around it were taken off.
    Quotes,
    /// The word `Bearer` before it was taken off.
    BearerPrefix,
    /// It looks like an account token, and the URL is a workspace's (D03).
    AccountTokenOnWorkspace,
    /// Nobody documents its shape.
    UnknownShape,
}

impl TokenWarning {
    /// The warning in words.
    pub fn text(self) -> &'static str {
        match self {
            Self::OuterBlanks => "Blanks around the token were taken off.",
            Self::Quotes => "Quotes around the token were taken off.",
            Self::BearerPrefix => {
                "The word Bearer before the token was taken off: Entra adds it itself."
            }
            Self::AccountTokenOnWorkspace => {
                "The token looks like an account SCIM token, and the URL is a workspace's. A workspace needs a personal access token."
            }
            Self::UnknownShape => {
                "This does not look like a token: those known so far begin with dsapi or dapi. Usher tries it all the same."
            }
        }
    }

    /// Whether this warning becomes the fault `token-kind-mismatch` when the token is refused.
    pub fn doubts_kind(self) -> bool {
        matches!(self, Self::AccountTokenOnWorkspace | Self::UnknownShape)
    }
}

/// A token that can be tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The token itself, trimmed.
    pub secret: Secret,
    /// What it looks like.
    pub kind: TokenKind,
    /// What to know about it.
    pub warnings: Vec<TokenWarning>,
}

impl Token {
    /// Whether a refusal of this token is to be told as `token-kind-mismatch` rather than `token-rejected`.
    pub fn kind_is_doubtful(&self) -> bool {
        self.warnings.iter().any(|warning| warning.doubts_kind())
    }
}

/// What a text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenVerdict {
    /// Nothing was typed yet; as an answer of the doctor this is `token-empty`.
    Empty,
    /// A token to try.
    Good(Token),
    /// Certainly no token for this URL: nothing is sent.
    Fault {
        /// What is wrong: `token-malformed` or `token-kind-mismatch`.
        code: FaultCode,
        /// What it looks like.
        kind: TokenKind,
    },
}

impl TokenVerdict {
    /// The fault code, where there is one.
    pub fn fault(&self) -> Option<FaultCode> {
        match self {
            Self::Empty => Some(FaultCode::TokenEmpty),
            Self::Good(_) => None,
            Self::Fault { code, .. } => Some(*code),
        }
    }
}

/// Says what a text is; `url` is the SCIM URL it is for, where that is known already.
pub fn recognise(text: &str, url: Option<&ScimUrl>) -> TokenVerdict {
    let (bare, mut warnings) = trimmed(text);
    if bare.is_empty() {
        return TokenVerdict::Empty;
    }
    let kind = kind_of(bare);
    // Only visible ASCII can stand in an Authorization header.
    if !bare.bytes().all(|byte| byte.is_ascii_graphic()) {
        return TokenVerdict::Fault {
            code: FaultCode::TokenMalformed,
            kind,
        };
    }
    let mismatch = TokenVerdict::Fault {
        code: FaultCode::TokenKindMismatch,
        kind,
    };
    let workspace = url.map(|url| url.level == ScimLevel::Workspace);
    match (kind, workspace) {
        (TokenKind::Jwt | TokenKind::OauthSecret, _) | (TokenKind::PersonalAccess, Some(false)) => {
            return mismatch;
        }
        (TokenKind::AccountScim, Some(true)) => {
            warnings.push(TokenWarning::AccountTokenOnWorkspace)
        }
        (TokenKind::Other, _) => warnings.push(TokenWarning::UnknownShape),
        _ => {}
    }
    TokenVerdict::Good(Token {
        secret: Secret::new(bare),
        kind,
        warnings,
    })
}

/// Takes blanks, quotes and `Bearer` off, in whatever order they stand, and says which.
fn trimmed(text: &str) -> (&str, Vec<TokenWarning>) {
    let mut warnings = Vec::new();
    let mut rest = text;
    loop {
        let (next, warning) = if let Some(next) = shorter(rest, rest.trim_matches(is_blank)) {
            (next, TokenWarning::OuterBlanks)
        } else if let Some(next) = shorter(
            rest,
            rest.trim_matches(['"', '\'', '`', '“', '”', '‘', '’']),
        ) {
            (next, TokenWarning::Quotes)
        } else if let Some(next) = without_bearer(rest) {
            (next, TokenWarning::BearerPrefix)
        } else {
            return (rest, warnings);
        };
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
        rest = next;
    }
}

fn shorter<'a>(before: &str, after: &'a str) -> Option<&'a str> {
    (after.len() < before.len()).then_some(after)
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}

fn without_bearer(text: &str) -> Option<&str> {
    let (word, rest) = text.split_at_checked("Bearer".len())?;
    let apart = rest.is_empty() || rest.starts_with(is_blank) || rest.starts_with(':');
    (word.eq_ignore_ascii_case("Bearer") && apart).then(|| rest.trim_start_matches(':'))
}

fn kind_of(text: &str) -> TokenKind {
    let jwt = text.starts_with("eyJ") && text.split('.').count() == 3;
    match text {
        _ if jwt => TokenKind::Jwt,
        _ if text.starts_with("dsapi") => TokenKind::AccountScim,
        _ if text.starts_with("dapi") => TokenKind::PersonalAccess,
        _ if text.starts_with("dose") => TokenKind::OauthSecret,
        _ => TokenKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{World, scim_url};

    const ACCOUNT: &str = "https://accounts.azuredatabricks.net/api/2.1/accounts/0a1b2c3d-0000-4000-8000-000000000001/scim/v2";
    const WORKSPACE: &str = "https://adb-1001.1.azuredatabricks.net/api/2.0/preview/scim";
    const HEX: &str = "0123456789abcdef0123456789abcdef";

    fn url(text: &str) -> ScimUrl {
        scim_url::recognise(text, &World::Live)
            .good()
            .unwrap()
            .clone()
    }

    fn good(text: &str, url: &ScimUrl) -> Token {
        match recognise(text, Some(url)) {
            TokenVerdict::Good(token) => token,
            other => panic!("{text:?} gave {other:?}"),
        }
    }

    #[test]
    fn the_right_tokens_pass_without_a_word() {
        assert!(
            good(&format!("dsapi{HEX}"), &url(ACCOUNT))
                .warnings
                .is_empty()
        );
        assert!(
            good(&format!("dapi{HEX}-2"), &url(WORKSPACE))
                .warnings
                .is_empty()
        );
    }

    #[test]
    fn certain_mismatches_are_faults() {
        let jwt = "eyJhbGciOiJub25lIn0.eyJhIjoxfQ.c2ln";
        for (token, target) in [
            (format!("dapi{HEX}"), ACCOUNT),
            (jwt.into(), ACCOUNT),
            (jwt.into(), WORKSPACE),
            (format!("dose{HEX}"), WORKSPACE),
        ] {
            assert_eq!(
                recognise(&token, Some(&url(target))).fault(),
                Some(FaultCode::TokenKindMismatch),
                "{token} on {target}"
            );
        }
    }

    #[test]
    fn hints_are_warnings() {
        let token = good(&format!("dsapi{HEX}"), &url(WORKSPACE));
        assert_eq!(token.warnings, [TokenWarning::AccountTokenOnWorkspace]);
        assert!(token.kind_is_doubtful());
        assert_eq!(
            good("something-else", &url(ACCOUNT)).warnings,
            [TokenWarning::UnknownShape]
        );
    }

    #[test]
    fn what_stands_around_is_trimmed_and_told() {
        let token = good(&format!(" \"Bearer dsapi{HEX}\"\n"), &url(ACCOUNT));
        assert_eq!(token.secret.expose(), format!("dsapi{HEX}"));
        assert_eq!(
            token.warnings,
            [
                TokenWarning::OuterBlanks,
                TokenWarning::Quotes,
                TokenWarning::BearerPrefix
            ]
        );
        assert!(!token.kind_is_doubtful());
    }

    #[test]
    fn blank_and_broken_tokens_are_faults() {
        for empty in ["", "  ", "\n", "\"\"", "Bearer ", " ' ' "] {
            assert_eq!(recognise(empty, None), TokenVerdict::Empty, "{empty:?}");
        }
        for broken in ["dsapi 01", "dsapi\n01", "dsapi\t01", "dsäpi01", "a\u{0}b"] {
            assert_eq!(
                recognise(broken, None).fault(),
                Some(FaultCode::TokenMalformed),
                "{broken:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_and_no_verdict_shows_the_token(text in any::<String>()) {
            let shown = format!("{:?}", recognise(&text, Some(&url(ACCOUNT))));
            prop_assert!(text.trim().len() < 12 || !shown.contains(text.trim()));
        }

        #[test]
        fn blanks_and_quotes_around_do_not_matter(core in "[!#-&(-_a-z]{1,60}", blanks in "[ \t\r\n]{0,4}", quote in "[\"']?") {
            let around = format!("{blanks}{quote}{core}{quote}{blanks}");
            match (recognise(&core, None), recognise(&around, None)) {
                (TokenVerdict::Good(plain), TokenVerdict::Good(wrapped)) => prop_assert_eq!(plain.secret, wrapped.secret),
                (plain, wrapped) => prop_assert_eq!(plain, wrapped),
            }
        }
    }
}
