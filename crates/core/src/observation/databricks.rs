//! Facts of the Databricks side.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Seen;
use crate::connection::ConnectionReport;

/// The Databricks side.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DatabricksFacts {
    /// What the connection doctor said, from this machine.
    pub connection: Seen<ConnectionReport>,
    /// Who and what is where the SCIM URL leads: the account (account, migrate) or the workspace (workspace).
    pub directory: Directory,
    /// The owner of the personal access token (`Me`); workspace only.
    pub token_owner: Seen<TokenOwner>,
    /// The admins of where the SCIM URL leads: account admins, or members of the workspace's `admins`. People only.
    pub admins: Seen<Vec<Admin>>,
    /// Whether the second credential (`databricks.servicePrincipalClientId`) is an account admin.
    pub second_credential_is_admin: Seen<bool>,
    /// When the token expires, where Databricks tells; `None`: it never does.
    pub token_expires: Seen<Option<Timestamp>>,
    /// The set-up's workspaces, and those the account names where that can be seen, in order of their ids.
    pub workspaces: Vec<WorkspaceFacts>,
    /// Whether `workspaces` are all workspaces of the account (needs an account admin's sign-in), or only those the set-up names.
    pub workspaces_complete: bool,
}

/// Users, groups and service principals of an account or a workspace.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Directory {
    /// How many users there are (`totalResults`), inactive ones included.
    pub user_total: Seen<u64>,
    /// How many groups there are.
    pub group_total: Seen<u64>,
    /// How many service principals there are.
    pub service_principal_total: Seen<u64>,
    /// Every user.
    pub users: Seen<Vec<DatabricksUser>>,
    /// Every group.
    pub groups: Seen<Vec<DatabricksGroup>>,
}

/// A Databricks user. Compact: a directory may hold 100,000.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DatabricksUser {
    /// Databricks' id.
    pub id: Box<str>,
    /// `userName`.
    pub user_name: Box<str>,
    /// `displayName`.
    pub display_name: Option<Box<str>>,
    /// `externalId`: Entra's object id where the connector wrote it.
    pub external_id: Option<Box<str>>,
    /// The address of `emails` with type `work`, or the primary one.
    pub email: Option<Box<str>>,
    /// `active`.
    pub active: bool,
}

/// What kind of group it is (`meta.resourceType`, facts/databricks §3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GroupKind {
    /// A group of the account, in a workspace: one that is assigned to it.
    #[default]
    Account,
    /// A workspace-local group.
    WorkspaceLocal,
    /// `admins`, `users`, `account users`.
    System,
}

/// A Databricks group.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DatabricksGroup {
    /// Databricks' id.
    pub id: Box<str>,
    /// `displayName`.
    pub display_name: Box<str>,
    /// `externalId`.
    pub external_id: Option<Box<str>>,
    /// Account, local or system.
    pub kind: GroupKind,
    /// Ids of its direct members, whatever they are; `None` where the API did not show them.
    pub members: Option<Vec<Box<str>>>,
    /// Entitlements (workspace level).
    pub entitlements: Vec<Box<str>>,
}

/// The owner of a personal access token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenOwner {
    /// Databricks' id.
    pub id: String,
    /// `userName`; a service principal's application id.
    pub user_name: String,
    /// `externalId`, where there is one.
    pub external_id: Option<String>,
    /// `active`.
    pub active: bool,
    /// Whether it is a member of the workspace's `admins`; `None` where Databricks does not name its groups.
    pub is_admin: Option<bool>,
    /// Whether it is a service principal rather than a person.
    pub is_service_principal: bool,
}

/// An admin, a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Admin {
    /// Databricks' id.
    pub id: String,
    /// `userName`.
    pub user_name: String,
    /// `externalId`, where there is one.
    pub external_id: Option<String>,
    /// `active`.
    pub active: bool,
}

/// One workspace.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WorkspaceFacts {
    /// The workspace id.
    pub id: String,
    /// Its URL.
    pub url: String,
    /// Its name; empty where it is not known.
    pub name: String,
    /// The account id of `/.well-known/databricks-config`.
    pub account_id: Seen<String>,
    /// The first path segment of the redirect of `/aad/auth`: the Entra tenant.
    pub tenant: Seen<String>,
    /// Whether it is identity-federated.
    pub federated: Seen<bool>,
    /// `pricing_tier`, as the account API writes it: `PREMIUM`, `ENTERPRISE`, `STANDARD` …
    pub pricing_tier: Seen<String>,
    /// Its users and groups (needs a personal access token of it).
    pub directory: Directory,
    /// The owner of its personal access token.
    pub token_owner: Seen<TokenOwner>,
    /// When the personal access token ends that was entered for it, where Databricks tells; `None`: it never does.
    pub token_expires: Seen<Option<Timestamp>>,
    /// Who is assigned to it from the account (needs an account admin's sign-in).
    pub assignments: Seen<Vec<WorkspaceAssignment>>,
}

impl WorkspaceFacts {
    /// The workspace for people: its name and id, or its id.
    pub fn label(&self) -> String {
        if self.name.is_empty() {
            format!("workspace {}", self.id)
        } else {
            format!("{} ({})", self.name, self.id)
        }
    }
}

/// A principal of the account that is assigned to a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkspaceAssignment {
    /// The principal's Databricks id in the account.
    pub principal_id: String,
    /// Its name: user name, group name or application id.
    pub name: String,
    /// Whether it is a group.
    pub is_group: bool,
    /// Whether it has `ADMIN` rather than `USER`.
    pub is_admin: bool,
}
