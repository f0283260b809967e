//! Facts of the people and groups of Entra that are assigned to a connector, or wanted.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Seen;

/// People and groups by Entra object id.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Principals {
    /// Every assigned or wanted user, and every direct member of an assigned or wanted group.
    pub users: BTreeMap<Box<str>, EntraUser>,
    /// Every assigned or wanted group.
    pub groups: BTreeMap<Box<str>, EntraGroup>,
    /// Names of service principals that are members of a group here, by id.
    pub service_principals: BTreeMap<Box<str>, Box<str>>,
    /// Whether users, groups and members were all read; else what is missing.
    pub complete: Seen<()>,
    /// External ids of Databricks users that name no user of this tenant. Those of people read here are not looked up.
    pub absent: Seen<BTreeSet<Box<str>>>,
}

/// A user of Entra. Compact: there may be 100,000.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EntraUser {
    /// `displayName`.
    pub display_name: Box<str>,
    /// `userPrincipalName`.
    pub user_principal_name: Box<str>,
    /// `mail`.
    pub mail: Option<Box<str>>,
    /// `accountEnabled`.
    pub enabled: bool,
    /// Whether `userType` is Guest, or the user principal name has `#EXT#`.
    pub guest: bool,
    /// Other attributes that a mapping or a scoping filter of a connector names, by name.
    pub other: BTreeMap<Box<str>, Box<str>>,
}

/// Attributes of a user besides the usual ones that are read when a mapping or a scoping filter names them: those that Graph
/// and the schema call by the same name. Any other would make Graph refuse the whole request.
pub const READ_ON_REQUEST: [&str; 17] = [
    "givenName",
    "surname",
    "mailNickname",
    "department",
    "jobTitle",
    "companyName",
    "country",
    "city",
    "state",
    "postalCode",
    "streetAddress",
    "employeeId",
    "employeeType",
    "preferredLanguage",
    "usageLocation",
    "onPremisesSamAccountName",
    "onPremisesUserPrincipalName",
];

impl EntraUser {
    /// Whether an attribute is read at all: of any other it cannot be told whether it is empty.
    pub fn is_read(name: &str) -> bool {
        let usual = [
            "userPrincipalName",
            "originalUserPrincipalName",
            "mail",
            "displayName",
            "objectId",
        ];
        usual.contains(&name) || READ_ON_REQUEST.contains(&name)
    }

    /// Whether a Databricks user of this name is this person: by the user principal name or by the address.
    pub fn goes_by(&self, user_name: &str) -> bool {
        let same = |own: &str| own.eq_ignore_ascii_case(user_name);
        same(&self.user_principal_name) || self.mail.as_deref().is_some_and(same)
    }

    /// The value of an attribute by Entra's name; `None` when it is empty or not known.
    pub fn attribute<'a>(&'a self, id: &'a str, name: &str) -> Option<&'a str> {
        let value = match name {
            "userPrincipalName" | "originalUserPrincipalName" => Some(&*self.user_principal_name),
            "mail" => self.mail.as_deref(),
            "displayName" => Some(&*self.display_name),
            "objectId" => Some(id),
            _ => self.other.get(name).map(|value| &**value),
        };
        value.filter(|value| !value.is_empty())
    }
}

/// A group of Entra.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EntraGroup {
    /// `displayName`.
    pub display_name: Box<str>,
    /// `securityEnabled`.
    pub security_enabled: bool,
    /// Whether its membership is dynamic.
    pub dynamic: bool,
    /// Ids of its direct members that are users.
    pub users: Seen<Vec<Box<str>>>,
    /// Its direct members that are groups.
    pub nested: Seen<Vec<NestedGroup>>,
    /// Ids of its direct members that are service principals.
    pub service_principals: Seen<Vec<Box<str>>>,
    /// How many users it holds directly.
    pub direct_users: Seen<u64>,
    /// How many users it holds directly and through nested groups.
    pub transitive_users: Seen<u64>,
}

impl EntraGroup {
    /// How many people nesting leaves out, where it can be told.
    pub fn left_out(&self) -> Option<u64> {
        Some(
            self.transitive_users
                .value()?
                .saturating_sub(*self.direct_users.value()?),
        )
    }
}

/// A group inside a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NestedGroup {
    /// Its id.
    pub id: Box<str>,
    /// Its name.
    pub display_name: Box<str>,
}
