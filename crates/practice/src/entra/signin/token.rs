//! `token`: codes, refresh tokens, device codes and client secrets become access tokens.

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::HeaderMap;
use jiff::ToSpan as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::authorize::{consented, text};
use super::errors::SignInError;
use super::{Scope, account, client, device, tenant};
use crate::entra::Entra;
use crate::entra::registration::Registration;
use crate::entra::tokens::{Caller, Grant, Identity, is_graph};

type Parameters = HashMap<String, String>;

/// `POST /{tenant}/oauth2/v2.0/token`.
pub(super) async fn redeem(
    State(entra): State<Entra>,
    Path(named): Path<String>,
    headers: HeaderMap,
    Form(mut form): Form<Parameters>,
) -> Response {
    basic_credentials(&headers, &mut form);
    let answer = match text(&form, "grant_type") {
        "client_credentials" => client_credentials(&entra, &named, &form),
        "authorization_code" => authorization_code(&entra, &named, &form),
        "refresh_token" => refresh(&entra, &named, &form),
        "urn:ietf:params:oauth:grant-type:device_code" => device_code(&entra, &named, &form),
        "" => Err(SignInError::missing("grant_type")),
        other => Err(SignInError::new(
            70003,
            "unsupported_grant_type",
            format!("The app requested an unsupported grant type '{other}'."),
        )),
    };
    match answer {
        Ok(body) => (
            [
                ("cache-control", "no-store, no-cache"),
                ("pragma", "no-cache"),
            ],
            Json(body),
        )
            .into_response(),
        Err(error) => error.answer(entra.now()),
    }
}

/// A client may name itself in the header instead of the form.
fn basic_credentials(headers: &HeaderMap, form: &mut Parameters) {
    let basic = headers
        .get("authorization")
        .and_then(|value| value.to_str().ok()?.strip_prefix("Basic "));
    let decoded = basic.and_then(|encoded| String::from_utf8(STANDARD.decode(encoded).ok()?).ok());
    if let Some((id, secret)) = decoded.as_deref().and_then(|pair| pair.split_once(':')) {
        let plain = |text: &str| {
            url::form_urlencoded::parse(format!("x={text}").as_bytes())
                .map(|(_, value)| value.into_owned())
                .collect::<String>()
        };
        form.entry("client_id".to_owned())
            .or_insert_with(|| plain(id));
        form.entry("client_secret".to_owned())
            .or_insert_with(|| plain(secret));
    }
}

/// Checks a secret (facts on Entra §2.4: 7000215, 7000222, 7000218).
fn check_secret(
    entra: &Entra,
    registration: &Registration,
    form: &Parameters,
) -> Result<(), SignInError> {
    let Some(sent) = form
        .get("client_secret")
        .filter(|secret| !secret.is_empty())
    else {
        let text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
        return Err(SignInError::new(7_000_218, "invalid_client", text));
    };
    match registration
        .secrets
        .iter()
        .find(|secret| secret.value == *sent)
    {
        Some(secret) if secret.expires <= entra.now() => Err(SignInError::new(
            7_000_222,
            "invalid_client",
            format!(
                "The provided client secret keys for app '{}' are expired. Visit the portal to create new keys for your app.",
                registration.app_id
            ),
        )),
        Some(_) => Ok(()),
        None => Err(SignInError::new(
            7_000_215,
            "invalid_client",
            format!(
                "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, \
                 for a secret added to app '{}'.",
                registration.app_id
            ),
        )),
    }
}

fn registered(entra: &Entra, named: &str, form: &Parameters) -> Result<Registration, SignInError> {
    entra.read(|directory| {
        tenant(directory, named)?;
        client(directory, text(form, "client_id")).cloned()
    })
}

fn client_credentials(entra: &Entra, named: &str, form: &Parameters) -> Result<Value, SignInError> {
    if matches!(named, "common" | "organizations") {
        let text = "The grant type 'client_credentials' is not supported over the '/common' or '/consumers' endpoints.";
        return Err(SignInError::new(9_001_023, "invalid_request", text));
    }
    let registration = registered(entra, named, form)?;
    check_secret(entra, &registration, form)?;
    if let Some(code) = entra.knobs().sign_in_fault {
        return Err(SignInError::of_code(code));
    }
    let scope = Scope::read(text(form, "scope"))?;
    if !scope.default {
        let text = "The provided value for scope is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.";
        return Err(SignInError::new(1_002_012, "invalid_scope", text));
    }
    let permissions = if is_graph(&scope.audience) {
        registration.application_permissions
    } else {
        Vec::new()
    };
    let identity = Identity::Application {
        service_principal_id: registration.service_principal_id,
    };
    let (token, lifetime) = entra.issue(
        Caller {
            app_id: registration.app_id,
            identity,
            permissions,
        },
        &scope.audience,
    );
    Ok(
        json!({ "token_type": "Bearer", "expires_in": lifetime, "ext_expires_in": lifetime, "access_token": token }),
    )
}

fn authorization_code(entra: &Entra, named: &str, form: &Parameters) -> Result<Value, SignInError> {
    let registration = registered(entra, named, form)?;
    public_or_secret(entra, &registration, form)?;
    // A code is good once: it is gone whatever comes of it.
    let grant = entra.sessions().codes.remove(text(form, "code"));
    let grant = grant.filter(|grant| grant.expires > entra.now()).ok_or_else(|| {
        SignInError::new(70008, "invalid_grant", "The provided authorization code or refresh token has expired or was redeemed already.")
    })?;
    if grant.app_id != registration.app_id || grant.redirect_uri != text(form, "redirect_uri") {
        let text =
            "The reply address does not match the reply address of the authorization request.";
        return Err(SignInError::new(50_148, "invalid_grant", text));
    }
    verify(
        grant.challenge.as_deref(),
        form.get("code_verifier").map(String::as_str),
    )?;
    tokens(entra, grant, true)
}

/// Public clients send no secret, and may not; a confidential one has to.
fn public_or_secret(
    entra: &Entra,
    registration: &Registration,
    form: &Parameters,
) -> Result<(), SignInError> {
    let sent = form
        .get("client_secret")
        .is_some_and(|secret| !secret.is_empty());
    if registration.public_client && sent {
        return Err(SignInError::new(
            700_025,
            "invalid_client",
            "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
        ));
    }
    if registration.public_client {
        Ok(())
    } else {
        check_secret(entra, registration, form)
    }
}

/// PKCE: the verifier's SHA-256 is the challenge.
fn verify(challenge: Option<&str>, verifier: Option<&str>) -> Result<(), SignInError> {
    let wrong = |text: &str| Err(SignInError::new(501_481, "invalid_grant", text));
    match (challenge, verifier) {
        (None, None) => Ok(()),
        (Some(challenge), Some(verifier))
            if URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())) == challenge =>
        {
            Ok(())
        }
        (Some(_), None) => Err(SignInError::new(
            50_147,
            "invalid_grant",
            "The code_verifier is missing although a code_challenge was sent.",
        )),
        _ => wrong(
            "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
        ),
    }
}

fn refresh(entra: &Entra, named: &str, form: &Parameters) -> Result<Value, SignInError> {
    let registration = registered(entra, named, form)?;
    public_or_secret(entra, &registration, form)?;
    if let Some(code) = entra.knobs().sign_in_fault {
        return Err(SignInError::of_code(code));
    }
    let grant = entra
        .sessions()
        .refresh
        .get(text(form, "refresh_token"))
        .cloned();
    let mut grant = grant
        .filter(|grant| grant.app_id == registration.app_id)
        .ok_or_else(|| {
            SignInError::new(
                700_082,
                "invalid_grant",
                "The refresh token has expired or is not known.",
            )
        })?;
    let scope = Scope::read(text(form, "scope"))?;
    if !scope.permissions.is_empty() || scope.default {
        let name = entra.read(|directory| {
            let account = directory
                .accounts
                .iter()
                .find(|account| account.user_id == Some(grant.user_id));
            account
                .map(|account| account.user_principal_name.clone())
                .unwrap_or_default()
        });
        (_, _, grant.scopes) = consented(entra, text(form, "client_id"), &name, &scope, false)?;
        grant.audience = scope.audience;
    }
    tokens(entra, grant, true)
}

fn device_code(entra: &Entra, named: &str, form: &Parameters) -> Result<Value, SignInError> {
    let registration = registered(entra, named, form)?;
    let (device, name) = device::poll(entra, text(form, "device_code"))?;
    if device.app_id != registration.app_id {
        return Err(SignInError::new(
            70018,
            "bad_verification_code",
            "The device code was issued to another application.",
        ));
    }
    let scope = Scope::read(&device.scope)?;
    let offline = scope.offline;
    let (app_id, user_id, scopes) = consented(entra, text(form, "client_id"), &name, &scope, true)?;
    let grant = Grant {
        app_id,
        user_id,
        scopes,
        audience: scope.audience,
        redirect_uri: String::new(),
        challenge: None,
        expires: device.expires,
    };
    tokens(entra, grant, offline)
}

/// Access token, and a refresh token, for what a person granted. Roles are those active now.
fn tokens(entra: &Entra, grant: Grant, offline: bool) -> Result<Value, SignInError> {
    let (name, roles) = entra.read(|directory| {
        let found = directory
            .accounts
            .iter()
            .find(|account| account.user_id == Some(grant.user_id));
        let found = found.ok_or_else(|| SignInError::of_code(50034))?;
        account(directory, &found.user_principal_name)?;
        Ok((
            found.user_principal_name.clone(),
            found.active_roles.clone(),
        ))
    })?;
    let caller = Caller {
        app_id: grant.app_id,
        identity: Identity::Person {
            user_id: grant.user_id,
            roles,
        },
        permissions: grant.scopes.clone(),
    };
    let (token, lifetime) = entra.issue(caller, &grant.audience);
    let tenant = entra.read(|directory| directory.tenant.id);
    let claims = json!({ "aud": grant.app_id, "tid": tenant, "oid": grant.user_id, "preferred_username": name, "ver": "2.0" });
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let id_token = format!(
        "{}.{}.",
        encode(&json!({ "typ": "JWT", "alg": "none" })),
        encode(&claims)
    );
    let mut body = json!({
        "token_type": "Bearer",
        "scope": grant.scopes.join(" "),
        "expires_in": lifetime,
        "ext_expires_in": lifetime,
        "access_token": token,
        "id_token": id_token,
    });
    if offline {
        let refresh = format!("0.{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        body["refresh_token"] = json!(refresh);
        let expires = entra
            .now()
            .checked_add((90 * 24).hours())
            .unwrap_or(jiff::Timestamp::MAX);
        entra
            .sessions()
            .refresh
            .insert(refresh, Grant { expires, ..grant });
    }
    Ok(body)
}
