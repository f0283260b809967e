//! The portal's routes of the control API.
//!
//! | request | does |
//! | --- | --- |
//! | `GET /control/portal` | what makes sense to press in this scenario, in the order of use: `[{"name", "title", "portal"}]` |
//! | `POST /control/portal/NAME` | presses it; answers the details of the tenant (`usher.practice/1`) with the credentials as they are now, or 404 |

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;

use super::{Portal, PortalPress};

/// The routes, to be merged into the control API.
pub fn router(portal: Portal) -> Router {
    Router::new()
        .route("/control/portal", get(presses))
        .route("/control/portal/{name}", post(press))
        .with_state(portal)
}

async fn presses(State(portal): State<Portal>) -> Json<Vec<PortalPress>> {
    Json(portal.presses())
}

async fn press(State(portal): State<Portal>, Path(name): Path<String>) -> Response {
    match portal.press(&name) {
        Ok(()) => Json(portal.details()).into_response(),
        Err(unknown) => (StatusCode::NOT_FOUND, unknown.to_string()).into_response(),
    }
}
