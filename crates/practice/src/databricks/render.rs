//! Principals as SCIM resources, with `attributes` and `excludedAttributes` applied while writing.

use std::sync::Arc;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::model::{Kind, Principal};

/// The attributes a client asked for.
#[derive(Debug, Clone, Default)]
pub struct Projection {
    /// In lower case, without sub-attributes; empty for all.
    pub included: Vec<String>,
    /// In lower case.
    pub excluded: Vec<String>,
}

impl Projection {
    /// Reads the two query parameters.
    pub fn new(attributes: Option<&str>, excluded: Option<&str>) -> Self {
        let list = |text: Option<&str>| {
            let names = text.unwrap_or_default().split(',').map(|name| {
                name.trim()
                    .split('.')
                    .next()
                    .unwrap_or_default()
                    .to_lowercase()
            });
            names.filter(|name| !name.is_empty()).collect()
        };
        Self {
            included: list(attributes),
            excluded: list(excluded),
        }
    }

    /// Whether the attribute is to be written; `name` is in lower case.
    pub fn wants(&self, name: &str) -> bool {
        (self.included.is_empty() || self.included.iter().any(|included| included == name))
            && !self.excluded.iter().any(|excluded| excluded == name)
    }
}

/// A reference to another principal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Its id.
    pub id: u64,
    /// Its kind.
    pub kind: Kind,
    /// Its display name.
    pub display: String,
}

impl Serialize for Reference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("display", &self.display)?;
        map.serialize_entry("value", &self.id.to_string())?;
        map.serialize_entry("$ref", &format!("{}/{}", self.kind.endpoint(), self.id))?;
        map.end()
    }
}

/// A principal as one surface shows it.
#[derive(Debug, Clone)]
pub struct Row {
    /// The principal.
    pub principal: Arc<Principal>,
    /// Whether it is active where it is shown.
    pub active: bool,
    /// `Group` or `WorkspaceGroup`, for groups.
    pub resource_type: &'static str,
    /// Members of a group, where they are shown.
    pub members: Option<Vec<Reference>>,
    /// Groups a principal is in, where they are shown.
    pub groups: Option<Vec<Reference>>,
    /// Entitlements, where they are shown.
    pub entitlements: Option<Vec<String>>,
}

impl Row {
    /// The principal as the account shows it, without members.
    pub fn of(principal: &Arc<Principal>) -> Self {
        Self {
            principal: Arc::clone(principal),
            active: principal.active,
            resource_type: "Group",
            members: None,
            groups: None,
            entitlements: None,
        }
    }

    /// The whole resource as a JSON value, for the log.
    pub fn value(&self) -> Value {
        json!(Projected {
            row: self,
            projection: &Projection::default()
        })
    }
}

/// A row with only the attributes asked for.
#[derive(Debug)]
pub struct Projected<'a> {
    /// The row.
    pub row: &'a Row,
    /// What was asked for.
    pub projection: &'a Projection,
}

#[derive(Serialize)]
struct ValueOnly<'a> {
    value: &'a str,
}

#[derive(Serialize)]
struct Email<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    value: &'a str,
    primary: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Name<'a> {
    given_name: &'a str,
    family_name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    resource_type: &'static str,
}

impl Serialize for Projected<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { row, projection } = self;
        let principal = &*row.principal;
        let mut map = serializer.serialize_map(None)?;
        // Whatever was asked for, a resource has its schemas and its id (RFC 7643 §3.1, RFC 7644 §3.9).
        map.serialize_entry("schemas", &[principal.kind.schema()])?;
        map.serialize_entry("id", &principal.id.to_string())?;
        match principal.kind {
            Kind::User => {
                if projection.wants("username") {
                    map.serialize_entry("userName", &principal.name)?;
                }
                if projection.wants("name")
                    && !(principal.given_name.is_empty() && principal.family_name.is_empty())
                {
                    map.serialize_entry(
                        "name",
                        &Name {
                            given_name: &principal.given_name,
                            family_name: &principal.family_name,
                        },
                    )?;
                }
                if projection.wants("emails") && !principal.email.is_empty() {
                    map.serialize_entry(
                        "emails",
                        &[Email {
                            kind: "work",
                            value: &principal.email,
                            primary: true,
                        }],
                    )?;
                }
            }
            Kind::ServicePrincipal => {
                if projection.wants("applicationid") {
                    map.serialize_entry("applicationId", &principal.name)?;
                }
            }
            Kind::Group => {
                if projection.wants("meta") {
                    map.serialize_entry(
                        "meta",
                        &Meta {
                            resource_type: row.resource_type,
                        },
                    )?;
                }
            }
        }
        if projection.wants("displayname") && !principal.display_name.is_empty() {
            map.serialize_entry("displayName", &principal.display_name)?;
        }
        if principal.kind != Kind::Group && projection.wants("active") {
            map.serialize_entry("active", &row.active)?;
        }
        if let Some(external_id) = principal
            .external_id
            .as_ref()
            .filter(|_| projection.wants("externalid"))
        {
            map.serialize_entry("externalId", external_id)?;
        }
        if projection.wants("roles") && !principal.roles.is_empty() {
            map.serialize_entry("roles", &values(&principal.roles))?;
        }
        if let Some(members) = row
            .members
            .as_ref()
            .filter(|members| projection.wants("members") && !members.is_empty())
        {
            map.serialize_entry("members", members)?;
        }
        if let Some(groups) = row
            .groups
            .as_ref()
            .filter(|groups| projection.wants("groups") && !groups.is_empty())
        {
            map.serialize_entry("groups", groups)?;
        }
        if let Some(entitlements) = row
            .entitlements
            .as_ref()
            .filter(|all| projection.wants("entitlements") && !all.is_empty())
        {
            map.serialize_entry("entitlements", &values(entitlements))?;
        }
        map.end()
    }
}

fn values<'a>(all: impl IntoIterator<Item = &'a String>) -> Vec<ValueOnly<'a>> {
    all.into_iter().map(|value| ValueOnly { value }).collect()
}
