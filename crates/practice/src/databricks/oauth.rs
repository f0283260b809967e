//! OAuth for service principals: client credentials with HTTP basic authentication.

use std::collections::HashMap;
use std::time::Duration;

use axum::Json;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use http::{HeaderMap, StatusCode};
use serde_json::json;
use uuid::Uuid;

use super::host::{Databricks, sign_in_page};
use crate::harness::{IssuedToken, TokenKind};

/// How long an access token works.
const LIFETIME: Duration = Duration::from_secs(3600);

/// The account's token endpoint; a wrong account id gets a page.
pub async fn account_token(
    State(databricks): State<Databricks>,
    Path(account): Path<String>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    if databricks.check_account(&account).is_err() {
        return sign_in_page();
    }
    token(&databricks, None, &headers, &form)
}

/// Issues an access token, by the account or by a workspace.
pub fn token(
    databricks: &Databricks,
    workspace: Option<u64>,
    headers: &HeaderMap,
    form: &HashMap<String, String>,
) -> Response {
    if form.get("grant_type").map(String::as_str) != Some("client_credentials") {
        return refusal(
            StatusCode::BAD_REQUEST,
            "unsupported_grant_type",
            "The grant type is not supported",
        );
    }
    let Some((id, secret)) = basic(headers).or_else(|| {
        Some((
            form.get("client_id")?.clone(),
            form.get("client_secret")?.clone(),
        ))
    }) else {
        return refusal(
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            "Client authentication failed",
        );
    };
    let known = databricks
        .world()
        .oauth_secrets
        .get(&id)
        .is_some_and(|known| *known == secret);
    if !known {
        return refusal(
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            "Client authentication failed",
        );
    }
    let value = format!("dbx-practice-{}", Uuid::new_v4().simple());
    let issued = databricks.harness.clock.now();
    let token = IssuedToken {
        kind: TokenKind::DatabricksOAuth { workspace },
        principal: id,
        audience: String::new(),
        scopes: vec!["all-apis".to_owned()],
        issued,
        expires: issued.checked_add(LIFETIME).ok(),
        comment: String::new(),
    };
    databricks.harness.tokens.insert(value.clone(), token);
    Json(json!({ "access_token": value, "token_type": "Bearer", "expires_in": LIFETIME.as_secs(), "scope": "all-apis" })).into_response()
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let encoded = headers
        .get(AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Basic ")?;
    let text = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    text.split_once(':')
        .map(|(id, secret)| (id.to_owned(), secret.to_owned()))
}

fn refusal(status: StatusCode, error: &str, description: &str) -> Response {
    (
        status,
        Json(json!({ "error": error, "error_description": description })),
    )
        .into_response()
}
