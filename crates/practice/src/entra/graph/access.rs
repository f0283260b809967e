//! Who may do what: permissions of the token, ownership, and roles of the person (facts on Entra §1).

use http::StatusCode;
use uuid::Uuid;

use super::GraphRequest;
use super::error::GraphError;
use super::operations::Operation;
use crate::entra::Entra;
use crate::entra::registration::roles;
use crate::entra::tokens::{Caller, Identity};

const OWNED: &str = "Application.ReadWrite.OwnedBy";

/// Roles that manage enterprise applications.
const APPLICATION_ROLES: [Uuid; 3] = [
    roles::GLOBAL_ADMINISTRATOR,
    roles::APPLICATION_ADMINISTRATOR,
    roles::CLOUD_APPLICATION_ADMINISTRATOR,
];
/// Roles that see the provisioning logs beside those (facts on Entra §1.12).
const REPORT_ROLES: [Uuid; 3] = [
    roles::REPORTS_READER,
    roles::SECURITY_READER,
    roles::GLOBAL_READER,
];

/// Refuses a caller who may not do this.
///
/// # Errors
/// 401 `UnknownError` below `/synchronization`, 403 elsewhere, 400 for `/me` without a person.
pub fn weigh(
    entra: &Entra,
    operation: &Operation,
    request: &GraphRequest,
    caller: &Caller,
) -> Result<(), GraphError> {
    let synchronization = operation.path.contains("/synchronization/");
    let owner = owns(entra, operation, request, caller);
    match &caller.identity {
        Identity::Application { .. } => {
            if operation.path.starts_with("/me") {
                let message = "/me request is only valid with delegated authentication flow.";
                return Err(GraphError::new(
                    StatusCode::BAD_REQUEST,
                    "BadRequest",
                    message,
                ));
            }
            permitted(
                operation,
                operation.application,
                caller,
                owner,
                synchronization,
            )
        }
        Identity::Person { roles: active, .. } => {
            permitted(
                operation,
                operation.delegated,
                caller,
                owner,
                synchronization,
            )?;
            let holds = |wanted: &[Uuid]| active.iter().any(|role| wanted.contains(role));
            let writes = operation.method != "GET"
                && !matches!(operation.path, "/$batch" | "/directoryObjects/getByIds");
            let allowed = if synchronization || writes {
                owner || holds(&APPLICATION_ROLES)
            } else if operation.path == "/auditLogs/provisioning" {
                holds(&APPLICATION_ROLES) || holds(&REPORT_ROLES)
            } else {
                true
            };
            if allowed {
                Ok(())
            } else {
                Err(GraphError::denied())
            }
        }
    }
}

fn permitted(
    operation: &Operation,
    wanted: &[&str],
    caller: &Caller,
    owner: bool,
    synchronization: bool,
) -> Result<(), GraphError> {
    if wanted.is_empty() {
        return Ok(());
    }
    let granted = |permission: &str| caller.has(permission) && (permission != OWNED || owner);
    let enough = if operation.method == "POST" && operation.path.ends_with("/appRoleAssignedTo") {
        // Either the wide permission alone, or the narrow one together with a read (facts on Entra §1.13).
        granted("Application.ReadWrite.All")
            || (granted("AppRoleAssignment.ReadWrite.All")
                && (granted("Application.Read.All") || granted("Directory.Read.All")))
    } else {
        wanted.iter().any(|permission| granted(permission))
    };
    if enough {
        Ok(())
    } else if synchronization && !caller.has("Synchronization.Read.All") {
        Err(GraphError::unknown())
    } else {
        // A caller who may read and wants to write is told so (facts on Entra §9).
        Err(GraphError::denied())
    }
}

/// Whether the caller owns the enterprise application of the path. Making one, and lists, need no ownership.
fn owns(entra: &Entra, operation: &Operation, request: &GraphRequest, caller: &Caller) -> bool {
    let id = request.id(0);
    entra.read(|directory| {
        if operation.path.starts_with("/servicePrincipals/{}") {
            super::apps::resolve(directory, id)
                .is_none_or(|principal| principal.owners.contains(&caller.object_id()))
        } else if operation.path.starts_with("/applications/{}") {
            let application = id
                .parse()
                .ok()
                .and_then(|id: Uuid| directory.applications.get(&id));
            application.is_none_or(|application| {
                let principal = directory
                    .service_principals
                    .iter()
                    .find(|principal| principal.app_id == application.app_id);
                principal.is_none_or(|principal| principal.owners.contains(&caller.object_id()))
            })
        } else {
            true
        }
    })
}
