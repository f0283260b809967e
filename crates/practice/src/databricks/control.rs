//! The Databricks side's routes of the control API.
//!
//! | request | does |
//! | --- | --- |
//! | `GET /control/databricks` | the account's principals as SCIM resources, and each workspace with its assignments and local groups |
//! | `PATCH /control/databricks` | turns what is named ([`Knobs`]) |
//! | `POST /control/databricks/token` | `{"graceHours": 24}`: presses **Regenerate token**, answers `{"scimToken": …}`; the old one works on for that long, without it not at all |
//! | `PATCH /control/databricks/workspaces/{id}` | `{"federated": false}` and `{"pricingTier": "STANDARD"}` |
//! | `POST /control/databricks/workspaces/{id}/groups` | `{"displayName": …, "members": [id…]}`: a group local to the workspace |

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch, post};
use axum::{Json, Router};
use http::StatusCode;
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

use super::host::Databricks;
use super::model::{Kind, Workspace};
use super::render::Row;
use super::world::World;

/// The routes, to be merged into the control API.
pub fn router(databricks: Databricks) -> Router {
    Router::new()
        .route("/control/databricks", get(state).patch(turn))
        .route("/control/databricks/token", post(regenerate))
        .route(
            "/control/databricks/workspaces/{id}",
            patch(change_workspace),
        )
        .route(
            "/control/databricks/workspaces/{id}/groups",
            post(add_group),
        )
        .with_state(databricks)
}

/// How the Databricks side misbehaves; what is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Knobs {
    /// [`World::check_tokens`].
    pub check_tokens: Option<bool>,
    /// [`World::ignore_filters`].
    pub ignore_filters: Option<bool>,
    /// [`World::heavy_group_lists`].
    pub heavy_group_lists: Option<bool>,
    /// [`World::stale_group_reads`].
    pub stale_group_reads: Option<u32>,
    /// [`World::principal_limit`].
    pub principal_limit: Option<usize>,
    /// [`World::group_limit`].
    pub group_limit: Option<usize>,
    /// [`World::parent_limit`].
    pub parent_limit: Option<usize>,
}

async fn state(State(databricks): State<Databricks>) -> Json<Value> {
    let world = databricks.world();
    let all = |kind| -> Vec<Value> {
        world
            .all(kind)
            .values()
            .map(|principal| world.with_members(principal).value())
            .collect()
    };
    let workspaces: BTreeMap<u64, Value> = world
        .workspaces
        .iter()
        .map(|(id, workspace)| (*id, workspace_state(&world, workspace)))
        .collect();
    Json(json!({
        "users": all(Kind::User),
        "groups": all(Kind::Group),
        "servicePrincipals": all(Kind::ServicePrincipal),
        "workspaces": workspaces,
    }))
}

fn workspace_state(world: &World, workspace: &Workspace) -> Value {
    let active = world
        .everyone_at(workspace)
        .into_iter()
        .filter(|(_, seat)| seat.active);
    let local: Vec<Value> = workspace
        .local_groups
        .values()
        .map(|group| {
            Row {
                resource_type: "WorkspaceGroup",
                ..world.with_members(group)
            }
            .value()
        })
        .collect();
    json!({
        "name": workspace.name,
        "federated": workspace.federated,
        "pricingTier": workspace.pricing_tier,
        "active": active.map(|(id, _)| id.to_string()).collect::<Vec<_>>(),
        "assignments": workspace.assignments,
        "localGroups": local,
    })
}

async fn turn(State(databricks): State<Databricks>, Json(knobs): Json<Knobs>) -> StatusCode {
    let mut world = databricks.world();
    set(&mut world.check_tokens, knobs.check_tokens);
    set(&mut world.ignore_filters, knobs.ignore_filters);
    set(&mut world.heavy_group_lists, knobs.heavy_group_lists);
    set(&mut world.stale_group_reads, knobs.stale_group_reads);
    set(&mut world.principal_limit, knobs.principal_limit);
    set(&mut world.group_limit, knobs.group_limit);
    set(&mut world.parent_limit, knobs.parent_limit);
    StatusCode::NO_CONTENT
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Regeneration {
    #[serde(default)]
    grace_hours: u32,
}

async fn regenerate(
    State(databricks): State<Databricks>,
    Json(wanted): Json<Regeneration>,
) -> Response {
    let grace = SignedDuration::from_hours(i64::from(wanted.grace_hours));
    let token = databricks.regenerate_token(grace);
    (StatusCode::CREATED, Json(json!({ "scimToken": token }))).into_response()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WorkspaceChange {
    federated: Option<bool>,
    pricing_tier: Option<String>,
}

async fn change_workspace(
    State(databricks): State<Databricks>,
    Path(id): Path<u64>,
    Json(change): Json<WorkspaceChange>,
) -> StatusCode {
    let mut world = databricks.world();
    let Some(workspace) = world.workspaces.get_mut(&id) else {
        return StatusCode::NOT_FOUND;
    };
    set(&mut workspace.federated, change.federated);
    set(&mut workspace.pricing_tier, change.pricing_tier);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LocalGroup {
    display_name: String,
    #[serde(default)]
    members: Vec<u64>,
}

async fn add_group(
    State(databricks): State<Databricks>,
    Path(id): Path<u64>,
    Json(group): Json<LocalGroup>,
) -> Response {
    let mut world = databricks.world();
    if !world.workspaces.contains_key(&id) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let group = world.add_local_group(id, &group.display_name, &group.members);
    (
        StatusCode::CREATED,
        Json(json!({ "id": group.to_string() })),
    )
        .into_response()
}
