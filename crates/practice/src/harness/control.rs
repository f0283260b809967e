//! The control API: how tests and foreign clients set faults, move the clock and read the logs of a running practice tenant.
//!
//! | request | does |
//! | --- | --- |
//! | `GET /control/log` | every change, oldest first |
//! | `GET /control/requests` | every request, oldest first |
//! | `GET /control/faults` | the faults in force |
//! | `POST /control/faults` | adds a fault (a [`FaultRule`]) or a list of them |
//! | `DELETE /control/faults` | takes all faults away |
//! | `GET /control/clock` | `{"now": …}` |
//! | `POST /control/clock` | `{"advanceSeconds": n}` moves the clock forward |

use std::time::Duration;

use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::Harness;
use super::faults::FaultRule;

/// The routes of the control API that concern the harness; the sides merge theirs in.
pub fn router(harness: Harness) -> Router {
    Router::new()
        .route(
            "/control/log",
            get(async |State(harness): State<Harness>| Json(harness.changes.entries())),
        )
        .route(
            "/control/requests",
            get(async |State(harness): State<Harness>| Json(harness.requests.entries())),
        )
        .route(
            "/control/faults",
            get(faults).post(add_faults).delete(clear_faults),
        )
        .route("/control/clock", get(clock).post(advance_clock))
        .with_state(harness)
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(FaultRule),
    More(Vec<FaultRule>),
}

async fn faults(State(harness): State<Harness>) -> Json<Vec<FaultRule>> {
    Json(harness.faults.rules())
}

async fn add_faults(
    State(harness): State<Harness>,
    Json(rules): Json<OneOrMore>,
) -> impl IntoResponse {
    let rules = match rules {
        OneOrMore::One(rule) => vec![rule],
        OneOrMore::More(rules) => rules,
    };
    for rule in rules {
        harness.faults.add(rule);
    }
    (StatusCode::CREATED, Json(harness.faults.rules()))
}

async fn clear_faults(State(harness): State<Harness>) -> StatusCode {
    harness.faults.clear();
    StatusCode::NO_CONTENT
}

async fn clock(State(harness): State<Harness>) -> impl IntoResponse {
    Json(json!({ "now": harness.clock.now() }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Advance {
    advance_seconds: u64,
}

async fn advance_clock(
    State(harness): State<Harness>,
    Json(by): Json<Advance>,
) -> impl IntoResponse {
    harness
        .clock
        .advance(Duration::from_secs(by.advance_seconds));
    Json(json!({ "now": harness.clock.now() }))
}
