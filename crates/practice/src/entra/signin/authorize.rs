//! `authorize`: a page with accounts to choose from, or at once with `login_hint` or the knob for it.

use std::collections::HashMap;

use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use jiff::ToSpan as _;
use url::Url;
use uuid::Uuid;

use super::errors::SignInError;
use super::{Scope, account, client, page, tenant};
use crate::entra::Entra;
use crate::entra::directory::Directory;
use crate::entra::registration::{Account, Registration};
use crate::entra::tokens::Grant;

type Parameters = HashMap<String, String>;

/// `GET /{tenant}/oauth2/v2.0/authorize`.
pub(super) async fn show(
    State(entra): State<Entra>,
    Path(named): Path<String>,
    Query(parameters): Query<Parameters>,
) -> Response {
    let checked = entra.read(|directory| {
        tenant(directory, &named)?;
        let registration = client(directory, text(&parameters, "client_id"))?;
        redirect(registration, text(&parameters, "redirect_uri"))
    });
    // Before the redirect address is known to be the application's, an error is shown to the person alone.
    let redirect = match checked {
        Ok(redirect) => redirect,
        Err(error) => {
            return (
                StatusCode::BAD_REQUEST,
                Html(page::error(&error, entra.now())),
            )
                .into_response();
        }
    };
    let knobs = entra.knobs();
    if text(&parameters, "decision") == "cancel" {
        return back(
            &entra,
            redirect,
            &parameters,
            Err(SignInError::of_code(65004)),
        );
    }
    if let Some(code) = knobs.sign_in_fault {
        return back(
            &entra,
            redirect,
            &parameters,
            Err(SignInError::of_code(code)),
        );
    }
    let chosen = parameters
        .get("login_hint")
        .filter(|hint| !hint.is_empty())
        .cloned()
        .or(knobs.auto_approve);
    match chosen {
        Some(name) => {
            let code = approve(&entra, &parameters, &name);
            back(&entra, redirect, &parameters, code)
        }
        None if text(&parameters, "prompt") == "none" => {
            let text = "Session information is not sufficient for single-sign-on.";
            back(
                &entra,
                redirect,
                &parameters,
                Err(SignInError::new(50058, "login_required", text)),
            )
        }
        None => entra.read(|directory| {
            let name = client(directory, text(&parameters, "client_id"))
                .map_or("", |registration| registration.display_name.as_str());
            Html(page::choose(name, &directory.accounts, &parameters)).into_response()
        }),
    }
}

pub(super) fn text<'a>(parameters: &'a Parameters, name: &str) -> &'a str {
    parameters.get(name).map_or("", String::as_str)
}

/// The redirect address, if it is registered: the port of a loopback address is not compared, its path is (facts on Entra §2.1).
pub(super) fn redirect(registration: &Registration, sent: &str) -> Result<Url, SignInError> {
    if sent.is_empty() {
        return Err(SignInError::missing("redirect_uri"));
    }
    let mismatch = || {
        let text = format!(
            "The redirect URI '{sent}' specified in the request does not match the redirect URIs configured for the application '{}'.",
            registration.app_id
        );
        SignInError::new(50011, "invalid_request", text)
    };
    let url = Url::parse(sent).map_err(|_| mismatch())?;
    let loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1"));
    let matches = registration
        .redirect_uris
        .iter()
        .filter_map(|known| Url::parse(known).ok())
        .any(|known| {
            let port = loopback || known.port() == url.port();
            known.scheme() == url.scheme()
                && known.host_str() == url.host_str()
                && known.path() == url.path()
                && port
        });
    if matches { Ok(url) } else { Err(mismatch()) }
}

fn approve(entra: &Entra, parameters: &Parameters, name: &str) -> Result<String, SignInError> {
    if text(parameters, "response_type") != "code" {
        return Err(SignInError::new(
            70_005,
            "unsupported_response_type",
            "The response type is not supported for this application.",
        ));
    }
    let challenge = parameters.get("code_challenge").cloned();
    if challenge.is_some() && text(parameters, "code_challenge_method") != "S256" {
        return Err(SignInError::new(
            501_491,
            "invalid_request",
            "The code challenge method must be S256.",
        ));
    }
    let scope = Scope::read(text(parameters, "scope"))?;
    let client_id = text(parameters, "client_id");
    let (app_id, user_id, scopes) = consented(entra, client_id, name, &scope, true)?;
    let grant = Grant {
        app_id,
        user_id,
        scopes,
        audience: scope.audience,
        redirect_uri: text(parameters, "redirect_uri").to_owned(),
        challenge,
        expires: entra
            .now()
            .checked_add(10.minutes())
            .unwrap_or(jiff::Timestamp::MAX),
    };
    let code = format!("1.{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    entra.sessions().codes.insert(code.clone(), grant);
    Ok(code)
}

/// The permissions an account gets through an application: those consented to and, where a person is there to be `asked`, those
/// the account may consent to now.
pub(super) fn consented(
    entra: &Entra,
    client_id: &str,
    name: &str,
    scope: &Scope,
    asked: bool,
) -> Result<(Uuid, Uuid, Vec<String>), SignInError> {
    let refuse_new = !asked || entra.knobs().consent_missing;
    entra.change(|directory| {
        let (account, user_id) = account(directory, name)?;
        let account = account.clone();
        let registration = client(directory, client_id)?.clone();
        let missing: Vec<String> = scope
            .permissions
            .iter()
            .filter(|permission| !registration.delegated_permissions.contains(permission))
            .cloned()
            .collect();
        if !missing.is_empty() {
            if refuse_new || !registration.dynamic_consent {
                return Err(SignInError::of_code(65001));
            }
            may_consent(&account, &missing)?;
            record(directory, registration.app_id, &missing);
        }
        let granted = client(directory, client_id)?.delegated_permissions.clone();
        let mut permissions = if scope.default || scope.permissions.is_empty() {
            granted
        } else {
            scope.permissions.clone()
        };
        permissions.extend(scope.raw.iter().cloned());
        Ok((registration.app_id, user_id, permissions))
    })
}

/// Anybody may consent to what needs no administrator; the rest takes a role (facts on Entra §1.17, §2.3).
fn may_consent(account: &Account, missing: &[String]) -> Result<(), SignInError> {
    const FOR_EVERYBODY: [&str; 3] = [
        "User.Read",
        "LicenseAssignment.Read.All",
        "user_impersonation",
    ];
    if account.may_consent()
        || missing
            .iter()
            .all(|permission| FOR_EVERYBODY.contains(&permission.as_str()))
    {
        Ok(())
    } else {
        Err(SignInError::of_code(90094))
    }
}

fn record(directory: &mut Directory, app_id: Uuid, permissions: &[String]) {
    if let Some(registration) = directory
        .registrations
        .iter_mut()
        .find(|registration| registration.app_id == app_id)
    {
        registration
            .delegated_permissions
            .extend(permissions.iter().cloned());
    }
}

fn back(
    entra: &Entra,
    mut redirect: Url,
    parameters: &Parameters,
    outcome: Result<String, SignInError>,
) -> Response {
    {
        let mut query = redirect.query_pairs_mut();
        match outcome {
            Ok(code) => {
                query.append_pair("code", &code);
            }
            Err(error) => {
                for (name, value) in error.redirect_parameters(entra.now()) {
                    query.append_pair(name, &value);
                }
            }
        }
        if let Some(state) = parameters.get("state") {
            query.append_pair("state", state);
        }
        query.append_pair("session_state", &Uuid::new_v4().to_string());
    }
    (
        StatusCode::FOUND,
        [
            ("location", redirect.to_string()),
            ("cache-control", "no-store".to_owned()),
        ],
    )
        .into_response()
}
