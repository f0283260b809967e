//! What a host tells without a credential.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use uuid::Uuid;

use super::host::{Databricks, redirect, sign_in_page};
use crate::ids::AZURE_DATABRICKS_APP_ID;

/// `/.well-known/databricks-config` of the account host: the account id stands as a placeholder in it.
pub async fn account_config(State(databricks): State<Databricks>) -> Response {
    let oidc = format!(
        "{}/oidc/accounts/{{account_id}}",
        databricks.addresses.account
    );
    Json(json!({ "oidc_endpoint": oidc, "cloud": "Azure", "host_type": "ACCOUNT_HOST" }))
        .into_response()
}

/// OIDC metadata of the account; a wrong account id gets a page.
pub async fn account_oidc(
    State(databricks): State<Databricks>,
    Path(account): Path<String>,
) -> Response {
    if databricks.check_account(&account).is_err() {
        return sign_in_page();
    }
    oidc(&format!(
        "{}/oidc/accounts/{account}",
        databricks.addresses.account
    ))
}

/// `/.well-known/databricks-config` of a workspace host.
pub fn workspace_config(databricks: &Databricks, workspace: u64) -> Response {
    let world = databricks.world();
    let Ok(found) = world.workspace(workspace) else {
        return sign_in_page();
    };
    Json(json!({
        "oidc_endpoint": format!("{}/oidc", origin(databricks, workspace)),
        "account_id": found.account_id,
        "workspace_id": workspace.to_string(),
        "cloud": "Azure",
        "host_type": "WORKSPACE_HOST",
    }))
    .into_response()
}

/// OIDC metadata of a workspace.
pub fn workspace_oidc(databricks: &Databricks, workspace: u64) -> Response {
    oidc(&format!("{}/oidc", origin(databricks, workspace)))
}

/// `/aad/auth` of a workspace: off to the Entra tenant it signs in with. The redirect names Microsoft's host, as the real one.
pub fn aad_auth(databricks: &Databricks, workspace: u64) -> Response {
    let world = databricks.world();
    let Ok(found) = world.workspace(workspace) else {
        return sign_in_page();
    };
    redirect(&format!(
        "https://login.microsoftonline.com/{}/oauth2/authorize?client_id={AZURE_DATABRICKS_APP_ID}&response_type=code+id_token\
         &response_mode=form_post&scope=openid+profile&nonce={}",
        found.tenant_id,
        Uuid::new_v4()
    ))
}

fn origin(databricks: &Databricks, workspace: u64) -> &str {
    databricks
        .addresses
        .workspaces
        .get(&workspace)
        .map_or("", String::as_str)
}

fn oidc(issuer: &str) -> Response {
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/v1/authorize"),
        "token_endpoint": format!("{issuer}/v1/token"),
        "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
        "response_types_supported": ["code"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    }))
    .into_response()
}
