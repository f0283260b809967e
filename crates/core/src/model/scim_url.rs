//! Recognising a SCIM URL as it is typed or pasted, and offering the right one where a wrong one can be put right.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use url::Url;
use uuid::Uuid;

use super::hosts::{DatabricksHost, HostKind};
use super::{DatabricksCloud, Origin, World};
use crate::connection::FaultCode;

/// The level a SCIM URL leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case", tag = "level")]
pub enum ScimLevel {
    /// The account.
    #[serde(rename_all = "camelCase")]
    Account {
        /// The account id, a UUID in lower case.
        account_id: String,
    },
    /// One workspace.
    Workspace,
}

/// The version in the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub enum ApiVersion {
    /// Account SCIM 2.0.
    #[serde(rename = "2.0")]
    V2_0,
    /// Account SCIM 2.1.
    #[serde(rename = "2.1")]
    V2_1,
    /// Workspace SCIM, `2.0/preview`.
    #[serde(rename = "preview")]
    Preview,
}

/// A SCIM URL that has the right shape, on a known host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ScimUrl {
    /// Account or workspace.
    #[serde(flatten)]
    pub level: ScimLevel,
    /// Where the token may go, and nowhere else.
    #[ts(type = "string")]
    pub origin: Origin,
    /// The URL as Entra is to hold it, without a closing slash.
    #[ts(type = "string")]
    pub url: Url,
    /// The host's cloud; `None` with an endpoints file.
    pub cloud: Option<DatabricksCloud>,
    /// The version in the path.
    pub version: ApiVersion,
}

impl ScimUrl {
    /// The URL of a resource, for instance `Users`. A workspace's own API adds `/v2` to what Entra holds (facts/databricks §1.3).
    pub fn endpoint(&self, resource: &str) -> Url {
        let mut url = self.url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            if self.level == ScimLevel::Workspace {
                segments.push("v2");
            }
            segments.extend(resource.split('/').filter(|part| !part.is_empty()));
        }
        url
    }

    /// The account id, where the URL leads to an account.
    pub fn account_id(&self) -> Option<&str> {
        match &self.level {
            ScimLevel::Account { account_id } => Some(account_id),
            ScimLevel::Workspace => None,
        }
    }

    /// Whether another address, for instance what Entra holds, means the same: same origin, same path, closing slashes aside,
    /// and neither query nor fragment.
    pub fn is_same_as(&self, other: &str) -> bool {
        Url::parse(other.trim()).is_ok_and(|other| {
            Origin::of(&other).as_ref() == Some(&self.origin)
                && other.path().trim_end_matches('/') == self.url.path()
                && other.query().is_none()
                && other.fragment().is_none()
        })
    }
}

/// What a text is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case", tag = "verdict")]
pub enum UrlVerdict {
    /// Nothing was typed yet; as an answer of the doctor this is `url-empty`.
    Empty,
    /// A SCIM URL.
    Good(ScimUrl),
    /// Not a SCIM URL.
    Fault {
        /// What is wrong.
        code: FaultCode,
        /// The URL that was probably meant; it recognises as good.
        offer: Option<String>,
    },
}

impl UrlVerdict {
    /// The URL, where it is good.
    pub fn good(&self) -> Option<&ScimUrl> {
        match self {
            Self::Good(url) => Some(url),
            Self::Empty | Self::Fault { .. } => None,
        }
    }

    /// The fault code, where it is not.
    pub fn fault(&self) -> Option<FaultCode> {
        match self {
            Self::Empty => Some(FaultCode::UrlEmpty),
            Self::Good(_) => None,
            Self::Fault { code, .. } => Some(*code),
        }
    }
}

/// Says what a text is. Blanks and quotes around it do not matter; a closing slash does not either. The first fault in this
/// order is told: empty, not a URL, not https, credentials in it, foreign host, browser page, wrong kind of host, account id, path.
pub fn recognise(text: &str, world: &World) -> UrlVerdict {
    let text = bare(text);
    if text.is_empty() {
        return UrlVerdict::Empty;
    }
    match judge(text, world) {
        Ok(url) => UrlVerdict::Good(url),
        Err(fault) => {
            // What is offered has to be good itself, and may itself need a second repair (no scheme and `/Users` at the end).
            let offer = fault.offer.and_then(|offer| settle(offer, world));
            UrlVerdict::Fault {
                code: fault.code,
                offer,
            }
        }
    }
}

struct Refused {
    code: FaultCode,
    offer: Option<String>,
}

fn refuse<T>(code: FaultCode, offer: Option<String>) -> Result<T, Refused> {
    Err(Refused { code, offer })
}

fn settle(mut offer: String, world: &World) -> Option<String> {
    // Each repair removes one of at most five faults, so a handful of rounds is enough.
    for _ in 0..6 {
        match judge(&offer, world) {
            Ok(url) => return Some(url.url.to_string()),
            Err(Refused {
                offer: Some(next), ..
            }) => offer = next,
            Err(Refused { offer: None, .. }) => return None,
        }
    }
    None
}

fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(
                c,
                '"' | '\'' | '`' | '<' | '>' | '“' | '”' | '‘' | '’' | '\u{feff}' | '\u{200b}'
            )
    })
}

fn judge(text: &str, world: &World) -> Result<ScimUrl, Refused> {
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        let joined: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && !c.is_control())
            .collect();
        return refuse(FaultCode::UrlUnparsable, Some(joined));
    }
    if !text.contains("://") {
        return refuse(FaultCode::UrlUnparsable, Some(format!("https://{text}")));
    }
    let Ok(url) = Url::parse(text) else {
        return refuse(FaultCode::UrlUnparsable, None);
    };
    let Some(origin) = Origin::of(&url).filter(|_| url.has_host()) else {
        let code = if url.scheme() == "https" {
            FaultCode::UrlUnparsable
        } else {
            FaultCode::UrlNotHttps
        };
        return refuse(code, None);
    };
    let known = world.databricks_host(&origin);
    if url.scheme() != "https" && known.is_none() {
        let secure = (url.scheme() == "http").then(|| text.replacen("http:", "https:", 1));
        return refuse(
            FaultCode::UrlNotHttps,
            secure.filter(|secure| secure != text),
        );
    }
    if !url.username().is_empty() || url.password().is_some() {
        let mut without = url.clone();
        let cleared = without.set_username("").is_ok() && without.set_password(None).is_ok();
        return refuse(
            FaultCode::UrlHasCredentials,
            cleared.then(|| without.to_string()),
        );
    }
    let Some(host) = known else {
        return refuse(FaultCode::UrlForeignHost, None);
    };
    judge_path(&Parts {
        world,
        host,
        origin,
        url,
    })
}

/// A URL on a known host.
struct Parts<'a> {
    world: &'a World,
    host: DatabricksHost,
    origin: Origin,
    url: Url,
}

impl Parts<'_> {
    fn segments(&self) -> Vec<&str> {
        self.url
            .path()
            .split('/')
            .filter(|part| !part.is_empty())
            .collect()
    }

    /// Whether this is a page of a browser rather than an address of the API (D07).
    fn is_page(&self) -> bool {
        let page_query = self
            .url
            .query_pairs()
            .any(|(name, _)| matches!(&*name, "o" | "account_id" | "w" | "autoLogin" | "next_url"));
        let first = self
            .segments()
            .first()
            .map(|part| part.to_ascii_lowercase());
        let api = first
            .is_some_and(|part| matches!(part.as_str(), "api" | "scim" | "accounts" | "preview"));
        self.url.fragment().is_some() || page_query || !api
    }

    /// An account id anywhere in the address: in the path, the query or the fragment.
    fn any_account_id(&self) -> Option<String> {
        let in_path = self.url.path().split('/').find_map(account_id);
        let in_query = || {
            self.url
                .query_pairs()
                .find(|(name, _)| name == "account_id")
                .and_then(|(_, id)| account_id(&id))
        };
        let in_fragment = || {
            self.url
                .fragment()?
                .split(['/', '?', '&', '='])
                .find_map(account_id)
        };
        in_path.or_else(in_query).or_else(in_fragment)
    }

    /// The SCIM URL that was probably meant.
    fn rebuilt(&self) -> Option<String> {
        let account = match self.host.kind {
            HostKind::Account => true,
            HostKind::Workspace { .. } => false,
            HostKind::Either => self.any_account_id().is_some(),
        };
        if !account {
            return Some(workspace_url(&self.origin));
        }
        Some(account_url(
            &self.origin,
            self.version(),
            &self.any_account_id()?,
        ))
    }

    fn version(&self) -> &'static str {
        if self.segments().get(1) == Some(&"2.0") {
            "2.0"
        } else {
            "2.1"
        }
    }
}

fn judge_path(parts: &Parts<'_>) -> Result<ScimUrl, Refused> {
    if parts.is_page() {
        return refuse(FaultCode::UrlBrowserPage, parts.rebuilt());
    }
    let segments = parts.segments();
    let is = |index: usize, text: &str| {
        segments
            .get(index)
            .is_some_and(|part| part.eq_ignore_ascii_case(text))
    };
    let accounts = segments
        .iter()
        .position(|part| part.eq_ignore_ascii_case("accounts"));
    let preview = segments
        .iter()
        .any(|part| part.eq_ignore_ascii_case("preview"));
    match (&parts.host.kind, accounts) {
        (HostKind::Workspace { .. }, Some(_)) => {
            let cloud = parts.host.cloud.unwrap_or(DatabricksCloud::Azure);
            let offer = parts
                .any_account_id()
                .map(|id| account_url(&parts.world.account_origin(cloud), parts.version(), &id));
            return refuse(FaultCode::UrlKindMismatch, offer);
        }
        (HostKind::Account, None) if preview => return refuse(FaultCode::UrlKindMismatch, None),
        _ => {}
    }
    let Some(accounts) = accounts else {
        let good = parts.url.query().is_none()
            && parts.url.path().trim_end_matches('/') == "/api/2.0/preview/scim";
        if !good || parts.host.kind == HostKind::Account {
            return refuse(FaultCode::UrlWrongPath, parts.rebuilt());
        }
        return Ok(scim_url(parts, ScimLevel::Workspace, ApiVersion::Preview));
    };
    let Some(id) = segments.get(accounts + 1).and_then(|part| account_id(part)) else {
        return refuse(FaultCode::UrlAccountId, None);
    };
    let version = match segments.get(1) {
        Some(&"2.0") => Some(ApiVersion::V2_0),
        Some(&"2.1") => Some(ApiVersion::V2_1),
        _ => None,
    };
    let exact =
        segments.len() == 6 && accounts == 2 && is(0, "api") && is(4, "scim") && is(5, "v2");
    let lower = segments
        .iter()
        .enumerate()
        .all(|(index, part)| index == 3 || *part == part.to_ascii_lowercase());
    let doubled = parts.url.path().contains("//");
    match version {
        Some(version) if exact && lower && !doubled && parts.url.query().is_none() => Ok(scim_url(
            parts,
            ScimLevel::Account { account_id: id },
            version,
        )),
        _ => refuse(
            FaultCode::UrlWrongPath,
            Some(account_url(&parts.origin, parts.version(), &id)),
        ),
    }
}

fn scim_url(parts: &Parts<'_>, level: ScimLevel, version: ApiVersion) -> ScimUrl {
    let mut url = parts.url.clone();
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    ScimUrl {
        level,
        origin: parts.origin.clone(),
        url,
        cloud: parts.host.cloud,
        version,
    }
}

fn account_url(origin: &Origin, version: &str, id: &str) -> String {
    format!("{origin}/api/{version}/accounts/{id}/scim/v2")
}

fn workspace_url(origin: &Origin) -> String {
    format!("{origin}/api/2.0/preview/scim")
}

/// The text as an account id: a hyphenated UUID, in lower case.
fn account_id(text: &str) -> Option<String> {
    let id = (text.len() == 36)
        .then(|| Uuid::try_parse(text).ok())
        .flatten()?;
    Some(id.hyphenated().to_string())
}

#[cfg(test)]
mod tests;
