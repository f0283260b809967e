//! Why a call to Databricks brought nothing: no answer, an error of the API, or an answer that is no API's.

mod body;

use std::net::IpAddr;

use usher_transport::{ErrorKind, Response};

/// A call to Databricks that brought nothing.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There was no answer, or one that could not be read.
    #[error(transparent)]
    Transport(#[from] usher_transport::Error),
    /// The API answered with an error.
    #[error("{operation}: {error}")]
    Api {
        /// The call.
        operation: &'static str,
        /// What the API said.
        error: Box<ApiError>,
    },
    /// A web page came back with a success status: a login page, or a page of the console.
    #[error("{operation}: a web page came back instead of an answer of the API")]
    WebPage {
        /// The call.
        operation: &'static str,
    },
    /// The answer is JSON, but not what this call is documented to bring.
    #[error("{operation}: the answer is not the documented one: {detail}")]
    Unexpected {
        /// The call.
        operation: &'static str,
        /// What is missing or wrong.
        detail: String,
    },
    /// A list whose next page is the one before it again: the service does not page.
    #[error(
        "{operation}: the list does not move on: page after page brings entries that came before ({received} came, {total} said to be there)"
    )]
    Repeating {
        /// The call.
        operation: &'static str,
        /// How many different entries came.
        received: u64,
        /// How many there are, by the service's own count.
        total: u64,
    },
    /// A list that goes on after far more pages than its own total allows.
    #[error("{operation}: the list does not end: {received} entries of {total} said to be there")]
    Endless {
        /// The call.
        operation: &'static str,
        /// How many entries came.
        received: u64,
        /// How many there are, by the last page.
        total: u64,
    },
}

/// An error of the API: any of the eight shapes in which Databricks writes one (facts/databricks §3.5).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("HTTP {status}{}", detail.as_deref().map(|detail| format!(": {detail}")).unwrap_or_default())]
pub struct ApiError {
    /// The HTTP status.
    pub status: u16,
    /// What kind of error it is.
    pub kind: ApiErrorKind,
    /// The service's own code: `error_code`, `scimType` or an OAuth `error`.
    pub code: Option<String>,
    /// The service's own words: one line, shortened, the credential taken out should the service repeat it.
    pub detail: Option<String>,
    /// The service's id of the request.
    pub request_id: Option<String>,
}

/// What an API error means (facts/databricks §3.5, second table).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApiErrorKind {
    /// 401: the token is not accepted.
    Unauthenticated,
    /// 403 that names an IP access list, and the source address where it names one.
    IpBlocked {
        /// The address Databricks saw.
        address: Option<IpAddr>,
    },
    /// 403: only admins may do this.
    NotAdmin,
    /// 403 that names Private Link or network access.
    NetworkAccess,
    /// Any other 403.
    Forbidden,
    /// 404.
    NotFound,
    /// 400 because of the filter.
    InvalidFilter,
    /// 400 because the workspace is identity-federated and the account manages its groups.
    ManagedByAccount,
    /// 400: workspace assignments do not exist for this workspace, which is not identity-federated.
    NoWorkspaceAssignments,
    /// 409.
    Conflict,
    /// 429, after waiting as asked.
    RateLimited,
    /// 5xx.
    Server,
    /// Any other status.
    Other,
}

impl Error {
    /// The API's error, where there is one.
    pub fn api(&self) -> Option<&ApiError> {
        match self {
            Self::Api { error, .. } => Some(error),
            _ => None,
        }
    }

    /// Why there was no answer, where there was none.
    pub fn transport(&self) -> Option<&ErrorKind> {
        match self {
            Self::Transport(error) => Some(&error.kind),
            _ => None,
        }
    }
}

/// Lets a success that is no web page through, and reads anything else as the error it is. `hide` takes the credential
/// out of the service's words.
pub(crate) fn check(response: Response, hide: impl Fn(&str) -> String) -> Result<Response, Error> {
    if response.status.is_success() {
        return if is_web_page(&response) {
            Err(Error::WebPage {
                operation: response.operation,
            })
        } else {
            Ok(response)
        };
    }
    Err(Error::Api {
        operation: response.operation,
        error: Box::new(ApiError::read(&response, hide)),
    })
}

/// Whether the body is a page for people.
pub fn is_web_page(response: &Response) -> bool {
    matches!(
        response.media_type().as_str(),
        "text/html" | "application/xhtml+xml"
    ) || response.body.trim_ascii_start().first() == Some(&b'<')
}

impl ApiError {
    /// Reads an error answer.
    pub fn read(response: &Response, hide: impl Fn(&str) -> String) -> Self {
        let told = body::read(&response.text());
        let status = response.status.as_u16();
        let kind = kind(
            status,
            told.code.as_deref().unwrap_or_default(),
            told.detail.as_deref().unwrap_or_default(),
        );
        let reason = || response.status.canonical_reason().map(str::to_owned);
        Self {
            status,
            kind,
            code: told.code.map(|code| hide(&code)),
            detail: told.detail.map(|detail| hide(&detail)).or_else(reason),
            request_id: response.request_id.clone(),
        }
    }
}

fn kind(status: u16, code: &str, detail: &str) -> ApiErrorKind {
    let words = format!("{code} {detail}").to_lowercase();
    let says = |part: &str| words.contains(part);
    match status {
        400 if says("permission assignment apis are not available") => {
            ApiErrorKind::NoWorkspaceAssignments
        }
        400 if says("attribute not supported for current workspace") => {
            ApiErrorKind::ManagedByAccount
        }
        400 if says("filter") => ApiErrorKind::InvalidFilter,
        401 => ApiErrorKind::Unauthenticated,
        403 if says("ip acl") || says("ip access list") => ApiErrorKind::IpBlocked {
            address: address(detail),
        },
        403 if says("only accessible by admins") => ApiErrorKind::NotAdmin,
        403 if says("unauthorized network access") || says("unauthorized access to org") => {
            ApiErrorKind::NetworkAccess
        }
        403 => ApiErrorKind::Forbidden,
        404 => ApiErrorKind::NotFound,
        409 => ApiErrorKind::Conflict,
        429 => ApiErrorKind::RateLimited,
        500..=599 => ApiErrorKind::Server,
        _ => ApiErrorKind::Other,
    }
}

/// The first IP address among the words.
fn address(detail: &str) -> Option<IpAddr> {
    detail
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_ascii_hexdigit() && c != ':' && c != '.'))
        .map(|word| word.trim_end_matches(['.', ',', ';']))
        .find_map(|word| word.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_follow_status_and_words() {
        let blocked =
            "Source IP address: 203.0.113.9 is blocked by Databricks IP ACL for workspace: 1001";
        let address = Some("203.0.113.9".parse().unwrap());
        assert_eq!(kind(403, "", blocked), ApiErrorKind::IpBlocked { address });
        assert_eq!(
            kind(403, "", "blocked by the account IP access list."),
            ApiErrorKind::IpBlocked { address: None }
        );
        assert_eq!(
            kind(403, "", "/scim/v2/Groups is only accessible by admins"),
            ApiErrorKind::NotAdmin
        );
        assert_eq!(
            kind(403, "", "Unauthorized network access to workspace 1"),
            ApiErrorKind::NetworkAccess
        );
        assert_eq!(
            kind(403, "PERMISSION_DENIED", "no"),
            ApiErrorKind::Forbidden
        );
        assert_eq!(kind(400, "INVALID_FILTER", ""), ApiErrorKind::InvalidFilter);
        let members = "Members attribute not supported for current workspace.";
        assert_eq!(kind(400, members, ""), ApiErrorKind::ManagedByAccount);
        let assignments = "Permission assignment APIs are not available for this workspace.";
        assert_eq!(
            kind(400, "", assignments),
            ApiErrorKind::NoWorkspaceAssignments
        );
        assert_eq!(kind(418, "", ""), ApiErrorKind::Other);
        assert_eq!(kind(503, "", ""), ApiErrorKind::Server);
    }

    #[test]
    fn an_ipv6_source_address_is_found() {
        let found = address("Source IP address: 2001:db8::9, is blocked");
        assert_eq!(found, Some("2001:db8::9".parse().unwrap()));
    }
}
