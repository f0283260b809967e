//! Who is assigned to an enterprise application.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::GraphRequest;
use super::apps::{resolve, resolve_mut};
use super::error::{Answer, GraphError};
use super::filter::{Field, Filterable};
use super::query::{DIRECTORY, Paging, Query};
use super::render;
use crate::entra::Entra;
use crate::entra::directory::{Assignment, Directory, PrincipalKind};

struct Row<'a> {
    assignment: &'a Assignment,
    name: &'a str,
}

impl Filterable for Row<'_> {
    fn field(&self, path: &str) -> Option<Field<'_>> {
        Some(match path {
            "id" => Field::text(&self.assignment.id),
            "principalId" => Field::shown(self.assignment.principal_id),
            "principalDisplayName" => Field::text(self.name),
            "principalType" => Field::text(render::kind(self.assignment.kind)),
            "appRoleId" => Field::shown(self.assignment.app_role_id),
            _ => return None,
        })
    }
}

/// `GET …/appRoleAssignedTo`.
pub(super) fn list(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let query = Query::directory(request, false)?;
    let paging = Paging {
        default: entra.knobs().page_size.unwrap_or(DIRECTORY.default),
        ..DIRECTORY
    };
    entra.read(|directory| {
        let principal = resolve(directory, request.id(0))
            .ok_or_else(|| GraphError::not_found(request.id(0)))?;
        let rows: Vec<Row<'_>> = principal
            .assignments
            .iter()
            .map(|assignment| Row {
                assignment,
                name: directory
                    .principal(&assignment.principal_id)
                    .map_or("", |(_, name)| name),
            })
            .collect();
        query.page(request, paging, rows.iter(), |row| {
            render::assignment(row.assignment, row.name, principal)
        })
    })
}

/// Adds an assignment to the directory, past every rule: for scenarios.
pub(crate) fn put(directory: &mut Directory, principal: &Uuid, who: Uuid, at: jiff::Timestamp) {
    let Some((kind, _)) = directory.principal(&who) else {
        return;
    };
    if let Some(principal) = directory.service_principals.get_mut(principal) {
        let role = principal
            .app_roles
            .first()
            .map_or(Uuid::nil(), |role| role.id);
        let id = assignment_id(&principal.id, &who, &role);
        principal.assignments.push(Assignment {
            id,
            app_role_id: role,
            principal_id: who,
            kind,
            created: at,
        });
    }
}

/// Opaque to callers, and the same for the same assignment.
fn assignment_id(principal: &Uuid, who: &Uuid, role: &Uuid) -> String {
    let name = [
        principal.as_bytes().as_slice(),
        who.as_bytes(),
        role.as_bytes(),
    ]
    .concat();
    let digest = Uuid::new_v5(&Uuid::NAMESPACE_OID, &name);
    URL_SAFE_NO_PAD.encode([who.as_bytes().as_slice(), digest.as_bytes()].concat())
}

/// `POST …/appRoleAssignedTo` (facts on Entra §1.13).
pub(super) fn assign(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let id = |name: &str| -> Result<Uuid, GraphError> {
        let text = request.body.get(name).and_then(Value::as_str);
        text.and_then(|text| text.parse().ok()).ok_or_else(|| {
            GraphError::bad_request(format!(
                "Invalid value specified for property '{name}' of resource 'AppRoleAssignment'."
            ))
        })
    };
    let (who, resource, role) = (id("principalId")?, id("resourceId")?, id("appRoleId")?);
    let created = entra.now();
    entra.change(|directory| {
        let premium = directory.premium();
        let Some((kind, name)) = directory.principal(&who).map(|(kind, name)| (kind, name.to_owned())) else {
            return Err(GraphError::not_found(&who.to_string()));
        };
        let principal = resolve_mut(directory, request.id(0))?;
        if let Some(error) = principal.warming.service_principal.front().and_then(|status| super::apps::lagging(*status, request.id(0))) {
            return Err(error);
        }
        if resource != principal.id {
            return Err(GraphError::bad_request("The resource of the assignment is not the service principal of the request."));
        }
        let declared = principal.app_roles.iter().any(|known| known.id == role);
        if !(declared || (principal.app_roles.is_empty() && role.is_nil())) {
            return Err(GraphError::bad_request("Permission being assigned was not found on application."));
        }
        if principal.assignments.iter().any(|assignment| assignment.principal_id == who && assignment.app_role_id == role) {
            return Err(GraphError::bad_request("Permission being assigned already exists on the object"));
        }
        if kind == PrincipalKind::Group && !premium {
            let message = "Group assignment needs a Microsoft Entra ID P1 or P2 licence in this tenant.";
            return Err(GraphError::new(StatusCode::FORBIDDEN, "Authorization_RequestDenied", message));
        }
        let assignment =
            Assignment { id: assignment_id(&principal.id, &who, &role), app_role_id: role, principal_id: who, kind, created };
        let shown = render::assignment(&assignment, &name, principal);
        principal.assignments.push(assignment);
        let after = json!({ "servicePrincipalId": principal.id, "principalId": who, "principalType": render::kind(kind), "name": name });
        Ok(Answer::created(shown).noting("assignment created", Value::Null, after))
    })
}

/// `DELETE …/appRoleAssignedTo/{id}`.
pub(super) fn unassign(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    entra.change(|directory| {
        let principal = resolve_mut(directory, request.id(0))?;
        let place = principal
            .assignments
            .iter()
            .position(|assignment| assignment.id == request.id(1));
        let place = place.ok_or_else(|| GraphError::not_found(request.id(1)))?;
        let gone = principal.assignments.remove(place);
        let before = json!({
            "servicePrincipalId": principal.id,
            "principalId": gone.principal_id,
            "principalType": render::kind(gone.kind),
        });
        Ok(Answer::nothing().noting("assignment deleted", before, Value::Null))
    })
}
