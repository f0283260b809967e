//! Tokens, codes and who holds them.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Entra;
use crate::harness::{IssuedToken, TokenKind};

/// The resource id of Microsoft Graph.
pub(crate) const GRAPH_APP_ID: &str = "00000003-0000-0000-c000-000000000000";

/// Who a token stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// An application by itself.
    Application {
        /// Its service principal.
        service_principal_id: Uuid,
    },
    /// A person, through an application.
    Person {
        /// The person.
        user_id: Uuid,
        /// Directory roles that were active when the token was issued.
        roles: Vec<Uuid>,
    },
}

/// Who calls, and with which permissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The application's client id.
    pub app_id: Uuid,
    /// Whom it acts for.
    pub identity: Identity,
    /// `roles` of an application, `scp` of a person.
    pub permissions: Vec<String>,
}

impl Caller {
    /// Whether a permission was granted.
    #[must_use]
    pub fn has(&self, permission: &str) -> bool {
        self.permissions.iter().any(|granted| granted == permission)
    }

    /// The name of the caller in the change log.
    #[must_use]
    pub fn actor(&self) -> String {
        match &self.identity {
            Identity::Application { .. } => self.app_id.to_string(),
            Identity::Person { user_id, .. } => user_id.to_string(),
        }
    }

    /// The object id of the caller: what an application it makes is owned by.
    #[must_use]
    pub fn object_id(&self) -> Uuid {
        match &self.identity {
            Identity::Application {
                service_principal_id,
            } => *service_principal_id,
            Identity::Person { user_id, .. } => *user_id,
        }
    }
}

/// A sign-in that is waiting to be redeemed.
#[derive(Debug, Clone)]
pub(crate) struct Grant {
    /// The client.
    pub(crate) app_id: Uuid,
    /// The person.
    pub(crate) user_id: Uuid,
    /// Permissions granted, and the resource they are for.
    pub(crate) scopes: Vec<String>,
    /// The resource: Graph's or another application's id.
    pub(crate) audience: String,
    /// Where the code was sent.
    pub(crate) redirect_uri: String,
    /// PKCE challenge (S256).
    pub(crate) challenge: Option<String>,
    /// When it stops being good.
    pub(crate) expires: Timestamp,
}

/// A device code.
#[derive(Debug, Clone)]
pub(crate) struct DeviceGrant {
    /// What the person types.
    pub(crate) user_code: String,
    /// The client.
    pub(crate) app_id: Uuid,
    /// Scopes asked for.
    pub(crate) scope: String,
    /// When it stops being good.
    pub(crate) expires: Timestamp,
    /// Polls so far.
    pub(crate) polls: u32,
    /// Who approved it; declined when the account is missing.
    pub(crate) decision: Option<Option<String>>,
}

/// Codes and tokens.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    pub(crate) codes: HashMap<String, Grant>,
    pub(crate) devices: HashMap<String, DeviceGrant>,
    pub(crate) refresh: HashMap<String, Grant>,
    callers: HashMap<String, (Caller, Timestamp)>,
}

/// Why a bearer token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// There is none.
    Missing,
    /// Nobody issued it.
    Unknown,
    /// Its time is over.
    Expired,
}

impl Entra {
    /// Issues an access token and remembers whose it is. The token has the shape of a JWT; its signature is for show.
    pub(crate) fn issue(&self, caller: Caller, audience: &str) -> (String, u32) {
        let now = self.now();
        let lifetime = self.knobs().token_lifetime;
        let expires = now
            .checked_add(i64::from(lifetime).seconds())
            .unwrap_or(Timestamp::MAX);
        let tenant = self.read(|directory| directory.tenant.id);
        let mut claims = json!({
            "aud": audience,
            "iss": format!("https://sts.windows.net/{tenant}/"),
            "iat": now.as_second(),
            "nbf": now.as_second(),
            "exp": expires.as_second(),
            "appid": caller.app_id,
            "oid": caller.object_id(),
            "tid": tenant,
            "uti": Uuid::new_v4().simple().to_string(),
            "ver": "1.0",
        });
        let (name, value) = match &caller.identity {
            Identity::Application { .. } => ("roles", json!(caller.permissions)),
            Identity::Person { roles, .. } => {
                claims["wids"] = json!(roles);
                ("scp", json!(caller.permissions.join(" ")))
            }
        };
        // An application without a granted permission gets a token without the claim (facts on Entra §2.1).
        if !caller.permissions.is_empty() {
            claims[name] = value;
        }
        claims["idtyp"] = json!(if name == "roles" { "app" } else { "user" });
        let token = encode(&claims);
        let principal = match &caller.identity {
            Identity::Application { .. } => caller.app_id.to_string(),
            Identity::Person { user_id, .. } => user_id.to_string(),
        };
        let issued = IssuedToken {
            kind: TokenKind::Entra,
            principal,
            audience: audience.to_owned(),
            scopes: caller.permissions.clone(),
            issued: now,
            expires: Some(expires),
            comment: String::new(),
        };
        self.harness().tokens.insert(token.clone(), issued);
        if is_graph(audience) {
            self.sessions()
                .callers
                .insert(token.clone(), (caller, expires));
        }
        (token, lifetime)
    }

    /// Whose token this is.
    pub(crate) fn caller(&self, bearer: Option<&str>) -> Result<Caller, Refused> {
        let bearer = bearer
            .filter(|token| !token.is_empty())
            .ok_or(Refused::Missing)?;
        let now = self.now();
        let sessions = self.sessions();
        let (caller, expires) = sessions.callers.get(bearer).ok_or(Refused::Unknown)?;
        if now < *expires {
            Ok(caller.clone())
        } else {
            Err(Refused::Expired)
        }
    }
}

/// Whether a resource is Graph.
pub(crate) fn is_graph(audience: &str) -> bool {
    audience == GRAPH_APP_ID
}

fn encode(claims: &Value) -> String {
    let header = json!({ "typ": "JWT", "alg": "RS256", "kid": "practice" });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!(
        "{}.{}.{}",
        part(&header),
        part(claims),
        URL_SAFE_NO_PAD.encode("a practice token is not signed")
    )
}
