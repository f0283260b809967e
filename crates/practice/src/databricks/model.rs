//! Principals and workspaces.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The kind of a principal, which is also a SCIM resource type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A person.
    User,
    /// A group.
    Group,
    /// A service principal.
    ServicePrincipal,
}

impl Kind {
    /// The kind whose SCIM endpoint has that name.
    pub fn of_endpoint(endpoint: &str) -> Option<Self> {
        [Self::User, Self::Group, Self::ServicePrincipal]
            .into_iter()
            .find(|kind| kind.endpoint() == endpoint)
    }

    /// `Users`, `Groups`, `ServicePrincipals`.
    pub fn endpoint(self) -> &'static str {
        match self {
            Self::User => "Users",
            Self::Group => "Groups",
            Self::ServicePrincipal => "ServicePrincipals",
        }
    }

    /// The kind in words, for the log and messages.
    pub fn words(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::ServicePrincipal => "service principal",
        }
    }

    /// The URN of its schema.
    pub fn schema(self) -> &'static str {
        match self {
            Self::User => "urn:ietf:params:scim:schemas:core:2.0:User",
            Self::Group => "urn:ietf:params:scim:schemas:core:2.0:Group",
            Self::ServicePrincipal => "urn:ietf:params:scim:schemas:core:2.0:ServicePrincipal",
        }
    }
}

/// A user, group or service principal of the account, or a group local to a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The Databricks id: a number, on the wire as a string.
    pub id: u64,
    /// What it is.
    pub kind: Kind,
    /// `userName` of a user, `displayName` of a group, `applicationId` of a service principal: unique without regard to case.
    pub name: String,
    /// `displayName`; of a group the same as [`Principal::name`].
    pub display_name: String,
    /// `name.givenName` of a user.
    pub given_name: String,
    /// `name.familyName` of a user.
    pub family_name: String,
    /// The work address of a user.
    pub email: String,
    /// Whether it may sign in. Groups are always active.
    pub active: bool,
    /// The id the identity provider gave it.
    pub external_id: Option<String>,
    /// Account roles such as `account_admin`; of a workspace-local group AWS instance profiles.
    pub roles: BTreeSet<String>,
    /// Ids of a group's members, in the order they were added.
    pub members: Vec<u64>,
}

impl Principal {
    /// An active principal with its unique name and nothing else.
    pub fn new(id: u64, kind: Kind, name: &str) -> Self {
        Self {
            id,
            kind,
            name: name.to_owned(),
            display_name: name.to_owned(),
            given_name: String::new(),
            family_name: String::new(),
            email: if kind == Kind::User {
                name.to_owned()
            } else {
                String::new()
            },
            active: true,
            external_id: None,
            roles: BTreeSet::new(),
            members: Vec::new(),
        }
    }

    /// Whether it is an active account admin.
    pub fn is_account_admin(&self) -> bool {
        self.active && self.roles.contains("account_admin")
    }
}

/// A permission on a workspace. Spelt in capitals on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Permission {
    /// May use the workspace.
    User,
    /// Administers the workspace.
    Admin,
}

/// What a workspace itself knows of a principal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Whether the principal is active in this workspace. Effective only while it is active in the account.
    pub active: bool,
    /// Entitlements such as `workspace-access`.
    pub entitlements: BTreeSet<String>,
}

impl Default for Seat {
    fn default() -> Self {
        Self {
            active: true,
            entitlements: BTreeSet::new(),
        }
    }
}

/// A workspace.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The workspace id.
    pub id: u64,
    /// Its name in the account console.
    pub name: String,
    /// Whether the workspace uses the account's identities.
    pub federated: bool,
    /// The Databricks account it is in.
    pub account_id: String,
    /// The Entra tenant it signs in with.
    pub tenant_id: String,
    /// `PREMIUM` or `STANDARD`.
    pub pricing_tier: String,
    /// Users and service principals that are in the workspace themselves, not by a group.
    pub seats: BTreeMap<u64, Seat>,
    /// Account principals assigned to the workspace.
    pub assignments: BTreeMap<u64, BTreeSet<Permission>>,
    /// Groups local to the workspace; `admins` and `users` are always there.
    pub local_groups: BTreeMap<u64, Arc<Principal>>,
    /// Entitlements of groups, local or assigned.
    pub group_entitlements: BTreeMap<u64, BTreeSet<String>>,
}

impl Workspace {
    /// The local group of that name, compared without regard to case.
    pub fn local_group(&self, name: &str) -> Option<&Arc<Principal>> {
        self.local_groups
            .values()
            .find(|group| same_name(&group.name, name))
    }
}

/// Whether two names are the same to Databricks, which compares without regard to case.
pub fn same_name(one: &str, other: &str) -> bool {
    one == other || one.to_lowercase() == other.to_lowercase()
}
