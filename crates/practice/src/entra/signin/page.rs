//! The pages a person sees while signing in.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use jiff::Timestamp;
use serde_json::json;

use super::errors::SignInError;
use super::tenant;
use crate::entra::Entra;
use crate::entra::registration::{Account, SignInState, roles};

/// A page with a heading and a body.
fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title>\
         <style>body{{font:16px system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem}}\
         a,button{{display:block;padding:.6rem .8rem;margin:.4rem 0;border:1px solid #767676;border-radius:4px;\
         color:inherit;background:none;font:inherit;text-align:left;text-decoration:none;width:100%;box-sizing:border-box}}\
         small{{color:#555}}input{{font:inherit;padding:.4rem}}</style><main><p><small>Practice sign-in</small></p>\
         <h1>{title}</h1>{body}</main></html>"
    )
}

/// Text that is safe inside a page.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn described(account: &Account) -> String {
    let names = |list: &[uuid::Uuid]| {
        list.iter()
            .map(|role| roles::name(*role))
            .collect::<Vec<_>>()
            .join(", ")
    };
    match account.state {
        SignInState::OtherTenant => "belongs to another organisation".to_owned(),
        SignInState::Disabled => "sign-in is blocked".to_owned(),
        SignInState::Blocked => "blocked by Conditional Access".to_owned(),
        SignInState::Works if !account.active_roles.is_empty() => names(&account.active_roles),
        SignInState::Works if !account.eligible_roles.is_empty() => {
            format!("{}, not activated", names(&account.eligible_roles))
        }
        SignInState::Works => "no role".to_owned(),
    }
}

/// Accounts to choose from; choosing one also accepts the permissions.
pub(super) fn choose(
    application: &str,
    accounts: &[Account],
    parameters: &HashMap<String, String>,
) -> String {
    let link = |name: &str, value: &str| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let mut sorted: Vec<_> = parameters
            .iter()
            .filter(|(known, _)| *known != name)
            .collect();
        sorted.sort();
        query.extend_pairs(sorted);
        query.append_pair(name, value);
        escape(&format!("authorize?{}", query.finish()))
    };
    let mut body = format!(
        "<p>{} asks to sign you in and for these permissions: {}</p>",
        escape(application),
        escape(parameters.get("scope").map_or("", String::as_str))
    );
    for account in accounts {
        let name = &account.user_principal_name;
        body.push_str(&format!(
            "<a href=\"{}\">{}<br><small>{}</small></a>",
            link("login_hint", name),
            escape(name),
            escape(&described(account))
        ));
    }
    body.push_str(&format!(
        "<a href=\"{}\">Cancel</a>",
        link("decision", "cancel")
    ));
    page("Pick an account", &body)
}

/// The page for a code of the device code flow.
pub(super) fn device(accounts: &[Account], code: &str, message: &str) -> String {
    let mut body = format!(
        "<p>{}</p><form method=\"post\"><p><label>Code <input name=\"user_code\" value=\"{}\" autocomplete=\"off\"></label></p>",
        escape(message),
        escape(code)
    );
    for account in accounts {
        let name = escape(&account.user_principal_name);
        body.push_str(&format!(
            "<button name=\"account\" value=\"{name}\">{name}<br><small>{}</small></button>",
            escape(&described(account))
        ));
    }
    body.push_str("<button name=\"account\" value=\"\">Cancel</button></form>");
    page("Enter code", &body)
}

/// A few words and nothing to press.
pub(super) fn message(title: &str, text: &str) -> String {
    page(title, &format!("<p>{}</p>", escape(text)))
}

/// The page for an error that must not be sent to the redirect address.
pub(super) fn error(error: &SignInError, at: Timestamp) -> String {
    let body = error.body(at);
    page(
        "Sign-in did not work",
        &format!(
            "<p>{}</p>",
            escape(body["error_description"].as_str().unwrap_or_default())
        ),
    )
}

/// The sign-in origin as the caller sees it.
pub(super) fn origin(headers: &HeaderMap) -> String {
    format!(
        "http://{}",
        headers
            .get("host")
            .and_then(|host| host.to_str().ok())
            .unwrap_or("login.invalid")
    )
}

/// `GET /{tenant}/v2.0/.well-known/openid-configuration`.
pub(super) async fn configuration(
    State(entra): State<Entra>,
    Path(named): Path<String>,
    headers: HeaderMap,
) -> Response {
    if let Err(error) = entra.read(|directory| tenant(directory, &named)) {
        return error.answer(entra.now());
    }
    let tenant = entra.read(|directory| directory.tenant.id);
    let base = format!("{}/{tenant}", origin(&headers));
    Json(json!({
        "issuer": format!("{base}/v2.0"),
        "authorization_endpoint": format!("{base}/oauth2/v2.0/authorize"),
        "token_endpoint": format!("{base}/oauth2/v2.0/token"),
        "device_authorization_endpoint": format!("{base}/oauth2/v2.0/devicecode"),
        "jwks_uri": format!("{base}/discovery/v2.0/keys"),
        "response_types_supported": ["code"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "tenant_region_scope": "EU",
        "cloud_instance_name": "microsoftonline.com",
    }))
    .into_response()
}
