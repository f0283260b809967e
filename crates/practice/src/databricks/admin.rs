//! The account admin APIs: the list of workspaces and who is assigned to them. The account SCIM token opens none of them.

use std::collections::BTreeSet;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use serde::Deserialize;
use serde_json::{Value, json};

use super::account_scim::parameters;
use super::errors::ApiError;
use super::host::{Caller, Databricks, json_body, split};
use super::model::{Kind, Permission, Workspace};
use super::world::World;

/// `GET …/workspaces`: a bare array, without pages.
pub async fn workspaces(
    State(databricks): State<Databricks>,
    Path(account): Path<String>,
    request: Request,
) -> Response {
    let answer = split(request).await.and_then(|(parts, _)| {
        admin(&databricks, &account, &parts)?;
        let world = databricks.world();
        Ok(Json(
            world
                .workspaces
                .values()
                .filter(|workspace| workspace.account_id == account)
                .map(workspace_value)
                .collect::<Vec<_>>(),
        )
        .into_response())
    });
    answer.unwrap_or_else(IntoResponse::into_response)
}

/// `GET …/permissionassignments` with `max_results` and `page_token`.
pub async fn assignments(
    State(databricks): State<Databricks>,
    Path((account, workspace)): Path<(String, u64)>,
    request: Request,
) -> Response {
    let answer = split(request).await.and_then(|(parts, _)| {
        admin_of(&databricks, &account, workspace, &parts)?;
        list_assignments(&databricks.world(), workspace, &parts)
    });
    answer.unwrap_or_else(IntoResponse::into_response)
}

/// `PUT …/permissionassignments/principals/{id}`; an empty list takes the assignment away.
pub async fn assign(
    State(databricks): State<Databricks>,
    Path((account, workspace, principal)): Path<(String, u64, u64)>,
    request: Request,
) -> Response {
    let answer = split(request).await.and_then(|(parts, body)| {
        let caller = admin_of(&databricks, &account, workspace, &parts)?;
        databricks.limits.assignment()?;
        put_assignment(&databricks, &caller, workspace, principal, &parts, &body)
    });
    answer.unwrap_or_else(IntoResponse::into_response)
}

/// `DELETE …/permissionassignments/principals/{id}`.
pub async fn unassign(
    State(databricks): State<Databricks>,
    Path((account, workspace, principal)): Path<(String, u64, u64)>,
    request: Request,
) -> Response {
    let answer = split(request).await.and_then(|(parts, _)| {
        let caller = admin_of(&databricks, &account, workspace, &parts)?;
        databricks.limits.assignment()?;
        let changed = databricks
            .world()
            .assign(workspace, principal, BTreeSet::new())?;
        databricks.record(&caller, &parts, changed);
        Ok(Json(json!({})).into_response())
    });
    answer.unwrap_or_else(IntoResponse::into_response)
}

fn admin(databricks: &Databricks, account: &str, parts: &Parts) -> Result<Caller, ApiError> {
    databricks.check_account(account)?;
    databricks.account_admin(parts)
}

/// An account admin, of an account that the workspace belongs to.
fn admin_of(
    databricks: &Databricks,
    account: &str,
    workspace: u64,
    parts: &Parts,
) -> Result<Caller, ApiError> {
    let caller = admin(databricks, account, parts)?;
    if databricks.world().workspace(workspace)?.account_id == account {
        Ok(caller)
    } else {
        Err(ApiError::no_resource("workspace", &workspace.to_string()))
    }
}

#[derive(Deserialize)]
struct Permissions {
    #[serde(default)]
    permissions: BTreeSet<Permission>,
}

/// Sets an assignment from a body `{"permissions": ["USER"]}`.
///
/// # Errors
/// 400 for another body; what [`World::assign`] refuses.
pub fn put_assignment(
    databricks: &Databricks,
    caller: &Caller,
    workspace: u64,
    principal: u64,
    parts: &Parts,
    body: &Bytes,
) -> Result<Response, ApiError> {
    let wanted: Permissions = serde_json::from_value(json_body(body)?).map_err(|_| {
        ApiError::bad_request(
            "INVALID_PARAMETER_VALUE",
            "permissions may hold USER and ADMIN only",
        )
    })?;
    let mut world = databricks.world();
    let changed = world.assign(workspace, principal, wanted.permissions)?;
    let row = world
        .workspace(workspace)?
        .assignments
        .get(&principal)
        .map_or(json!({}), |found| {
            assignment_value(&world, principal, found)
        });
    drop(world);
    databricks.record(caller, parts, changed);
    Ok((StatusCode::OK, Json(row)).into_response())
}

/// A page of a workspace's assignments.
///
/// # Errors
/// 400 for a workspace that is not federated, 404 for an unknown one.
pub fn list_assignments(
    world: &World,
    workspace: u64,
    parts: &Parts,
) -> Result<Response, ApiError> {
    let workspace = world.federated_workspace(workspace)?;
    let parameters = parameters(parts);
    let number = |name: &str| {
        parameters
            .get(name)
            .and_then(|text| text.parse::<usize>().ok())
    };
    let from = number("page_token").unwrap_or(0);
    let most = number("max_results")
        .filter(|most| *most > 0)
        .unwrap_or(usize::MAX);
    let rows: Vec<Value> = workspace
        .assignments
        .iter()
        .skip(from)
        .take(most)
        .map(|(id, permissions)| assignment_value(world, *id, permissions))
        .collect();
    let next = from + rows.len();
    let mut answer = json!({ "permission_assignments": rows });
    if next < workspace.assignments.len() {
        answer["next_page_token"] = next.to_string().into();
    }
    Ok(Json(answer).into_response())
}

fn assignment_value(world: &World, id: u64, permissions: &BTreeSet<Permission>) -> Value {
    let mut principal = json!({ "principal_id": id });
    if let Some(found) = world.principal(id) {
        let name = match found.kind {
            Kind::User => "user_name",
            Kind::Group => "group_name",
            Kind::ServicePrincipal => "service_principal_name",
        };
        principal["display_name"] = found.display_name.clone().into();
        principal[name] = found.name.clone().into();
    }
    json!({ "principal": principal, "permissions": permissions })
}

fn workspace_value(workspace: &Workspace) -> Value {
    json!({
        "account_id": workspace.account_id,
        "workspace_id": workspace.id,
        "workspace_name": workspace.name,
        "deployment_name": format!("adb-{}.1", workspace.id),
        "workspace_status": "RUNNING",
        "pricing_tier": workspace.pricing_tier,
        "cloud": "azure",
        "location": "westeurope",
        "creation_time": 1_718_000_000_000_u64 + workspace.id * 86_400_000,
        "azure_workspace_info": { "subscription_id": "0d5c8f1e-7a42-4b96-8e03-d1f64a97c25b", "resource_group": "rg-data" },
        "identity_federation_info": { "enable_identity_federation": workspace.federated },
    })
}
