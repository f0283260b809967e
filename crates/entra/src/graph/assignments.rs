//! Who is assigned to an enterprise application (facts/entra §1.13).

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use usher_core::model::setup::PrincipalKind;

use super::call::{Answer, Call, Endpoint, Method, Page};
use super::error::DecodeError;
use super::lenient;

const READ: &[&str] = &[
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Directory.Read.All",
];
const WRITE: &[&str] = &[
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
];

lenient::open_enum! {
    /// The kind of a principal.
    PrincipalType {
        /// A person.
        User = "User",
        /// A group.
        Group = "Group",
        /// A service principal.
        ServicePrincipal = "ServicePrincipal",
    }
}

impl PrincipalType {
    /// The same in the product's own vocabulary.
    pub fn kind(&self) -> Option<PrincipalKind> {
        Some(match self {
            Self::User => PrincipalKind::User,
            Self::Group => PrincipalKind::Group,
            Self::ServicePrincipal => PrincipalKind::ServicePrincipal,
            Self::Other(_) => return None,
        })
    }
}

/// An assignment.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppRoleAssignment {
    /// Its id: opaque.
    pub id: String,
    /// The role.
    #[serde(default)]
    pub app_role_id: String,
    /// Who.
    #[serde(default, deserialize_with = "lenient::default")]
    pub principal_id: String,
    /// The kind of who.
    #[serde(default)]
    pub principal_type: PrincipalType,
    /// The name of who.
    #[serde(default)]
    pub principal_display_name: Option<String>,
    /// Since when.
    #[serde(default, deserialize_with = "lenient::moment")]
    pub created_date_time: Option<Timestamp>,
}

/// `GET /servicePrincipals/{id}/appRoleAssignedTo`.
#[derive(Debug, Clone)]
pub struct ListAssignments {
    /// The enterprise application.
    pub service_principal: String,
}

impl Endpoint for ListAssignments {
    type Output = Page<AppRoleAssignment>;

    fn call(&self) -> Call {
        let path = [
            "servicePrincipals",
            self.service_principal.as_str(),
            "appRoleAssignedTo",
        ];
        Call::new("appRoleAssignedTo.list", READ, Method::Get, &path).query("$top", "999")
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        answer.json()
    }
}

/// `POST /servicePrincipals/{id}/appRoleAssignedTo`.
#[derive(Debug, Clone)]
pub struct Assign {
    /// The enterprise application.
    pub service_principal: String,
    /// Who.
    pub principal_id: String,
    /// The role, read from the application.
    pub app_role_id: String,
}

impl Endpoint for Assign {
    type Output = AppRoleAssignment;

    fn call(&self) -> Call {
        let path = [
            "servicePrincipals",
            self.service_principal.as_str(),
            "appRoleAssignedTo",
        ];
        Call::new("appRoleAssignedTo.create", WRITE, Method::Post, &path).body(json!({
            "principalId": self.principal_id,
            "resourceId": self.service_principal,
            "appRoleId": self.app_role_id,
        }))
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        answer.json()
    }
}

/// `DELETE /servicePrincipals/{id}/appRoleAssignedTo/{assignment}`.
#[derive(Debug, Clone)]
pub struct Unassign {
    /// The enterprise application.
    pub service_principal: String,
    /// The assignment's id.
    pub assignment: String,
}

impl Endpoint for Unassign {
    type Output = ();

    fn call(&self) -> Call {
        let path = [
            "servicePrincipals",
            self.service_principal.as_str(),
            "appRoleAssignedTo",
            self.assignment.as_str(),
        ];
        Call::new("appRoleAssignedTo.delete", WRITE, Method::Delete, &path)
    }

    fn parse(&self, _: &Answer) -> Result<Self::Output, DecodeError> {
        Ok(())
    }
}
