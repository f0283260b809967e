//! What Databricks hosts tell without a token (facts/databricks §1.4).

use serde::Deserialize;
use usher_core::model::Origin;
use usher_transport::{CancellationToken, Client, ErrorKind, Request};

use crate::error::{self, Error};

/// The documents are small; more is not one of them.
const MAX_BYTES: u64 = 256 * 1024;

/// `/.well-known/databricks-config`: marked experimental by its makers, so everything is optional.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct HostMetadata {
    /// The account the host belongs to; absent on account hosts.
    #[serde(deserialize_with = "id")]
    pub account_id: Option<String>,
    /// The workspace the host serves; absent on account hosts.
    #[serde(deserialize_with = "id")]
    pub workspace_id: Option<String>,
    /// The cloud in Databricks' own words, for instance `Azure`.
    pub cloud: Option<String>,
    /// `WORKSPACE_HOST`, `ACCOUNT_HOST` or `UNIFIED_HOST`.
    pub host_type: Option<String>,
}

/// Asks a host about itself.
///
/// # Errors
/// See [`Error`]; older hosts answer 404.
pub async fn host_metadata(
    client: &Client,
    origin: &Origin,
    cancel: &CancellationToken,
) -> Result<HostMetadata, Error> {
    const NAME: &str = "discovery.databricks-config";
    let url = join(NAME, origin, "/.well-known/databricks-config")?;
    let response = client
        .send(Request::get(NAME, url).max_bytes(MAX_BYTES), cancel)
        .await?;
    Ok(error::check(response, str::to_owned)?.json()?)
}

/// The Entra tenant an Azure workspace signs in with: the first path segment of the place `/aad/auth` redirects to, whatever
/// that place's host. `None` where it names no tenant.
///
/// # Errors
/// See [`Error`]; a host that is no Azure workspace answers with something else than a redirect.
pub async fn entra_tenant(
    client: &Client,
    origin: &Origin,
    cancel: &CancellationToken,
) -> Result<Option<String>, Error> {
    const NAME: &str = "discovery.aad-auth";
    let url = join(NAME, origin, "/aad/auth")?;
    let answer = client
        .send(Request::get(NAME, url).max_bytes(MAX_BYTES), cancel)
        .await;
    let response = match answer {
        Err(usher_transport::Error {
            kind: ErrorKind::Redirected { location, .. },
            ..
        }) => {
            let place = location.as_ref();
            let tenant = place
                .and_then(|url| url.path_segments())
                .and_then(|mut path| path.next());
            return Ok(tenant
                .filter(|tenant| names_a_tenant(tenant))
                .map(str::to_owned));
        }
        other => other?,
    };
    error::check(response, str::to_owned)?;
    Err(Error::Unexpected {
        operation: NAME,
        detail: "it is no redirect to a sign-in".to_owned(),
    })
}

/// `common` and its like stand for any tenant.
fn names_a_tenant(segment: &str) -> bool {
    !matches!(
        segment,
        "" | "common" | "organizations" | "consumers" | "oidc" | "login.html"
    )
}

fn join(operation: &'static str, origin: &Origin, path: &str) -> Result<url::Url, Error> {
    origin.join(path).map_err(|error| Error::Unexpected {
        operation,
        detail: error.to_string(),
    })
}

/// An id as text or number; a placeholder such as `{account_id}` is none.
fn id<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let value = Option::<serde_json::Value>::deserialize(deserializer)?;
    let text = match value {
        Some(serde_json::Value::String(text)) => text,
        Some(serde_json::Value::Number(number)) => number.to_string(),
        _ => return Ok(None),
    };
    Ok((!text.is_empty() && !text.contains('{')).then_some(text))
}
