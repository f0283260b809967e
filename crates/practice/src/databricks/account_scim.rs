//! Account SCIM, versions 2.0 and 2.1. Workspace hosts serve 2.0 as well, for their admins.

use std::collections::HashMap;

use axum::body::Bytes;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{Method, StatusCode};

use super::errors::{ApiError, Shape};
use super::host::{Caller, Databricks, json_body};
use super::list::{Query, page};
use super::model::Kind;
use super::patch;
use super::render::{Projected, Projection, Row};

/// The version of account SCIM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// `/api/2.0`: large pages, filters that combine, `PUT`.
    V2_0,
    /// `/api/2.1`: pages of 100, exact filters.
    V2_1,
}

impl Version {
    /// `2.0` or `2.1`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "2.0" => Some(Self::V2_0),
            "2.1" => Some(Self::V2_1),
            _ => None,
        }
    }

    fn shape(self) -> Shape {
        match self {
            Self::V2_0 => Shape::Scim,
            Self::V2_1 => Shape::Databricks,
        }
    }
}

/// Answers an account SCIM request; `path` is what follows `/scim/v2/`: `Users`, `Groups/17`.
pub fn answer(
    databricks: &Databricks,
    version: Version,
    caller: &Caller,
    path: &str,
    parts: &Parts,
    body: &Bytes,
) -> Response {
    let answer = resource(path, parts).and_then(|(kind, id)| match id {
        None => collection(databricks, version, caller, kind, parts, body),
        Some(id) => one(databricks, version, caller, kind, id, parts, body),
    });
    answer.unwrap_or_else(|error| error.shaped(version.shape()).into_response())
}

/// The kind and id in a path such as `Groups/17`.
///
/// # Errors
/// 404 for another path.
pub fn resource(path: &str, parts: &Parts) -> Result<(Kind, Option<u64>), ApiError> {
    let (endpoint, id) = path
        .split_once('/')
        .map_or((path, None), |(endpoint, id)| (endpoint, Some(id)));
    let kind =
        Kind::of_endpoint(endpoint).ok_or_else(|| ApiError::no_endpoint(parts.uri.path()))?;
    let id = id
        .map(|id| {
            id.parse()
                .map_err(|_| ApiError::no_resource(kind.words(), id))
        })
        .transpose()?;
    Ok((kind, id))
}

/// The query parameters of a request.
pub fn parameters(parts: &Parts) -> HashMap<String, String> {
    url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
        .into_owned()
        .collect()
}

fn collection(
    databricks: &Databricks,
    version: Version,
    caller: &Caller,
    kind: Kind,
    parts: &Parts,
    body: &Bytes,
) -> Result<Response, ApiError> {
    databricks.limits.account_scim(&parts.method, false)?;
    match parts.method {
        Method::GET => Ok(list(
            databricks,
            kind,
            &Query::parse(&parameters(parts), kind, version == Version::V2_1)?,
        )),
        Method::POST => {
            let draft = patch::resource(kind, &json_body(body)?)?;
            let (id, changed) = databricks.world().create(draft)?;
            databricks.record(caller, parts, changed);
            written(databricks, kind, id, StatusCode::CREATED)
        }
        _ => Err(ApiError::method()),
    }
}

/// A page of the account's principals. Group lists never show members; the group itself does.
fn list(databricks: &Databricks, kind: Kind, query: &Query) -> Response {
    let world = databricks.world();
    let filter = query.filter.as_ref().filter(|_| !world.ignore_filters);
    if let Some(name) = filter.and_then(|filter| filter.exact_name(kind)) {
        let rows: Vec<Row> = world.named(kind, name).map(Row::of).into_iter().collect();
        let total = rows.len();
        return page(
            rows.into_iter()
                .skip(query.start_index - 1)
                .take(query.count)
                .collect(),
            total,
            query,
        );
    }
    let all = world.all(kind);
    if filter.is_none() && query.sort.is_none() {
        let rows = all
            .values()
            .skip(query.start_index - 1)
            .take(query.count)
            .map(Row::of)
            .collect();
        return page(rows, all.len(), query);
    }
    let rows: Vec<Row> = all
        .values()
        .filter(|principal| filter.is_none_or(|filter| filter.matches(principal)))
        .map(Row::of)
        .collect();
    drop(world);
    sorted_page(rows, query)
}

/// The page of rows already filtered.
pub fn sorted_page(mut rows: Vec<Row>, query: &Query) -> Response {
    if let Some((by, descending)) = &query.sort {
        rows.sort_by_cached_key(|row| match by.as_str() {
            "displayname" => row.principal.display_name.to_lowercase(),
            "username" | "applicationid" => row.principal.name.to_lowercase(),
            _ => format!("{:020}", row.principal.id),
        });
        if *descending {
            rows.reverse();
        }
    }
    let total = rows.len();
    page(
        rows.into_iter()
            .skip(query.start_index - 1)
            .take(query.count)
            .collect(),
        total,
        query,
    )
}

fn one(
    databricks: &Databricks,
    version: Version,
    caller: &Caller,
    kind: Kind,
    id: u64,
    parts: &Parts,
    body: &Bytes,
) -> Result<Response, ApiError> {
    databricks.limits.account_scim(&parts.method, true)?;
    match parts.method {
        Method::GET => {
            let parameters = parameters(parts);
            let text = |name: &str| parameters.get(name).map(String::as_str);
            let row = databricks
                .world()
                .read(kind, id)
                .ok_or_else(|| ApiError::no_resource(kind.words(), &id.to_string()))?;
            Ok(resource_answer(
                StatusCode::OK,
                &row,
                &Projection::new(text("attributes"), text("excludedAttributes")),
            ))
        }
        Method::PATCH => {
            let edits = patch::edits(&json_body(body)?)?;
            let mut world = databricks.world();
            // A group from the identity provider can be changed by it alone ("immutable external groups").
            let external = world
                .all(kind)
                .get(&id)
                .is_some_and(|found| kind == Kind::Group && found.external_id.is_some());
            if external && !caller.scim_token {
                let message = "None Error in performing the patch operation on group resource.";
                return Err(ApiError::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "INTERNAL_ERROR",
                    message,
                ));
            }
            let changed = world.patch(kind, id, &edits)?;
            drop(world);
            databricks.record(caller, parts, changed);
            written(databricks, kind, id, StatusCode::OK)
        }
        // The documents of 2.1 have no PUT of groups (facts on Databricks §3.3).
        Method::PUT if version == Version::V2_0 || kind != Kind::Group => {
            let draft = patch::replacement(kind, &json_body(body)?)?;
            let changed = databricks.world().put(kind, id, draft)?;
            databricks.record(caller, parts, changed);
            written(databricks, kind, id, StatusCode::OK)
        }
        Method::DELETE => {
            let changed = databricks.world().delete(kind, id)?;
            databricks.record(caller, parts, changed);
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        _ => Err(ApiError::method()),
    }
}

/// The answer to a write: the resource as it is now, also where reads are stale.
fn written(
    databricks: &Databricks,
    kind: Kind,
    id: u64,
    status: StatusCode,
) -> Result<Response, ApiError> {
    let world = databricks.world();
    let principal = world
        .all(kind)
        .get(&id)
        .ok_or_else(|| ApiError::no_resource(kind.words(), &id.to_string()))?;
    Ok(resource_answer(
        status,
        &world.with_members(principal),
        &Projection::default(),
    ))
}

/// One resource as an answer.
pub fn resource_answer(status: StatusCode, row: &Row, projection: &Projection) -> Response {
    let body = serde_json::to_vec(&Projected { row, projection }).unwrap_or_default();
    (status, [(CONTENT_TYPE, "application/scim+json")], body).into_response()
}
