//! Administrator consent: the address an application sends an administrator to (facts on Entra §2.3).

use std::collections::HashMap;

use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;

use super::authorize::{redirect, text};
use super::{account, client, page, tenant};
use crate::entra::Entra;
use crate::entra::sample::{PERMISSIONS, account_name, accounts};

/// `GET /{tenant}/adminconsent` and its v2 form. The administrator is the one of `login_hint`, else the Global Administrator.
pub(super) async fn show(
    State(entra): State<Entra>,
    Path(named): Path<String>,
    Query(parameters): Query<HashMap<String, String>>,
) -> Response {
    let checked = entra.read(|directory| {
        // `organizations` is allowed here: who signs in decides the tenant.
        if named != "organizations" {
            tenant(directory, &named)?;
        }
        let registration = client(directory, text(&parameters, "client_id"))?;
        redirect(registration, text(&parameters, "redirect_uri"))
            .map(|url| (url, registration.app_id))
    });
    let (mut redirect, app_id) = match checked {
        Ok(found) => found,
        Err(error) => {
            return (
                StatusCode::BAD_REQUEST,
                Html(page::error(&error, entra.now())),
            )
                .into_response();
        }
    };
    let name = parameters
        .get("login_hint")
        .cloned()
        .unwrap_or_else(|| account_name(accounts::GLOBAL_ADMIN));
    let consented = entra.change(|directory| {
        let allowed = account(directory, &name).is_ok_and(|(account, _)| {
            // Application permissions of Graph take more than an application administrator.
            use crate::entra::registration::roles::{
                GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR,
            };
            account
                .active_roles
                .iter()
                .any(|role| [GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR].contains(role))
        });
        let registration = directory
            .registrations
            .iter_mut()
            .find(|registration| registration.app_id == app_id);
        if let Some(registration) = registration.filter(|_| allowed) {
            for permission in PERMISSIONS {
                for granted in [
                    &mut registration.delegated_permissions,
                    &mut registration.application_permissions,
                ] {
                    if !granted.iter().any(|known| known == permission) {
                        granted.push(permission.to_owned());
                    }
                }
            }
        }
        allowed
    });
    let tenant = entra.read(|directory| directory.tenant.id.to_string());
    {
        let mut query = redirect.query_pairs_mut();
        if consented {
            query
                .append_pair("admin_consent", "True")
                .append_pair("tenant", &tenant);
            if let Some(scope) = parameters.get("scope") {
                query.append_pair("scope", scope);
            }
        } else {
            query.append_pair("error", "access_denied").append_pair(
                "error_description",
                "AADSTS90094: Admin consent is required.",
            );
        }
        if let Some(state) = parameters.get("state") {
            query.append_pair("state", state);
        }
    }
    (StatusCode::FOUND, [("location", redirect.to_string())]).into_response()
}
