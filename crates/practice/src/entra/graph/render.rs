//! Directory objects as Graph shows them, and as filters see them.

use serde_json::{Value, json};

use super::filter::{Field, Filterable};
use crate::entra::directory::{
    AppRole, Application, Assignment, Group, PrincipalKind, ServicePrincipal, User,
};

/// A person.
pub(super) fn user(user: &User) -> Value {
    json!({
        "id": user.id,
        "displayName": user.display_name,
        "givenName": user.given_name,
        "surname": user.surname,
        "userPrincipalName": user.user_principal_name,
        "mail": user.mail,
        "accountEnabled": user.account_enabled,
        "userType": if user.guest { "Guest" } else { "Member" },
        "externalUserState": user.guest.then_some("Accepted"),
        "onPremisesSyncEnabled": null,
    })
}

impl Filterable for User {
    fn field(&self, path: &str) -> Option<Field<'_>> {
        Some(match path {
            "id" => Field::shown(self.id),
            "displayName" => Field::text(&self.display_name),
            "givenName" => Field::text(&self.given_name),
            "surname" => Field::text(&self.surname),
            "userPrincipalName" => Field::text(&self.user_principal_name),
            "mail" => Field::optional(self.mail.as_deref()),
            "accountEnabled" => Field::Flag(self.account_enabled),
            "userType" => Field::text(if self.guest { "Guest" } else { "Member" }),
            _ => return None,
        })
    }
}

/// A group.
pub(super) fn group(group: &Group) -> Value {
    json!({
        "id": group.id,
        "displayName": group.display_name,
        "description": group.description,
        "groupTypes": group.group_types,
        "mail": null,
        "mailEnabled": group.mail_enabled,
        "mailNickname": group.display_name.replace(' ', ""),
        "securityEnabled": group.security_enabled,
        "isAssignableToRole": null,
        "membershipRule": group.membership_rule,
        "membershipRuleProcessingState": group.membership_rule.as_ref().map(|_| "On"),
        "onPremisesSyncEnabled": null,
        "visibility": null,
    })
}

impl Filterable for Group {
    fn field(&self, path: &str) -> Option<Field<'_>> {
        Some(match path {
            "id" => Field::shown(self.id),
            "displayName" => Field::text(&self.display_name),
            "description" => Field::optional(self.description.as_deref()),
            "securityEnabled" => Field::Flag(self.security_enabled),
            "mailEnabled" => Field::Flag(self.mail_enabled),
            "groupTypes" => Field::list(&self.group_types),
            _ => return None,
        })
    }
}

fn roles(roles: &[AppRole]) -> Value {
    roles
        .iter()
        .map(|role| {
            json!({
                "id": role.id,
                "displayName": role.display_name,
                "description": role.display_name,
                "value": role.value,
                "allowedMemberTypes": ["User"],
                "isEnabled": true,
                "origin": "Application",
            })
        })
        .collect()
}

/// An application registration.
pub(super) fn application(application: &Application) -> Value {
    json!({
        "id": application.id,
        "appId": application.app_id,
        "applicationTemplateId": application.template_id,
        "displayName": application.display_name,
        "appRoles": roles(&application.app_roles),
        "createdDateTime": application.created,
        "deletedDateTime": null,
        "description": null,
        "identifierUris": [],
        "notes": null,
        "publisherDomain": null,
        "signInAudience": "AzureADMyOrg",
        "tags": [],
    })
}

impl Filterable for Application {
    fn field(&self, path: &str) -> Option<Field<'_>> {
        Some(match path {
            "id" => Field::shown(self.id),
            "appId" => Field::shown(self.app_id),
            "displayName" => Field::text(&self.display_name),
            "applicationTemplateId" => Field::optional(self.template_id.as_deref()),
            "createdDateTime" => Field::shown(self.created),
            _ => return None,
        })
    }
}

/// An enterprise application.
pub(super) fn service_principal(principal: &ServicePrincipal) -> Value {
    json!({
        "id": principal.id,
        "appId": principal.app_id,
        "applicationTemplateId": principal.template_id,
        "displayName": principal.display_name,
        "appDisplayName": principal.display_name,
        "accountEnabled": principal.account_enabled,
        "appRoleAssignmentRequired": principal.assignment_required,
        "appRoles": roles(&principal.app_roles),
        "createdDateTime": principal.created,
        "deletedDateTime": null,
        "description": principal.description,
        "appDescription": null,
        "disabledByMicrosoftStatus": null,
        "homepage": "https://databricks.com/",
        "loginUrl": null,
        "notes": principal.notes,
        "notificationEmailAddresses": principal.notification_emails,
        "preferredSingleSignOnMode": null,
        "replyUrls": [],
        "servicePrincipalNames": [principal.app_id],
        "servicePrincipalType": "Application",
        "signInAudience": "AzureADMyOrg",
        "tags": principal.tags,
    })
}

impl Filterable for ServicePrincipal {
    fn field(&self, path: &str) -> Option<Field<'_>> {
        Some(match path {
            "id" => Field::shown(self.id),
            "appId" => Field::shown(self.app_id),
            "displayName" => Field::text(&self.display_name),
            "applicationTemplateId" => Field::optional(self.template_id.as_deref()),
            "accountEnabled" => Field::Flag(self.account_enabled),
            "tags" => Field::list(&self.tags),
            "servicePrincipalType" => Field::text("Application"),
            _ => return None,
        })
    }
}

/// An assignment, with the names of both ends.
pub(super) fn assignment(
    assignment: &Assignment,
    principal_name: &str,
    resource: &ServicePrincipal,
) -> Value {
    json!({
        "id": assignment.id,
        "appRoleId": assignment.app_role_id,
        "createdDateTime": assignment.created,
        "deletedDateTime": null,
        "principalId": assignment.principal_id,
        "principalType": kind(assignment.kind),
        "principalDisplayName": principal_name,
        "resourceId": resource.id,
        "resourceDisplayName": resource.display_name,
    })
}

/// The word Graph uses for the kind of a principal.
pub(super) fn kind(kind: PrincipalKind) -> &'static str {
    match kind {
        PrincipalKind::User => "User",
        PrincipalKind::Group => "Group",
        PrincipalKind::ServicePrincipal => "ServicePrincipal",
    }
}

/// The same object with its type, as lists of mixed objects show it.
pub(super) fn typed(mut object: Value, kind: &str) -> Value {
    if let Some(fields) = object.as_object_mut() {
        fields.shift_insert(
            0,
            "@odata.type".to_owned(),
            json!(format!("#microsoft.graph.{kind}")),
        );
    }
    object
}
