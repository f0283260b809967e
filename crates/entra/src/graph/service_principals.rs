//! Enterprise applications (facts/entra §1.3, §1.4).

use serde::Deserialize;
use serde_json::json;

use super::call::{Answer, Call, Endpoint, Method, Page, odata_text};
use super::error::DecodeError;
use super::lenient;

const READ: &[&str] = &[
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Directory.Read.All",
];
const WRITE: &[&str] = &["Application.ReadWrite.All"];
const FIELDS: &str = "id,appId,displayName,applicationTemplateId,appRoleAssignmentRequired,accountEnabled,appRoles,tags,notes";

/// The role id of "Default Access", for applications that declare no role.
pub const DEFAULT_ACCESS: &str = "00000000-0000-0000-0000-000000000000";

/// The registration half of an application.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Application {
    /// Object id.
    pub id: String,
    /// Client id.
    #[serde(default)]
    pub app_id: Option<String>,
}

/// A role that can be assigned.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppRole {
    /// Its id.
    pub id: String,
    /// Its name.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Its value in tokens.
    #[serde(default)]
    pub value: Option<String>,
    /// Whether it can be given.
    #[serde(default)]
    pub is_enabled: bool,
    /// `User` or `Application`.
    #[serde(default, deserialize_with = "lenient::list")]
    pub allowed_member_types: Vec<String>,
}

/// An enterprise application.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServicePrincipal {
    /// Object id.
    pub id: String,
    /// Client id.
    #[serde(default)]
    pub app_id: Option<String>,
    /// Its name.
    #[serde(default)]
    pub display_name: Option<String>,
    /// The gallery template it was made from.
    #[serde(default)]
    pub application_template_id: Option<String>,
    /// Portal: "Assignment required?".
    #[serde(default, deserialize_with = "lenient::default")]
    pub app_role_assignment_required: bool,
    /// Portal: "Enabled for users to sign-in?".
    #[serde(default)]
    pub account_enabled: Option<bool>,
    /// Roles that can be assigned.
    #[serde(default, deserialize_with = "lenient::list")]
    pub app_roles: Vec<AppRole>,
    /// Free text of the administrators.
    #[serde(default)]
    pub notes: Option<String>,
}

impl ServicePrincipal {
    /// The role with which users and groups are assigned: the enabled role for users, `User` before any other; "Default
    /// Access" where the application declares none (facts/entra §1.13).
    pub fn assignable_role(&self) -> Option<&str> {
        if self.app_roles.is_empty() {
            return Some(DEFAULT_ACCESS);
        }
        let for_users = |role: &&AppRole| {
            role.is_enabled
                && role
                    .allowed_member_types
                    .iter()
                    .any(|kind| kind.eq_ignore_ascii_case("User"))
        };
        let roles: Vec<&AppRole> = self.app_roles.iter().filter(for_users).collect();
        let named = |name: &str| {
            roles
                .iter()
                .find(|role| role.display_name.as_deref() == Some(name))
        };
        // `msiam_access` is a default access role in disguise.
        let other = roles
            .iter()
            .find(|role| role.display_name.as_deref() != Some("msiam_access"));
        named("User")
            .or(other)
            .or(roles.first())
            .map(|role| role.id.as_str())
    }
}

/// `GET /servicePrincipals` by gallery template, by display name, or all.
#[derive(Debug, Clone)]
pub enum FindServicePrincipals {
    /// Made from this template.
    OfTemplate(String),
    /// With exactly this name.
    Named(String),
    /// Every one of the tenant, with id and name alone; the first page tells how many there are.
    All,
}

impl Endpoint for FindServicePrincipals {
    type Output = Page<ServicePrincipal>;

    fn call(&self) -> Call {
        let filter = match self {
            Self::OfTemplate(id) => Some(format!("applicationTemplateId eq {}", odata_text(id))),
            Self::Named(name) => Some(format!("displayName eq {}", odata_text(name))),
            Self::All => None,
        };
        let call = Call::new(
            "servicePrincipals.list",
            READ,
            Method::Get,
            &["servicePrincipals"],
        );
        match filter {
            Some(filter) => call.query("$filter", filter).query("$select", FIELDS),
            None => call
                .query("$select", "id,displayName")
                .query("$top", "999")
                .advanced(),
        }
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        answer.json()
    }
}

/// `GET /servicePrincipals/{id}`.
#[derive(Debug, Clone)]
pub struct GetServicePrincipal {
    /// Object id.
    pub id: String,
}

impl Endpoint for GetServicePrincipal {
    type Output = ServicePrincipal;

    fn call(&self) -> Call {
        Call::new(
            "servicePrincipals.get",
            READ,
            Method::Get,
            &["servicePrincipals", &self.id],
        )
        .query("$select", FIELDS)
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        answer.json()
    }
}

/// `PATCH /servicePrincipals/{id}` with "Assignment required?".
#[derive(Debug, Clone)]
pub struct SetAssignmentRequired {
    /// Object id.
    pub id: String,
    /// Yes or no.
    pub required: bool,
}

impl Endpoint for SetAssignmentRequired {
    type Output = ();

    fn call(&self) -> Call {
        Call::new(
            "servicePrincipals.update",
            WRITE,
            Method::Patch,
            &["servicePrincipals", &self.id],
        )
        .body(json!({ "appRoleAssignmentRequired": self.required }))
    }

    fn parse(&self, _: &Answer) -> Result<Self::Output, DecodeError> {
        Ok(())
    }
}
