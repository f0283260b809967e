//! What the account host and the workspace hosts share: the world, who is calling, the limits, the log.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::response::{Html, IntoResponse, Response};
use http::header::{AUTHORIZATION, LOCATION};
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use super::errors::ApiError;
use super::limits::Limits;
use super::world::{Changed, World};
use crate::harness::{Change, Harness, IssuedToken, SIGN_IN_PAGE, Side, TokenKind};
use crate::ids::AZURE_DATABRICKS_APP_ID;

/// The largest request body taken.
const LARGEST_BODY: usize = 16 * 1024 * 1024;

/// Where every host of the Databricks side listens.
#[derive(Debug, Clone, Default)]
pub struct Addresses {
    /// The account host's origin.
    pub account: String,
    /// The workspace hosts' origins by workspace id.
    pub workspaces: BTreeMap<u64, String>,
}

/// What every handler of the Databricks side has. Cloning shares.
#[derive(Debug, Clone)]
pub struct Databricks {
    world: Arc<Mutex<World>>,
    /// Clock, tokens and logs.
    pub harness: Harness,
    /// The rate limits, when they are enforced.
    pub limits: Arc<Limits>,
    /// The origins.
    pub addresses: Arc<Addresses>,
}

/// Who is calling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The name in the log.
    pub name: String,
    /// The Databricks id; `None` for the account SCIM token, or when tokens are not checked.
    pub id: Option<u64>,
    /// Whether the account SCIM token is used.
    pub scim_token: bool,
}

impl Databricks {
    /// The Databricks side with this world.
    pub fn new(world: World, harness: Harness, addresses: Addresses) -> Self {
        let limits = Arc::new(Limits::new(harness.rate_limits));
        Self {
            world: Arc::new(Mutex::new(world)),
            harness,
            limits,
            addresses: Arc::new(addresses),
        }
    }

    /// The world, until the guard is dropped.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Checks the account id in a path.
    ///
    /// # Errors
    /// 404 for another account.
    pub fn check_account(&self, account: &str) -> Result<(), ApiError> {
        if self.world().account_id == account {
            Ok(())
        } else {
            Err(ApiError::no_resource("account", account))
        }
    }

    /// Puts a change in the log.
    pub fn record(&self, caller: &Caller, parts: &Parts, changed: Changed) {
        self.harness.changes.record(Change {
            at: self.harness.clock.now(),
            side: Side::Databricks,
            actor: caller.name.clone(),
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            what: changed.what,
            before: changed.before,
            after: changed.after,
        });
    }

    /// What **Regenerate token** does in the account console: brings a new SCIM token. Those before it work on for `grace`, which is
    /// reported to be 24 hours and not promised (facts on Databricks §2); without it they stop at once.
    pub fn regenerate_token(&self, grace: SignedDuration) -> String {
        let tokens = &self.harness.tokens;
        let now = self.harness.clock.now();
        let end = now.checked_add(grace).unwrap_or(Timestamp::MAX);
        for (value, old) in tokens.of_kind(&TokenKind::AccountScim) {
            let expires = Some(old.expires.map_or(end, |expires| expires.min(end)));
            tokens.insert(value, IssuedToken { expires, ..old });
        }
        let value = format!("dsapi{}", Uuid::new_v4().simple());
        let token = IssuedToken {
            kind: TokenKind::AccountScim,
            principal: String::new(),
            audience: String::new(),
            scopes: Vec::new(),
            issued: now,
            expires: None,
            comment: String::new(),
        };
        tokens.insert(value.clone(), token);
        value
    }

    /// Who calls account SCIM: the account SCIM token, or an account admin's OAuth or Entra token.
    ///
    /// # Errors
    /// 401 for no token, an unknown one or a personal access token; 403 for somebody who is not an account admin.
    pub fn account_scim_caller(&self, parts: &Parts) -> Result<Caller, ApiError> {
        let token = bearer(parts);
        if !self.world().check_tokens {
            return Ok(Caller {
                name: "unchecked".to_owned(),
                id: None,
                scim_token: true,
            });
        }
        let known =
            token.and_then(|token| self.harness.tokens.valid(token, self.harness.clock.now()));
        if known.is_some_and(|token| token.kind == TokenKind::AccountScim) {
            return Ok(Caller {
                name: "scim-token".to_owned(),
                id: None,
                scim_token: true,
            });
        }
        self.account_admin(parts)
    }

    /// Who calls an account API that is not SCIM: an account admin's OAuth or Entra token.
    ///
    /// # Errors
    /// 401 for no token, an unknown one or a personal access token; 403 for the account SCIM token, or for somebody who is not an
    /// account admin.
    pub fn account_admin(&self, parts: &Parts) -> Result<Caller, ApiError> {
        let token = bearer(parts)
            .and_then(|token| self.harness.tokens.valid(token, self.harness.clock.now()));
        let token = token.ok_or_else(ApiError::unauthenticated)?;
        let world = self.world();
        let principal = match &token.kind {
            TokenKind::AccountScim => {
                return Err(ApiError::forbidden(
                    "This token can be used with the SCIM API alone.",
                ));
            }
            TokenKind::DatabricksOAuth { workspace: None } => world.identity(&token.principal),
            TokenKind::Entra if token.audience == AZURE_DATABRICKS_APP_ID => {
                world.identity(&token.principal)
            }
            _ => return Err(ApiError::unauthenticated()),
        };
        match principal {
            Some(principal) if principal.is_account_admin() => Ok(Caller {
                name: principal.name.clone(),
                id: Some(principal.id),
                scim_token: false,
            }),
            Some(_) => Err(ApiError::forbidden(
                "This API is disabled for users without account admin status.",
            )),
            None => Err(ApiError::unauthenticated()),
        }
    }

    /// Who calls a workspace, and whether as its admin: a personal access token of that workspace, an OAuth token, or an Entra token.
    ///
    /// # Errors
    /// 401 for no token, an unknown one, one of another workspace, or of somebody who is not active there.
    pub fn workspace_caller(
        &self,
        parts: &Parts,
        workspace: u64,
    ) -> Result<(Caller, bool), ApiError> {
        if !self.world().check_tokens {
            return Ok((
                Caller {
                    name: "unchecked".to_owned(),
                    id: None,
                    scim_token: false,
                },
                true,
            ));
        }
        let token = bearer(parts)
            .and_then(|token| self.harness.tokens.valid(token, self.harness.clock.now()));
        let token = token.ok_or_else(ApiError::unauthenticated)?;
        let world = self.world();
        let principal = match &token.kind {
            TokenKind::PersonalAccess { workspace: of } if *of == workspace => token
                .principal
                .parse()
                .ok()
                .and_then(|id| world.principal(id)),
            TokenKind::DatabricksOAuth { workspace: of } if of.is_none_or(|of| of == workspace) => {
                world.identity(&token.principal)
            }
            TokenKind::Entra if token.audience == AZURE_DATABRICKS_APP_ID => {
                world.identity(&token.principal)
            }
            _ => None,
        };
        let principal = principal.ok_or_else(ApiError::unauthenticated)?;
        let (active, admin) = world.standing(world.workspace(workspace)?, principal.id);
        if !active {
            return Err(ApiError::unauthenticated());
        }
        Ok((
            Caller {
                name: principal.name.clone(),
                id: Some(principal.id),
                scim_token: false,
            },
            admin,
        ))
    }
}

/// The token in the `Authorization` header.
pub fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

/// A request's head and its whole body.
///
/// # Errors
/// 400 for a body that is too large or ends early.
pub async fn split(request: Request) -> Result<(Parts, Bytes), ApiError> {
    let (parts, body) = request.into_parts();
    match to_bytes(body, LARGEST_BODY).await {
        Ok(body) => Ok((parts, body)),
        Err(_) => Err(ApiError::bad_request(
            "MALFORMED_REQUEST",
            "The request body could not be read",
        )),
    }
}

/// A body as JSON.
///
/// # Errors
/// 400 for anything else.
pub fn json_body(bytes: &Bytes) -> Result<Value, ApiError> {
    serde_json::from_slice(bytes)
        .map_err(|_| ApiError::bad_request("MALFORMED_REQUEST", "Invalid JSON in the request body"))
}

/// Gives an answer the id Databricks gives each, and the workspace id where a workspace answers.
pub fn identified(mut response: Response, workspace: Option<u64>) -> Response {
    let id = Uuid::new_v4().to_string();
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().insert("x-request-id", id);
    }
    if let Some(workspace) = workspace {
        response
            .headers_mut()
            .insert("x-databricks-org-id", HeaderValue::from(workspace));
    }
    response
}

/// What a browser gets: the page to sign in on.
pub fn sign_in_page() -> Response {
    Html(SIGN_IN_PAGE).into_response()
}

/// A redirect to this place.
pub fn redirect(to: &str) -> Response {
    let mut response = StatusCode::FOUND.into_response();
    if let Ok(to) = HeaderValue::try_from(to) {
        response.headers_mut().insert(LOCATION, to);
    }
    response
}
