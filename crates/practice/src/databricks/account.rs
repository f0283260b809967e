//! The account host: account SCIM, the account admin APIs, OAuth, discovery, and the console's page.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post, put};

use super::account_scim::{self, Version};
use super::errors::ApiError;
use super::host::{Databricks, identified, sign_in_page, split};
use super::{admin, discovery, oauth};

/// The routes of the account host.
pub fn router(databricks: Databricks) -> Router {
    Router::new()
        .route("/api/2.0/accounts/{account}/scim/v2/{*path}", any(scim_2_0))
        .route("/api/2.1/accounts/{account}/scim/v2/{*path}", any(scim_2_1))
        .route("/api/2.0/accounts/{account}/workspaces", get(admin::workspaces))
        .route("/api/2.0/accounts/{account}/workspaces/{workspace}/permissionassignments", get(admin::assignments))
        .route(
            "/api/2.0/accounts/{account}/workspaces/{workspace}/permissionassignments/principals/{principal}",
            put(admin::assign).delete(admin::unassign),
        )
        .route("/oidc/accounts/{account}/v1/token", post(oauth::account_token))
        .route("/oidc/accounts/{account}/.well-known/oauth-authorization-server", get(discovery::account_oidc))
        .route("/.well-known/databricks-config", get(discovery::account_config))
        .fallback(elsewhere)
        .layer(map_response(async |response: Response| identified(response, None)))
        .with_state(databricks)
}

async fn scim_2_0(
    State(databricks): State<Databricks>,
    Path((account, path)): Path<(String, String)>,
    request: Request,
) -> Response {
    scim(databricks, Version::V2_0, &account, &path, request).await
}

async fn scim_2_1(
    State(databricks): State<Databricks>,
    Path((account, path)): Path<(String, String)>,
    request: Request,
) -> Response {
    scim(databricks, Version::V2_1, &account, &path, request).await
}

async fn scim(
    databricks: Databricks,
    version: Version,
    account: &str,
    path: &str,
    request: Request,
) -> Response {
    let (parts, body): (_, Bytes) = match split(request).await {
        Ok(request) => request,
        Err(error) => return error.into_response(),
    };
    let caller = databricks
        .check_account(account)
        .and_then(|()| databricks.account_scim_caller(&parts));
    match caller {
        Ok(caller) => account_scim::answer(&databricks, version, &caller, path, &parts, &body),
        Err(error) => error.into_response(),
    }
}

/// What the host does not serve: an API path is 404; a workspace's path, and everything a browser would ask for, gets the page to
/// sign in on.
async fn elsewhere(request: Request) -> Response {
    let path = request.uri().path();
    let nameless = [
        "/api/2.0/accounts/scim/",
        "/api/2.1/accounts/scim/",
        "/api/2.0/accounts//",
        "/api/2.1/accounts//",
    ];
    if nameless.iter().any(|start| path.starts_with(start)) {
        ApiError::no_account(request.method()).into_response()
    } else if path.starts_with("/api/") && !path.starts_with("/api/2.0/preview/scim") {
        ApiError::no_endpoint(path).into_response()
    } else {
        sign_in_page()
    }
}
