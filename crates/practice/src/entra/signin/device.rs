//! The device code flow: a code to type elsewhere.

use std::collections::HashMap;

use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::{Form, Json};
use http::HeaderMap;
use jiff::ToSpan as _;
use serde_json::json;
use uuid::Uuid;

use super::authorize::text;
use super::errors::SignInError;
use super::{Scope, client, page, tenant};
use crate::entra::Entra;
use crate::entra::tokens::DeviceGrant;

type Parameters = HashMap<String, String>;

/// `POST /{tenant}/oauth2/v2.0/devicecode`.
pub(super) async fn begin(
    State(entra): State<Entra>,
    Path(named): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Parameters>,
) -> Response {
    let checked = entra.read(|directory| {
        tenant(directory, &named)?;
        let registration = client(directory, text(&form, "client_id"))?;
        if !registration.public_client {
            let text =
                "The client application must be marked as public ('Allow public client flows').";
            return Err(SignInError::new(7_000_218, "invalid_client", text));
        }
        Scope::read(text(&form, "scope"))?;
        Ok(registration.app_id)
    });
    let app_id = match checked {
        Ok(app_id) => app_id,
        Err(error) => return error.answer(entra.now()),
    };
    let device_code = format!("B{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    let user_code: String = Uuid::new_v4()
        .simple()
        .to_string()
        .to_uppercase()
        .chars()
        .take(9)
        .collect();
    let grant = DeviceGrant {
        user_code: user_code.clone(),
        app_id,
        scope: text(&form, "scope").to_owned(),
        expires: entra
            .now()
            .checked_add(15.minutes())
            .unwrap_or(jiff::Timestamp::MAX),
        polls: 0,
        decision: None,
    };
    entra.sessions().devices.insert(device_code.clone(), grant);
    let address = format!("{}/common/oauth2/deviceauth", page::origin(&headers));
    Json(json!({
        "user_code": user_code,
        "device_code": device_code,
        "verification_uri": address,
        "expires_in": 900,
        "interval": entra.knobs().device_code_interval,
        "message": format!("To sign in, use a web browser to open the page {address} and enter the code {user_code} to authenticate."),
    }))
    .into_response()
}

/// `GET /common/oauth2/deviceauth`: where the code is typed.
pub(super) async fn page(
    State(entra): State<Entra>,
    Query(parameters): Query<Parameters>,
) -> Html<String> {
    let code = text(&parameters, "user_code").to_owned();
    entra.read(|directory| {
        Html(page::device(
            &directory.accounts,
            &code,
            "Type the code shown by the application and pick an account.",
        ))
    })
}

/// `POST /common/oauth2/deviceauth`: the decision.
pub(super) async fn decide(
    State(entra): State<Entra>,
    Form(form): Form<Parameters>,
) -> Html<String> {
    let (code, account) = (
        text(&form, "user_code").trim().to_uppercase(),
        text(&form, "account").to_owned(),
    );
    let found = {
        let mut sessions = entra.sessions();
        let grant = sessions
            .devices
            .values_mut()
            .find(|grant| grant.user_code == code);
        grant
            .map(|grant| grant.decision = Some((!account.is_empty()).then_some(account)))
            .is_some()
    };
    if found {
        Html(page::message(
            "Done",
            "You can close this page and go back to the application.",
        ))
    } else {
        entra.read(|directory| {
            Html(page::device(
                &directory.accounts,
                &code,
                "That code did not work. Check the code and try again.",
            ))
        })
    }
}

/// What a poll finds: the account that approved, or why there is none yet.
pub(super) fn poll(entra: &Entra, device_code: &str) -> Result<(DeviceGrant, String), SignInError> {
    let knobs = entra.knobs();
    if let Some(code) = knobs.device_code_fault.or(knobs.sign_in_fault) {
        return Err(SignInError::of_code(code));
    }
    let now = entra.now();
    let mut sessions = entra.sessions();
    let Some(grant) = sessions.devices.get_mut(device_code) else {
        return Err(SignInError::new(
            70018,
            "bad_verification_code",
            "The device code is not known.",
        ));
    };
    if grant.expires <= now {
        return Err(SignInError::new(
            70019,
            "expired_token",
            "Verification code expired.",
        ));
    }
    grant.polls += 1;
    if grant.polls <= knobs.device_code_slow_downs {
        return Err(SignInError::new(
            70016,
            "slow_down",
            "The application polls too often.",
        ));
    }
    let by_itself = grant.polls > knobs.device_code_slow_downs + knobs.device_code_polls;
    let decision = grant
        .decision
        .clone()
        .or_else(|| knobs.auto_approve.filter(|_| by_itself).map(Some));
    match decision {
        None => Err(SignInError::new(
            70016,
            "authorization_pending",
            "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
        )),
        Some(None) => Err(SignInError::new(
            65004,
            "authorization_declined",
            "The person declined.",
        )),
        Some(Some(account)) => {
            let grant = grant.clone();
            sessions.devices.remove(device_code);
            Ok((grant, account))
        }
    }
}
