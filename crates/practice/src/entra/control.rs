//! The Entra side's routes of the control API.
//!
//! | request | does |
//! | --- | --- |
//! | `GET /control/entra/knobs` | what is turned |
//! | `PATCH /control/entra/knobs` | turns what is named ([`Knobs`]) |
//! | `POST /control/cycle` | runs a cycle of every job that is on, or of `{"servicePrincipalId": …}` alone; answers when they have ended |
//! | `POST /control/entra/permissions` | `{"application": […]}`: application permissions of the practice application |
//! | `POST /control/entra/secret` | `{"expires": time}` or `{"value": …}`: the secret of the practice application |
//! | `POST /control/entra/roles` | `{"account": name, "activate": true}`: activates what the account is eligible for, or takes it back |
//! | `POST /control/entra/user` | `{"userPrincipalName": …, "accountEnabled": false}`, `{"…", "delete": true}` or, within 30 days, `{"…", "restore": true}` |
//! | `POST /control/entra/member` | `{"groupId", "userId", "remove": false}`: puts a person into a group, or takes one out |

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::directory::Member;
use super::{Entra, Knobs};
use crate::{ids, provisioning};

/// The routes, to be merged into the control API.
pub fn router(entra: Entra) -> Router {
    Router::new()
        .route("/control/entra/knobs", get(knobs).patch(turn))
        .route("/control/entra/permissions", post(permissions))
        .route("/control/entra/secret", post(secret))
        .route("/control/entra/roles", post(roles))
        .route("/control/entra/user", post(user))
        .route("/control/entra/member", post(member))
        .route("/control/cycle", post(cycle))
        .with_state(entra)
}

async fn knobs(State(entra): State<Entra>) -> Json<Knobs> {
    Json(entra.knobs())
}

async fn turn(State(entra): State<Entra>, Json(changes): Json<Value>) -> Response {
    let mut all = serde_json::to_value(entra.knobs()).unwrap_or_default();
    if let (Some(all), Some(changes)) = (all.as_object_mut(), changes.as_object()) {
        all.extend(changes.clone());
    }
    match serde_json::from_value::<Knobs>(all) {
        Ok(knobs) => {
            entra.turn(|turned| *turned = knobs.clone());
            Json(knobs).into_response()
        }
        Err(problem) => (StatusCode::BAD_REQUEST, problem.to_string()).into_response(),
    }
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Cycle {
    service_principal_id: Option<Uuid>,
}

async fn cycle(State(entra): State<Entra>, body: Bytes) -> Json<Value> {
    let only = serde_json::from_slice::<Cycle>(&body)
        .unwrap_or_default()
        .service_principal_id;
    // A cycle goes on to its end also when whoever asked for it hangs up.
    let cycles = tokio::spawn(async move { provisioning::run_all(&entra, only).await });
    let executions = cycles.await.unwrap_or_default();
    let shown: Vec<Value> = executions
        .iter()
        .map(|(job, execution)| {
            json!({ "jobId": job, "state": execution.state.name(), "exports": execution.exports, "escrowed": execution.escrowed })
        })
        .collect();
    Json(json!({ "executions": shown }))
}

#[derive(Deserialize)]
struct Permissions {
    application: Vec<String>,
}

async fn permissions(State(entra): State<Entra>, Json(wanted): Json<Permissions>) -> StatusCode {
    entra.change(|directory| {
        if let Some(registration) = directory.registrations.first_mut() {
            registration.application_permissions = wanted.application;
        }
    });
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Secret {
    expires: Option<Timestamp>,
    value: Option<String>,
}

async fn secret(State(entra): State<Entra>, Json(wanted): Json<Secret>) -> StatusCode {
    entra.change(|directory| {
        let practice = directory
            .registrations
            .iter_mut()
            .find(|registration| registration.app_id.to_string() == ids::CLIENT_ID);
        if let Some(secret) = practice.and_then(|registration| registration.secrets.first_mut()) {
            secret.expires = wanted.expires.unwrap_or(secret.expires);
            if let Some(value) = wanted.value {
                secret.value = value;
            }
        }
    });
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Roles {
    account: String,
    activate: bool,
}

async fn roles(State(entra): State<Entra>, Json(wanted): Json<Roles>) -> StatusCode {
    entra.change(|directory| {
        let account = directory.accounts.iter_mut().find(|account| {
            account
                .user_principal_name
                .eq_ignore_ascii_case(&wanted.account)
        });
        match account {
            Some(account) if wanted.activate => {
                account
                    .active_roles
                    .append(&mut account.eligible_roles.clone());
                StatusCode::NO_CONTENT
            }
            Some(account) => {
                account
                    .active_roles
                    .retain(|role| !account.eligible_roles.contains(role));
                StatusCode::NO_CONTENT
            }
            None => StatusCode::NOT_FOUND,
        }
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UserChange {
    user_principal_name: String,
    account_enabled: Option<bool>,
    #[serde(default)]
    delete: bool,
    #[serde(default)]
    restore: bool,
}

async fn user(State(entra): State<Entra>, Json(wanted): Json<UserChange>) -> StatusCode {
    let now = entra.now();
    entra.change(|directory| {
        if wanted.restore {
            let mut deleted = directory.deleted.values();
            let name = &wanted.user_principal_name;
            let found = deleted.find(|(user, _)| user.user_principal_name == *name);
            let id = found.map(|(user, _)| user.id);
            return match id.is_some_and(|id| directory.restore_user(&id, now)) {
                true => StatusCode::NO_CONTENT,
                false => StatusCode::NOT_FOUND,
            };
        }
        let Some(id) = directory
            .user_by_name(&wanted.user_principal_name)
            .map(|user| user.id)
        else {
            return StatusCode::NOT_FOUND;
        };
        if wanted.delete {
            directory.remove_user(&id, now);
        } else if let (Some(user), Some(enabled)) =
            (directory.users.get_mut(&id), wanted.account_enabled)
        {
            user.account_enabled = enabled;
        }
        StatusCode::NO_CONTENT
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MemberChange {
    group_id: Uuid,
    user_id: Uuid,
    #[serde(default)]
    remove: bool,
}

async fn member(State(entra): State<Entra>, Json(wanted): Json<MemberChange>) -> StatusCode {
    entra.change(|directory| {
        let Some(group) = directory.groups.get_mut(&wanted.group_id) else {
            return StatusCode::NOT_FOUND;
        };
        group.members.retain(|member| member.id() != wanted.user_id);
        if !wanted.remove {
            group.members.push(Member::User(wanted.user_id));
        }
        StatusCode::NO_CONTENT
    })
}
