//! People, the signed-in person, the organisation and its licences.

use serde_json::{Value, json};
use uuid::Uuid;

use super::GraphRequest;
use super::error::{Answer, GraphError};
use super::filter::Case;
use super::query::{DIRECTORY, Paging, Query};
use super::render;
use crate::entra::Entra;
use crate::entra::registration::roles;
use crate::entra::tokens::Identity;

/// `GET /users`.
pub(super) fn list_users(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let query = Query::directory(request, false)?;
    let paging = Paging {
        default: entra.knobs().page_size.unwrap_or(DIRECTORY.default),
        ..DIRECTORY
    };
    entra.read(|directory| query.page(request, paging, directory.users.iter(), render::user))
}

/// `GET /users/{id or user principal name}`.
pub(super) fn get_user(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let query = Query::plain(request, Case::Ignored)?;
    let id = request.id(0);
    entra.read(|directory| {
        let user = match id.parse::<Uuid>() {
            Ok(id) => directory.users.get(&id),
            Err(_) => directory.user_by_name(id),
        };
        user.map(|user| Answer::json(query.selected(render::user(user))))
            .ok_or_else(|| GraphError::not_found(id))
    })
}

fn person(request: &GraphRequest) -> Result<(Uuid, &[Uuid]), GraphError> {
    match request.caller.as_ref().map(|caller| &caller.identity) {
        Some(Identity::Person { user_id, roles }) => Ok((*user_id, roles)),
        _ => Err(GraphError::denied()),
    }
}

/// `GET /me`.
pub(super) fn me(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let query = Query::plain(request, Case::Ignored)?;
    let (id, _) = person(request)?;
    entra.read(|directory| {
        let user = directory
            .users
            .get(&id)
            .ok_or_else(|| GraphError::not_found(&id.to_string()))?;
        Ok(Answer::json(query.selected(render::user(user))))
    })
}

/// `GET /me/transitiveMemberOf/graph.directoryRole`: active roles alone (facts on Entra §1.15).
pub(super) fn my_roles(_: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let query = Query::directory(request, true)?;
    let (_, active) = person(request)?;
    let rows: Vec<Value> = active
        .iter()
        .map(|role| {
            query.selected(json!({
                "id": Uuid::new_v5(&Uuid::NAMESPACE_OID, role.as_bytes()),
                "deletedDateTime": null,
                "description": null,
                "displayName": roles::name(*role),
                "roleTemplateId": role,
            }))
        })
        .collect();
    Ok(Answer::json(
        json!({ "@odata.context": request.context(), "@odata.count": rows.len(), "value": rows }),
    ))
}

/// `GET /organization`.
pub(super) fn organization(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let query = Query::plain(request, Case::Ignored)?;
    entra.read(|directory| {
        let tenant = &directory.tenant;
        let organization = json!({
            "id": tenant.id,
            "displayName": tenant.display_name,
            "tenantType": tenant.tenant_type,
            "countryLetterCode": "NO",
            "createdDateTime": "2021-03-01T08:00:00Z",
            "assignedPlans": [],
            "technicalNotificationMails": [],
            "onPremisesSyncEnabled": null,
            "verifiedDomains": [{
                "name": tenant.domain, "isDefault": true, "isInitial": false, "type": "Managed", "capabilities": "Email",
            }],
        });
        Ok(Answer::json(json!({ "@odata.context": request.context(), "value": [query.selected(organization)] })))
    })
}

/// `GET /subscribedSkus`.
pub(super) fn list_skus(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let query = Query::plain(request, Case::Ignored)?;
    entra.read(|directory| {
        let tenant = directory.tenant.id;
        let rows: Vec<Value> = directory
            .skus
            .iter()
            .map(|sku| {
                let plans: Vec<Value> = sku
                    .plans
                    .iter()
                    .map(|(id, name)| json!({ "servicePlanId": id, "servicePlanName": name, "provisioningStatus": "Success", "appliesTo": "User" }))
                    .collect();
                query.selected(json!({
                    "id": format!("{tenant}_{}", sku.sku_id),
                    "accountId": tenant,
                    "accountName": directory.tenant.display_name,
                    "appliesTo": "User",
                    "capabilityStatus": sku.capability_status,
                    "consumedUnits": directory.users.len(),
                    "prepaidUnits": { "enabled": directory.users.len(), "suspended": 0, "warning": 0, "lockedOut": 0 },
                    "skuId": sku.sku_id,
                    "skuPartNumber": sku.part_number,
                    "subscriptionIds": [],
                    "servicePlans": plans,
                }))
            })
            .collect();
        Ok(Answer::json(json!({ "@odata.context": request.context(), "value": rows })))
    })
}
