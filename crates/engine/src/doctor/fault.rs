//! From what the client met to the fault code and what its words may name.

use usher_core::connection::FaultCode;
use usher_core::connection::fault::FaultContext;
use usher_core::model::scim_url::ScimUrl;
use usher_core::model::token::{Token, TokenWarning};
use usher_databricks::{ApiError, ApiErrorKind, Error};
use usher_transport::{ErrorKind, TlsFault, TlsReason};

use super::record::Diagnosis;

/// What Private Link's error page has in its address (facts/databricks §3.5).
const PRIVATE_LINK: &str = "private-link-validation-error";

/// What a call that failed means. `token` is the token that was sent, where one was.
pub(super) fn of_call(error: &Error, url: &ScimUrl, token: Option<&Token>) -> Diagnosis {
    match error {
        Error::Transport(error) => of_exchange(&error.kind, url),
        Error::Api { error, .. } => of_api(error, token),
        Error::WebPage { .. } => Diagnosis::new(FaultCode::LoginPage),
        Error::Unexpected { detail, .. } => Diagnosis {
            detail: Some(detail.clone()),
            ..Diagnosis::new(FaultCode::NotScim)
        },
        other => Diagnosis {
            detail: Some(other.to_string()),
            ..Diagnosis::new(FaultCode::NotScim)
        },
    }
}

/// What an exchange without an answer means.
pub(super) fn of_exchange(kind: &ErrorKind, url: &ScimUrl) -> Diagnosis {
    let code = match kind {
        ErrorKind::HostRefused { .. } => FaultCode::UrlForeignHost,
        ErrorKind::Unbuildable(_) => FaultCode::TokenMalformed,
        ErrorKind::Redirected { location, .. } => match location {
            Some(place) if place.as_str().contains(PRIVATE_LINK) => FaultCode::PrivateLink,
            _ => FaultCode::LoginPage,
        },
        ErrorKind::NameNotFound { .. } => FaultCode::NameNotFound,
        ErrorKind::ConnectRefused { .. } => FaultCode::ConnectRefused,
        ErrorKind::ConnectTimeout => FaultCode::ConnectTimeout,
        ErrorKind::ProxyRefused { .. } => FaultCode::ProxyRefused,
        ErrorKind::ProxyAuth => FaultCode::ProxyAuth,
        ErrorKind::Tls(fault) => return of_tls(fault, url),
        ErrorKind::Timeout { .. } => FaultCode::Timeout,
        ErrorKind::BodyTruncated { .. }
        | ErrorKind::Unreadable {
            truncated: true, ..
        } => FaultCode::BodyTruncated,
        ErrorKind::TooLarge { .. } => FaultCode::BodyTooLarge,
        ErrorKind::Unreadable { .. } => FaultCode::NotScim,
        // Something that is not HTTP, or breaks its rules, ends the exchange as a cut does.
        _ => FaultCode::ConnectionCut,
    };
    let seconds = match kind {
        ErrorKind::Timeout { after, .. } => Some(after.as_secs()),
        _ => None,
    };
    let detail = match kind {
        // The place of a redirect may hold what nobody should read; its host says enough.
        ErrorKind::Redirected {
            location: Some(place),
            ..
        } => place.host_str().map(|host| format!("It leads to {host}.")),
        other => Some(sentence(&other.to_string())),
    };
    Diagnosis {
        context: FaultContext {
            seconds,
            ..FaultContext::default()
        },
        detail,
        ..Diagnosis::new(code)
    }
}

/// A broken handshake that is nobody's certificate (no TLS there at all, no common version) counts as a cut connection.
fn of_tls(fault: &TlsFault, url: &ScimUrl) -> Diagnosis {
    let code = match fault.reason {
        TlsReason::Untrusted => FaultCode::TlsUntrusted,
        TlsReason::NameMismatch => FaultCode::TlsNameMismatch,
        TlsReason::Expired => FaultCode::TlsExpired,
        TlsReason::Other(_) => FaultCode::ConnectionCut,
    };
    let certificate = fault.certificate.as_deref();
    // Somebody nobody here trusts vouches for exactly the right name: that is what inspection does (D45).
    let inspection = code == FaultCode::TlsUntrusted
        && certificate.is_some_and(|seen| seen.covers(&url.origin.host()) && !seen.self_signed);
    let context = FaultContext {
        issuer: certificate.map(|seen| seen.issuer.clone()),
        subject: certificate.map(|seen| seen.subject.clone()),
        inspection,
        ..FaultContext::default()
    };
    Diagnosis {
        context,
        detail: Some(sentence(&fault.to_string())),
        ..Diagnosis::new(code)
    }
}

/// What an error of the API means.
pub(super) fn of_api(error: &ApiError, token: Option<&Token>) -> Diagnosis {
    let code = match &error.kind {
        ApiErrorKind::Unauthenticated if token.is_some_and(Token::kind_is_doubtful) => {
            FaultCode::TokenKindMismatch
        }
        ApiErrorKind::Unauthenticated => FaultCode::TokenRejected,
        ApiErrorKind::IpBlocked { .. } => FaultCode::IpBlocked,
        ApiErrorKind::NotAdmin => FaultCode::NotAdmin,
        // An account token on a workspace is seen to be refused with 401 or 403 (D03).
        ApiErrorKind::Forbidden | ApiErrorKind::NetworkAccess
            if token.is_some_and(is_account_token_on_workspace) =>
        {
            FaultCode::TokenKindMismatch
        }
        ApiErrorKind::Forbidden | ApiErrorKind::NetworkAccess => FaultCode::Forbidden,
        ApiErrorKind::NotFound => FaultCode::NotFound,
        ApiErrorKind::RateLimited => FaultCode::RateLimited,
        ApiErrorKind::Server => FaultCode::ServerError,
        _ => FaultCode::UnexpectedStatus,
    };
    let address = match &error.kind {
        ApiErrorKind::IpBlocked { address } => address.map(|address| address.to_string()),
        _ => None,
    };
    let context = FaultContext {
        status: Some(error.status),
        message: error.detail.clone(),
        address,
        token_kind: token.map(|token| token.kind),
        ..FaultContext::default()
    };
    let request = error
        .request_id
        .as_ref()
        .map(|id| format!(" (request {id})"))
        .unwrap_or_default();
    Diagnosis {
        context,
        detail: Some(format!("{error}{request}")),
        ..Diagnosis::new(code)
    }
}

fn is_account_token_on_workspace(token: &Token) -> bool {
    token
        .warnings
        .contains(&TokenWarning::AccountTokenOnWorkspace)
}

/// An error's words as a sentence.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters
        .next()
        .map(|letter| letter.to_uppercase().collect())
        .unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use usher_core::model::World;
    use usher_core::model::scim_url;
    use usher_transport::probe::Certificate;

    use super::*;

    fn url() -> ScimUrl {
        let text = "https://accounts.azuredatabricks.net/api/2.1/accounts/f6e5d4c3-0a1b-4c2d-8e3f-0123456789ab/scim/v2";
        scim_url::recognise(text, &World::Live)
            .good()
            .unwrap()
            .clone()
    }

    #[test]
    fn each_way_an_exchange_ends_has_its_code() {
        let cases = [
            (
                ErrorKind::NameNotFound { host: "h".into() },
                FaultCode::NameNotFound,
            ),
            (
                ErrorKind::ConnectRefused { detail: "x".into() },
                FaultCode::ConnectRefused,
            ),
            (ErrorKind::ConnectTimeout, FaultCode::ConnectTimeout),
            (
                ErrorKind::ProxyRefused {
                    detail: "HTTP 403".into(),
                },
                FaultCode::ProxyRefused,
            ),
            (ErrorKind::ProxyAuth, FaultCode::ProxyAuth),
            (ErrorKind::Cut, FaultCode::ConnectionCut),
            (
                ErrorKind::Protocol { detail: "x".into() },
                FaultCode::ConnectionCut,
            ),
            (
                ErrorKind::Redirected {
                    status: 302,
                    location: None,
                },
                FaultCode::LoginPage,
            ),
            (
                ErrorKind::TooLarge {
                    status: 200,
                    limit: 1,
                },
                FaultCode::BodyTooLarge,
            ),
            (
                ErrorKind::BodyTruncated {
                    status: 200,
                    received: 1,
                },
                FaultCode::BodyTruncated,
            ),
        ];
        for (kind, code) in cases {
            assert_eq!(of_exchange(&kind, &url()).code, code, "{kind:?}");
        }
        let late = ErrorKind::Timeout {
            after: std::time::Duration::from_secs(7),
            status: None,
        };
        let diagnosis = of_exchange(&late, &url());
        assert_eq!(
            (diagnosis.code, diagnosis.context.seconds),
            (FaultCode::Timeout, Some(7))
        );
    }

    fn shown(names: &[&str], self_signed: bool) -> Option<Box<Certificate>> {
        Some(Box::new(Certificate {
            subject: "somebody".into(),
            issuer: "Corp Proxy".into(),
            not_before: Timestamp::UNIX_EPOCH,
            not_after: Timestamp::MAX,
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            self_signed,
        }))
    }

    #[test]
    fn an_untrusted_certificate_for_the_right_name_looks_like_inspection() {
        let right = ["*.azuredatabricks.net"];
        for (names, self_signed, inspection) in [
            (&right[..], false, true),
            (&right[..], true, false),
            (&["other.example"][..], false, false),
        ] {
            let fault = TlsFault {
                reason: TlsReason::Untrusted,
                certificate: shown(names, self_signed),
            };
            let diagnosis = of_exchange(&ErrorKind::Tls(fault), &url());
            assert_eq!(
                (diagnosis.code, diagnosis.context.inspection),
                (FaultCode::TlsUntrusted, inspection)
            );
            assert_eq!(diagnosis.context.issuer.as_deref(), Some("Corp Proxy"));
        }
        let other = TlsFault {
            reason: TlsReason::Other("no common version".into()),
            certificate: None,
        };
        assert_eq!(
            of_exchange(&ErrorKind::Tls(other), &url()).code,
            FaultCode::ConnectionCut
        );
    }
}
