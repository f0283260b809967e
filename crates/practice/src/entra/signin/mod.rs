//! The sign-in host: authorize, token, device code and consent (facts on Entra §2).

mod authorize;
mod consent;
mod device;
mod errors;
mod page;
mod token;

use axum::Router;
use axum::routing::{get, post};
use uuid::Uuid;

use super::Entra;
use super::directory::Directory;
use super::registration::{Account, Registration, SignInState};
use super::tokens::GRAPH_APP_ID;
use crate::ids::AZURE_DATABRICKS_APP_ID;
use errors::SignInError;

/// The routes of the sign-in origin.
pub(crate) fn router(entra: Entra) -> Router {
    Router::new()
        .route("/{tenant}/oauth2/v2.0/authorize", get(authorize::show))
        .route("/{tenant}/oauth2/v2.0/token", post(token::redeem))
        .route("/{tenant}/oauth2/v2.0/devicecode", post(device::begin))
        .route(
            "/{tenant}/oauth2/deviceauth",
            get(device::page).post(device::decide),
        )
        .route("/{tenant}/adminconsent", get(consent::show))
        .route("/{tenant}/v2.0/adminconsent", get(consent::show))
        .route(
            "/{tenant}/v2.0/.well-known/openid-configuration",
            get(page::configuration),
        )
        .with_state(entra)
}

/// Checks the tenant of a path: its id or domain. `common` and `organizations` are refused, the application is single-tenant.
fn tenant(directory: &Directory, named: &str) -> Result<(), SignInError> {
    if named.eq_ignore_ascii_case(&directory.tenant.id.to_string())
        || named.eq_ignore_ascii_case(&directory.tenant.domain)
    {
        return Ok(());
    }
    match named {
        "common" | "organizations" | "consumers" => Err(SignInError::new(
            50194,
            "invalid_request",
            "Application is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such applications.",
        )),
        _ => Err(SignInError::new(
            90002,
            "invalid_request",
            format!(
                "Tenant '{named}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud."
            ),
        )),
    }
}

/// The application a client id names.
fn client<'a>(directory: &'a Directory, id: &str) -> Result<&'a Registration, SignInError> {
    if id.is_empty() {
        return Err(SignInError::missing("client_id"));
    }
    let found = id.parse::<Uuid>().ok().and_then(|id| {
        directory
            .registrations
            .iter()
            .find(|registration| registration.app_id == id)
    });
    match found {
        Some(registration) if registration.disabled => {
            let text = format!(
                "Application '{id}' ({}) is disabled.",
                registration.display_name
            );
            Err(SignInError::new(7_000_112, "unauthorized_client", text))
        }
        Some(registration) => Ok(registration),
        None => Err(SignInError::new(
            700_016,
            "unauthorized_client",
            format!(
                "Application with identifier '{id}' was not found in the directory '{}'.",
                directory.tenant.display_name
            ),
        )),
    }
}

/// The account a name stands for, if it may sign in.
fn account<'a>(directory: &'a Directory, name: &str) -> Result<(&'a Account, Uuid), SignInError> {
    let account = directory
        .accounts
        .iter()
        .find(|account| account.user_principal_name.eq_ignore_ascii_case(name));
    let Some(account) = account else {
        let domain = &directory.tenant.domain;
        return Err(SignInError::new(
            50034,
            "invalid_grant",
            format!("The user account {name} does not exist in the {domain} directory."),
        ));
    };
    match (account.state, account.user_id) {
        (SignInState::Disabled, _) => Err(SignInError::new(
            50057,
            "invalid_grant",
            "The user account is disabled.",
        )),
        (SignInState::Blocked, _) => Err(SignInError::new(
            53003,
            "interaction_required",
            "Access has been blocked by Conditional Access policies.",
        )),
        (SignInState::Works, Some(id)) => Ok((account, id)),
        _ => Err(SignInError::new(
            50020,
            "invalid_grant",
            format!(
                "User account '{name}' does not exist in tenant '{}' and cannot access the application in that tenant.",
                directory.tenant.display_name
            ),
        )),
    }
}

/// The resource and permission names of a scope, the permissions of OpenID aside.
struct Scope {
    audience: String,
    permissions: Vec<String>,
    default: bool,
    offline: bool,
    raw: Vec<String>,
}

impl Scope {
    fn read(text: &str) -> Result<Self, SignInError> {
        let mut scope = Self {
            audience: GRAPH_APP_ID.to_owned(),
            permissions: Vec::new(),
            default: false,
            offline: false,
            raw: Vec::new(),
        };
        let mut resources: Vec<String> = Vec::new();
        for part in text.split_whitespace() {
            match part {
                "openid" | "profile" | "email" => scope.raw.push(part.to_owned()),
                "offline_access" => scope.offline = true,
                _ => {
                    let (resource, name) = part.rsplit_once('/').unwrap_or(("", part));
                    let resource = if resource.is_empty() || resource.contains("://") {
                        GRAPH_APP_ID
                    } else {
                        resource
                    };
                    if !resources.iter().any(|known| known == resource) {
                        resources.push(resource.to_owned());
                    }
                    if name == ".default" {
                        scope.default = true;
                    } else {
                        scope.permissions.push(name.to_owned());
                    }
                }
            }
        }
        match resources.as_slice() {
            [] => {}
            [one] => one.clone_into(&mut scope.audience),
            _ => {
                let text = "The provided value for the input parameter scope is not valid because it contains more than one resource.";
                return Err(SignInError::new(28002, "invalid_scope", text));
            }
        }
        if scope.audience != GRAPH_APP_ID && scope.audience != AZURE_DATABRICKS_APP_ID {
            let text = format!(
                "The resource principal named {} was not found in the tenant.",
                scope.audience
            );
            return Err(SignInError::new(500_011, "invalid_resource", text));
        }
        Ok(scope)
    }
}
