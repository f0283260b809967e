//! A workspace host: workspace SCIM, its assignments and tokens, account SCIM 2.0 for its admins, OAuth and discovery.
//!
//! Whether the real service answers at `/api/2.0/preview/scim/Users` as well as at `…/scim/v2/Users` is inferred: Entra is given the
//! address without `/v2`.

use std::collections::HashMap;

use axum::body::Bytes;
use axum::extract::{Form, Path, Request, State};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post, put};
use axum::{Json, Router};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};

use super::account_scim::{self, Version, parameters, resource, resource_answer, sorted_page};
use super::errors::{ApiError, Shape};
use super::host::{Caller, Databricks, identified, json_body, redirect, sign_in_page, split};
use super::list::Query;
use super::model::Kind;
use super::render::{Projection, Row};
use super::{admin, discovery, oauth, patch};
use crate::harness::TokenKind;

#[derive(Clone)]
struct Host {
    databricks: Databricks,
    workspace: u64,
}

/// The routes of the host of that workspace.
pub fn router(databricks: Databricks, workspace: u64) -> Router {
    Router::new()
        .route("/api/2.0/preview/scim/v2/{*path}", any(scim))
        .route("/api/2.0/preview/scim/{*path}", any(scim))
        .route("/api/2.0/account/scim/v2/{*path}", any(account_scim_here))
        .route("/api/2.0/preview/permissionassignments", get(assignments))
        .route(
            "/api/2.0/preview/permissionassignments/principals/{principal}",
            put(assign),
        )
        .route("/api/2.0/token/list", get(tokens))
        .route("/oidc/v1/token", post(token))
        .route(
            "/oidc/.well-known/oauth-authorization-server",
            get(async |State(host): State<Host>| {
                discovery::workspace_oidc(&host.databricks, host.workspace)
            }),
        )
        .route(
            "/.well-known/databricks-config",
            get(async |State(host): State<Host>| {
                discovery::workspace_config(&host.databricks, host.workspace)
            }),
        )
        .route(
            "/aad/auth",
            get(async |State(host): State<Host>| {
                discovery::aad_auth(&host.databricks, host.workspace)
            }),
        )
        .fallback(elsewhere)
        .layer(map_response(move |response: Response| async move {
            identified(response, Some(workspace))
        }))
        .with_state(Host {
            databricks,
            workspace,
        })
}

async fn scim(State(host): State<Host>, Path(path): Path<String>, request: Request) -> Response {
    let answer = split(request).await.and_then(|(parts, body)| {
        host.scim(&path, &parts, &body)
            .map_err(|error| error.shaped(Shape::Scim))
    });
    answer.unwrap_or_else(IntoResponse::into_response)
}

async fn account_scim_here(
    State(host): State<Host>,
    Path(path): Path<String>,
    request: Request,
) -> Response {
    let answer = split(request).await.and_then(|(parts, body)| {
        let caller = host.admin(&parts, &path)?;
        Ok(account_scim::answer(
            &host.databricks,
            Version::V2_0,
            &caller,
            &path,
            &parts,
            &body,
        ))
    });
    answer.unwrap_or_else(IntoResponse::into_response)
}

async fn assignments(State(host): State<Host>, request: Request) -> Response {
    let answer = split(request).await.and_then(|(parts, _)| {
        host.admin(&parts, "permissionassignments")?;
        admin::list_assignments(&host.databricks.world(), host.workspace, &parts)
    });
    answer.unwrap_or_else(IntoResponse::into_response)
}

async fn assign(
    State(host): State<Host>,
    Path(principal): Path<u64>,
    request: Request,
) -> Response {
    let answer = split(request).await.and_then(|(parts, body)| {
        let caller = host.admin(&parts, "permissionassignments")?;
        host.databricks.limits.assignment()?;
        if host
            .databricks
            .world()
            .workspace(host.workspace)?
            .assignments
            .contains_key(&principal)
        {
            return Err(ApiError::bad_request(
                "INVALID_PARAMETER_VALUE",
                format!("Principal {principal} is already assigned to this workspace."),
            ));
        }
        admin::put_assignment(
            &host.databricks,
            &caller,
            host.workspace,
            principal,
            &parts,
            &body,
        )
    });
    answer.unwrap_or_else(IntoResponse::into_response)
}

/// The caller's own personal access tokens, without their values.
async fn tokens(State(host): State<Host>, request: Request) -> Response {
    let answer = split(request).await.and_then(|(parts, _)| {
        let (caller, _) = host.databricks.workspace_caller(&parts, host.workspace)?;
        let own = caller.id.map(|id| id.to_string()).unwrap_or_default();
        let of_workspace = host.databricks.harness.tokens.of_kind(&TokenKind::PersonalAccess { workspace: host.workspace });
        let infos: Vec<Value> = of_workspace
            .iter()
            .filter(|(_, token)| token.principal == own)
            .map(|(value, token)| {
                json!({
                    "token_id": uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, value.as_bytes()).simple().to_string(),
                    "creation_time": token.issued.as_millisecond(),
                    "expiry_time": token.expires.map_or(-1, |expires| expires.as_millisecond()),
                    "comment": token.comment,
                })
            })
            .collect();
        Ok(Json(json!({ "token_infos": infos })).into_response())
    });
    answer.unwrap_or_else(IntoResponse::into_response)
}

async fn token(
    State(host): State<Host>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    oauth::token(&host.databricks, Some(host.workspace), &headers, &form)
}

/// What the host does not serve: the account's paths lead to the page to sign in on, other API paths are 404, and everything a
/// browser would ask for gets that page.
async fn elsewhere(request: Request) -> Response {
    let path = request.uri().path();
    if path.contains("/accounts/") {
        redirect("/login.html")
    } else if path.starts_with("/api/") {
        ApiError::no_endpoint(path).into_response()
    } else {
        sign_in_page()
    }
}

impl Host {
    fn admin(&self, parts: &Parts, what: &str) -> Result<Caller, ApiError> {
        match self.databricks.workspace_caller(parts, self.workspace)? {
            (caller, true) => Ok(caller),
            (_, false) => Err(ApiError::forbidden(format!(
                "/2.0/preview/scim/v2/{what} is only accessible by admins."
            ))),
        }
    }

    fn scim(&self, path: &str, parts: &Parts, body: &Bytes) -> Result<Response, ApiError> {
        if path == "Me" && parts.method == Method::GET {
            let (caller, _) = self.databricks.workspace_caller(parts, self.workspace)?;
            return self.me(&caller);
        }
        let (kind, id) = resource(path, parts)?;
        let caller = self.admin(parts, kind.endpoint())?;
        let limits = &self.databricks.limits;
        limits.workspace_scim(self.workspace, &parts.method, kind)?;
        match id {
            None => self.collection(&caller, kind, parts, body),
            Some(id) => self.one(&caller, kind, id, parts, body),
        }
    }

    fn me(&self, caller: &Caller) -> Result<Response, ApiError> {
        let world = self.databricks.world();
        let workspace = world.workspace(self.workspace)?;
        let kind = caller
            .id
            .and_then(|id| world.principal(id))
            .map_or(Kind::User, |principal| principal.kind);
        let row = world.rows_at(workspace, kind, caller.id).into_iter().next();
        let row = row.ok_or_else(|| ApiError::no_resource("user", "Me"))?;
        Ok(resource_answer(
            StatusCode::OK,
            &row,
            &Projection::default(),
        ))
    }

    fn collection(
        &self,
        caller: &Caller,
        kind: Kind,
        parts: &Parts,
        body: &Bytes,
    ) -> Result<Response, ApiError> {
        match parts.method {
            Method::GET => {
                let query = Query::parse(&parameters(parts), kind, false)?;
                let world = self.databricks.world();
                if kind == Kind::Group
                    && world.heavy_group_lists
                    && query.projection.wants("members")
                {
                    return Err(ApiError::too_slow(parts.uri.path()));
                }
                let filter = query.filter.as_ref().filter(|_| !world.ignore_filters);
                let mut rows = world.rows_at(world.workspace(self.workspace)?, kind, None);
                drop(world);
                rows.retain(|row| filter.is_none_or(|filter| filter.matches(&row.principal)));
                Ok(sorted_page(rows, &query))
            }
            Method::POST => {
                let body = json_body(body)?;
                let draft = patch::resource(kind, &body)?;
                let (id, changed) = self.databricks.world().create_at(
                    self.workspace,
                    draft,
                    patch::texts(body.get("entitlements")),
                )?;
                self.databricks.record(caller, parts, changed);
                self.shown(kind, id, StatusCode::CREATED, &Projection::default())
            }
            _ => Err(ApiError::method()),
        }
    }

    fn one(
        &self,
        caller: &Caller,
        kind: Kind,
        id: u64,
        parts: &Parts,
        body: &Bytes,
    ) -> Result<Response, ApiError> {
        match parts.method {
            Method::GET => {
                let parameters = parameters(parts);
                let text = |name: &str| parameters.get(name).map(String::as_str);
                self.shown(
                    kind,
                    id,
                    StatusCode::OK,
                    &Projection::new(text("attributes"), text("excludedAttributes")),
                )
            }
            Method::PATCH => {
                let edits = patch::edits(&json_body(body)?)?;
                let changed = self
                    .databricks
                    .world()
                    .patch_at(self.workspace, kind, id, &edits)?;
                self.databricks.record(caller, parts, changed);
                self.shown(kind, id, StatusCode::OK, &Projection::default())
            }
            Method::PUT => {
                let body = json_body(body)?;
                let edits = patch::edits_of_put(kind, &body)?;
                let changed = self
                    .databricks
                    .world()
                    .patch_at(self.workspace, kind, id, &edits)?;
                self.databricks.record(caller, parts, changed);
                self.shown(kind, id, StatusCode::OK, &Projection::default())
            }
            Method::DELETE => {
                let changed = self
                    .databricks
                    .world()
                    .delete_at(self.workspace, kind, id)?;
                self.databricks.record(caller, parts, changed);
                Ok(StatusCode::NO_CONTENT.into_response())
            }
            _ => Err(ApiError::method()),
        }
    }

    fn shown(
        &self,
        kind: Kind,
        id: u64,
        status: StatusCode,
        projection: &Projection,
    ) -> Result<Response, ApiError> {
        let world = self.databricks.world();
        let rows: Vec<Row> = world.rows_at(world.workspace(self.workspace)?, kind, Some(id));
        let row = rows
            .first()
            .ok_or_else(|| ApiError::no_resource(kind.words(), &id.to_string()))?;
        Ok(resource_answer(status, row, projection))
    }
}
