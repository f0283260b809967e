//! The gallery, applications and enterprise applications.

use std::collections::HashSet;

use http::StatusCode;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::GraphRequest;
use super::error::{Answer, GraphError};
use super::filter::{Case, Field, Filterable};
use super::query::{DIRECTORY, Paging, Query};
use super::render;
use crate::entra::connector::Synchronization;
use crate::entra::directory::{Application, Directory, ServicePrincipal, Warming};
use crate::entra::{Entra, sample};

/// What the gallery has.
struct Template {
    id: &'static str,
    name: &'static str,
    publisher: &'static str,
    provisioning: &'static [&'static str],
    categories: Vec<String>,
}

fn gallery() -> Vec<Template> {
    let template = |id, name, publisher, provisioning, category: &str| Template {
        id,
        name,
        publisher,
        provisioning,
        categories: vec![category.to_owned()],
    };
    vec![
        template(
            sample::GALLERY_TEMPLATE_ID,
            sample::GALLERY_NAME,
            "Databricks Inc",
            &["sync"],
            "developerServices",
        ),
        template(
            "7b20a3f1-6a52-4a4b-8f5d-1c9b3a0e5d21",
            "Azure Databricks",
            "Databricks Inc",
            &[],
            "developerServices",
        ),
        template(
            sample::CUSTOM_TEMPLATE_ID,
            "Custom",
            "Microsoft",
            &["sync"],
            "custom",
        ),
        template(
            "4fd37a2e-54c7-4f57-9b5a-0c7c2f0ad9b8",
            "Harbour Time Sheets",
            "Harbour Software",
            &["sync"],
            "humanResources",
        ),
    ]
}

impl Filterable for Template {
    fn field(&self, path: &str) -> Option<Field<'_>> {
        match path {
            "displayName" => Some(Field::text(self.name)),
            "categories" => Some(Field::list(&self.categories)),
            _ => None,
        }
    }
}

fn render_template(template: &Template) -> Value {
    json!({
        "id": template.id,
        "displayName": template.name,
        "publisher": template.publisher,
        "description": format!("{} by {}.", template.name, template.publisher),
        "categories": template.categories,
        "homePageUrl": "https://databricks.com/",
        "logoUrl": null,
        "supportedProvisioningTypes": template.provisioning,
        "supportedSingleSignOnModes": ["external"],
    })
}

/// `GET /applicationTemplates`: filter on displayName and categories alone (facts on Entra §1.1).
pub(super) fn list_templates(_: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let query = Query::plain(request, Case::Ignored)?;
    query.page(
        request,
        Paging {
            default: 100,
            most: 999,
        },
        gallery().iter(),
        render_template,
    )
}

/// `GET /applicationTemplates/{id}`.
pub(super) fn get_template(_: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let query = Query::plain(request, Case::Ignored)?;
    let gallery = gallery();
    let template = gallery.iter().find(|template| template.id == request.id(0));
    template
        .map(|template| Answer::json(query.selected(render_template(template))))
        .ok_or_else(|| GraphError::not_found(request.id(0)))
}

/// `POST /applicationTemplates/{id}/instantiate`: makes both halves; the same name twice is allowed (facts on Entra §1.2).
pub(super) fn instantiate(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let gallery = gallery();
    let template = gallery
        .iter()
        .find(|template| template.id == request.id(0))
        .ok_or_else(|| GraphError::not_found(request.id(0)))?;
    let name = request
        .body
        .get("displayName")
        .and_then(Value::as_str)
        .filter(|name| !name.trim().is_empty());
    let name = name.ok_or_else(|| GraphError::bad_request("Property displayName is required."))?;
    let knobs = entra.knobs();
    let app_roles = sample::app_roles();
    let application = Application {
        id: Uuid::new_v4(),
        app_id: Uuid::new_v4(),
        display_name: name.to_owned(),
        template_id: Some(template.id.to_owned()),
        app_roles: app_roles.clone(),
        created: entra.now(),
    };
    let principal = ServicePrincipal {
        id: Uuid::new_v4(),
        app_id: application.app_id,
        display_name: name.to_owned(),
        template_id: application.template_id.clone(),
        // Every documented sample of a fresh instance has true here (facts on Entra §1.2).
        assignment_required: true,
        account_enabled: true,
        app_roles,
        description: None,
        notes: None,
        tags: vec![
            "WindowsAzureActiveDirectoryIntegratedApp".to_owned(),
            "WindowsAzureActiveDirectoryGalleryApplicationNonPrimaryV1".to_owned(),
        ],
        notification_emails: Vec::new(),
        owners: request
            .caller
            .iter()
            .map(super::Caller::object_id)
            .collect::<HashSet<_>>(),
        assignments: Vec::new(),
        synchronization: Synchronization::default(),
        warming: Warming {
            service_principal: knobs.new_service_principal.into(),
            templates: knobs.new_templates.into(),
            synchronization: knobs.new_synchronization.into(),
        },
        created: entra.now(),
    };
    let (application_json, principal_json) = (
        render::application(&application),
        render::service_principal(&principal),
    );
    let after = json!({ "id": principal.id, "appId": principal.app_id, "displayName": name });
    entra.change(|directory| {
        directory.applications.put(application);
        directory.service_principals.put(principal);
    });
    let body = json!({
        "@odata.context": format!("{}/v1.0/$metadata#microsoft.graph.applicationServicePrincipal", request.origin),
        "application": application_json,
        "servicePrincipal": principal_json,
    });
    Ok(Answer::created(body).noting("application created", Value::Null, after))
}

/// The service principal an id or `appId=…` names.
pub(super) fn resolve<'a>(directory: &'a Directory, id: &str) -> Option<&'a ServicePrincipal> {
    if let Some(app_id) = id.strip_prefix("appId=") {
        let app_id: Uuid = app_id.parse().ok()?;
        return directory
            .service_principals
            .iter()
            .find(|principal| principal.app_id == app_id);
    }
    directory.service_principals.get(&id.parse().ok()?)
}

/// The service principal of a request, to be changed.
pub(super) fn resolve_mut<'a>(
    directory: &'a mut Directory,
    id: &str,
) -> Result<&'a mut ServicePrincipal, GraphError> {
    let found = resolve(directory, id).map(|principal| principal.id);
    found
        .and_then(|id| directory.service_principals.get_mut(&id))
        .ok_or_else(|| GraphError::not_found(id))
}

/// What a replica that lags answers.
pub(super) fn lagging(status: u16, id: &str) -> Option<GraphError> {
    match status {
        404 => Some(GraphError::not_found(id)),
        401 => Some(GraphError::unknown()),
        403 => Some(GraphError::denied()),
        409 => Some(GraphError::new(
            StatusCode::CONFLICT,
            "Request_MultipleObjectsWithSameKeyValue",
            "Another object is being written at the same time.",
        )),
        status => {
            let status = StatusCode::from_u16(status)
                .ok()
                .filter(|status| status.is_client_error() || status.is_server_error())?;
            Some(GraphError::new(
                status,
                "ServiceUnavailable",
                "The service is not ready.",
            ))
        }
    }
}

/// `GET /servicePrincipals`.
pub(super) fn list_service_principals(
    entra: &Entra,
    request: &GraphRequest,
) -> Result<Answer, GraphError> {
    let query = Query::directory(request, false)?;
    let paging = Paging {
        default: entra.knobs().page_size.unwrap_or(DIRECTORY.default),
        ..DIRECTORY
    };
    entra.change(|directory| {
        let mut hidden = HashSet::new();
        for principal in directory.service_principals.iter_mut() {
            if principal
                .warming
                .service_principal
                .pop_front()
                .is_some_and(|status| status != 200)
            {
                hidden.insert(principal.id);
            }
        }
        let visible = directory
            .service_principals
            .iter()
            .filter(|principal| !hidden.contains(&principal.id));
        query.page(request, paging, visible, render::service_principal)
    })
}

/// `GET /servicePrincipals/{id}`.
pub(super) fn get_service_principal(
    entra: &Entra,
    request: &GraphRequest,
) -> Result<Answer, GraphError> {
    let query = Query::plain(request, Case::Ignored)?;
    entra.change(|directory| {
        let principal = resolve_mut(directory, request.id(0))?;
        if let Some(error) = principal
            .warming
            .service_principal
            .pop_front()
            .and_then(|status| lagging(status, request.id(0)))
        {
            return Err(error);
        }
        Ok(Answer::json(
            query.selected(render::service_principal(principal)),
        ))
    })
}

/// `PATCH /servicePrincipals/{id}`.
pub(super) fn update_service_principal(
    entra: &Entra,
    request: &GraphRequest,
) -> Result<Answer, GraphError> {
    let changes = request
        .body
        .as_object()
        .filter(|changes| !changes.is_empty());
    let changes = changes.ok_or_else(|| {
        GraphError::bad_request("Write requests must contain at least one property.")
    })?;
    entra.change(|directory| {
        let principal = resolve_mut(directory, request.id(0))?;
        if let Some(error) = principal
            .warming
            .service_principal
            .front()
            .and_then(|status| lagging(*status, request.id(0)))
        {
            return Err(error);
        }
        let before = render::service_principal(principal);
        let mut changed = principal.clone();
        // Clients may say the type of what they send.
        for (name, value) in changes.iter().filter(|(name, _)| !name.starts_with('@')) {
            set(&mut changed, name, value)?;
        }
        *principal = changed;
        let after = render::service_principal(principal);
        let names: Vec<&String> = changes
            .keys()
            .filter(|name| !name.starts_with('@'))
            .collect();
        let part = |all: &Value| -> Value {
            let id = ("id".to_owned(), all["id"].clone());
            Value::Object(
                std::iter::once(id)
                    .chain(
                        names
                            .iter()
                            .map(|name| ((*name).clone(), all[name.as_str()].clone())),
                    )
                    .collect::<Map<_, _>>(),
            )
        };
        Ok(Answer::nothing().noting("application properties", part(&before), part(&after)))
    })
}

fn set(principal: &mut ServicePrincipal, name: &str, value: &Value) -> Result<(), GraphError> {
    let invalid = || {
        GraphError::bad_request(format!(
            "Invalid value specified for property '{name}' of resource 'ServicePrincipal'."
        ))
    };
    let text = || match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.clone())),
        _ => Err(invalid()),
    };
    let texts = || -> Result<Vec<String>, GraphError> {
        value
            .as_array()
            .ok_or_else(invalid)?
            .iter()
            .map(|item| item.as_str().map(ToOwned::to_owned).ok_or_else(invalid))
            .collect()
    };
    match name {
        "appRoleAssignmentRequired" => {
            principal.assignment_required = value.as_bool().ok_or_else(invalid)?
        }
        "accountEnabled" => principal.account_enabled = value.as_bool().ok_or_else(invalid)?,
        "displayName" => principal.display_name = text()?.ok_or_else(invalid)?,
        "description" => principal.description = text()?,
        "notes" => principal.notes = text()?,
        "tags" => principal.tags = texts()?,
        "notificationEmailAddresses" => principal.notification_emails = texts()?,
        _ => return Err(invalid()),
    }
    Ok(())
}

/// `DELETE /servicePrincipals/{id}`.
pub(super) fn delete_service_principal(
    entra: &Entra,
    request: &GraphRequest,
) -> Result<Answer, GraphError> {
    entra.change(|directory| {
        let principal = resolve_mut(directory, request.id(0))?;
        let (id, before) = (
            principal.id,
            json!({ "id": principal.id, "displayName": principal.display_name }),
        );
        directory.service_principals.remove(&id);
        Ok(Answer::nothing().noting("service principal deleted", before, Value::Null))
    })
}

/// `GET /servicePrincipals/{id}/owners`.
pub(super) fn list_owners(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let query = Query::directory(request, false)?;
    entra.read(|directory| {
        let principal = resolve(directory, request.id(0))
            .ok_or_else(|| GraphError::not_found(request.id(0)))?;
        let mut owners: Vec<&Uuid> = principal.owners.iter().collect();
        owners.sort();
        let rows: Vec<Value> = owners
            .into_iter()
            .filter_map(|id| super::directory::object(directory, id))
            .map(|object| query.selected(object))
            .collect();
        Ok(Answer::json(
            json!({ "@odata.context": request.context(), "value": rows }),
        ))
    })
}

/// `GET /applications`.
pub(super) fn list_applications(
    entra: &Entra,
    request: &GraphRequest,
) -> Result<Answer, GraphError> {
    let query = Query::directory(request, false)?;
    let paging = Paging {
        default: entra.knobs().page_size.unwrap_or(DIRECTORY.default),
        ..DIRECTORY
    };
    entra.read(|directory| {
        query.page(
            request,
            paging,
            directory.applications.iter(),
            render::application,
        )
    })
}

/// `GET /applications/{id}`.
pub(super) fn get_application(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let query = Query::plain(request, Case::Ignored)?;
    entra.read(|directory| {
        let id = application_id(directory, request.id(0));
        let application = id
            .and_then(|id| directory.applications.get(&id))
            .ok_or_else(|| GraphError::not_found(request.id(0)))?;
        Ok(Answer::json(
            query.selected(render::application(application)),
        ))
    })
}

/// `DELETE /applications/{id}`: the service principal goes with it (facts on Entra §1.2, inferred).
pub(super) fn delete_application(
    entra: &Entra,
    request: &GraphRequest,
) -> Result<Answer, GraphError> {
    entra.change(|directory| {
        let id = application_id(directory, request.id(0));
        let application = id
            .and_then(|id| directory.applications.remove(&id))
            .ok_or_else(|| GraphError::not_found(request.id(0)))?;
        let gone: Vec<Uuid> = directory
            .service_principals
            .iter()
            .filter(|principal| principal.app_id == application.app_id)
            .map(|principal| principal.id)
            .collect();
        for id in gone {
            directory.service_principals.remove(&id);
        }
        let before = json!({ "id": application.id, "displayName": application.display_name });
        Ok(Answer::nothing().noting("application deleted", before, Value::Null))
    })
}

fn application_id(directory: &Directory, id: &str) -> Option<Uuid> {
    match id.strip_prefix("appId=") {
        Some(app_id) => {
            let app_id: Uuid = app_id.parse().ok()?;
            directory
                .applications
                .iter()
                .find(|application| application.app_id == app_id)
                .map(|application| application.id)
        }
        None => id.parse().ok(),
    }
}
