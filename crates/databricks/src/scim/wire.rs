//! SCIM as Databricks writes it (facts/databricks §3.1, §3.4). Ids are texts of digits; much may be absent.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, de};
use serde_json::Value;
use usher_transport::{ErrorKind, Response};

use crate::error::Error;

/// A kind of SCIM resource.
pub trait Resource: DeserializeOwned + Send + 'static {
    /// The path segment, for instance `Users`.
    const PATH: &'static str;
    /// The name of its list call.
    const LIST: &'static str;
    /// The name of its single call.
    const GET: &'static str;

    /// The Databricks id.
    fn id(&self) -> &str;
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListPage<R> {
    /// How many there are in all; `None` where the answer does not say.
    pub total_results: Option<u64>,
    /// Those of this page; empty where the answer leaves the member out.
    pub resources: Vec<R>,
}

/// The members by which a SCIM list is known. All of them are optional on the wire: an empty list may come without
/// `Resources` (facts/databricks §3.2).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound = "R: DeserializeOwned")]
struct Wire<R> {
    #[serde(default)]
    schemas: Option<Vec<String>>,
    #[serde(default, deserialize_with = "count")]
    total_results: Option<u64>,
    #[serde(default, rename = "Resources", deserialize_with = "null_is_default")]
    resources: Option<Vec<R>>,
}

impl<R: Resource> ListPage<R> {
    /// Reads a list answer.
    ///
    /// # Errors
    /// [`Error::Transport`] for a text that is not JSON, or ends too early; [`Error::Unexpected`] for JSON that is no
    /// SCIM list.
    pub fn read(response: &Response) -> Result<Self, Error> {
        if response.body.trim_ascii().is_empty() {
            return Err(Error::Unexpected {
                operation: response.operation,
                detail: "the answer is empty".to_owned(),
            });
        }
        let wire: Wire<R> = response.json().map_err(|error| match error.kind {
            ErrorKind::Unreadable {
                ref path,
                ref detail,
                truncated: false,
                ..
            } if path != "." => Error::Unexpected {
                operation: response.operation,
                detail: format!("at `{path}`: {detail}"),
            },
            _ => Error::Transport(error),
        })?;
        let named = wire
            .schemas
            .iter()
            .flatten()
            .any(|schema| schema.ends_with(":ListResponse"));
        if !named && wire.resources.is_none() && wire.total_results.is_none() {
            let detail = "it has none of the members of a SCIM list".to_owned();
            return Err(Error::Unexpected {
                operation: response.operation,
                detail,
            });
        }
        Ok(Self {
            total_results: wire.total_results,
            resources: wire.resources.unwrap_or_default(),
        })
    }
}

/// A number, or a text that holds one; anything else says as little as nothing.
fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(match Option::deserialize(deserializer)? {
        Some(Value::Number(number)) => number.as_u64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    })
}

/// An id: SCIM wants a text, and services are seen to write a bare number.
fn id<'de, D: Deserializer<'de>, T: From<String>>(deserializer: D) -> Result<T, D::Error> {
    struct Id;
    impl de::Visitor<'_> for Id {
        type Value = String;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an id, which is a text or a number")
        }

        fn visit_str<E>(self, text: &str) -> Result<String, E> {
            Ok(text.to_owned())
        }

        fn visit_u64<E>(self, number: u64) -> Result<String, E> {
            Ok(number.to_string())
        }

        fn visit_i64<E>(self, number: i64) -> Result<String, E> {
            Ok(number.to_string())
        }
    }
    deserializer.deserialize_any(Id).map(T::from)
}

fn null_is_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The Databricks id.
    #[serde(deserialize_with = "id")]
    pub id: String,
    /// The name people sign in with.
    #[serde(default)]
    pub user_name: Option<String>,
    /// The name people read.
    #[serde(default)]
    pub display_name: Option<String>,
    /// The identity provider's id; absent for users who did not come from there.
    #[serde(default)]
    pub external_id: Option<String>,
    /// Whether the user may sign in; absent where it was not asked for.
    #[serde(default)]
    pub active: Option<bool>,
    /// E-mail addresses.
    #[serde(default, deserialize_with = "null_is_default")]
    pub emails: Vec<Email>,
    /// Groups the user is a member of; `Me` and single reads bring them.
    #[serde(default, deserialize_with = "null_is_default")]
    pub groups: Vec<Reference>,
    /// Roles: at account level for instance `account_admin`.
    #[serde(default, deserialize_with = "null_is_default")]
    pub roles: Vec<Reference>,
    /// Workspace entitlements.
    #[serde(default, deserialize_with = "null_is_default")]
    pub entitlements: Vec<Reference>,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// The Databricks id.
    #[serde(deserialize_with = "id")]
    pub id: String,
    /// Its name.
    #[serde(default)]
    pub display_name: Option<String>,
    /// The identity provider's id; absent for groups made in Databricks.
    #[serde(default)]
    pub external_id: Option<String>,
    /// Its direct members. `None` where the answer leaves them out, as lists do since August 2025 (§3.2).
    #[serde(default)]
    pub members: Option<Vec<Member>>,
    /// Workspace entitlements.
    #[serde(default, deserialize_with = "null_is_default")]
    pub entitlements: Vec<Reference>,
    /// Tells a workspace-local group from an account group (§3.4).
    #[serde(default)]
    pub meta: Option<Meta>,
}

impl Group {
    /// Whether a workspace says that the group is its own; `None` where it does not say.
    pub fn is_workspace_local(&self) -> Option<bool> {
        let kind = self.meta.as_ref()?.resource_type.as_deref()?;
        Some(kind == "WorkspaceGroup")
    }
}

/// A service principal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServicePrincipal {
    /// The Databricks id.
    #[serde(deserialize_with = "id")]
    pub id: String,
    /// The application (client) id.
    #[serde(default)]
    pub application_id: Option<String>,
    /// Its name.
    #[serde(default)]
    pub display_name: Option<String>,
    /// The identity provider's id.
    #[serde(default)]
    pub external_id: Option<String>,
    /// Whether it may sign in.
    #[serde(default)]
    pub active: Option<bool>,
    /// Roles: at account level for instance `account_admin`.
    #[serde(default, deserialize_with = "null_is_default")]
    pub roles: Vec<Reference>,
}

/// An e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Email {
    /// The address.
    #[serde(default)]
    pub value: Option<String>,
    /// For instance `work`.
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
    /// Whether it is the main one.
    #[serde(default)]
    pub primary: Option<bool>,
}

/// A member of a group.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Member {
    /// The member's Databricks id.
    #[serde(deserialize_with = "id")]
    pub value: String,
    /// Its name.
    #[serde(default)]
    pub display: Option<String>,
    /// Where it is, for instance `Users/123`: the only thing that tells a user from a group.
    #[serde(default, rename = "$ref")]
    pub reference: Option<String>,
}

/// A group as it is read for its members alone: of hundreds of thousands of them nothing but the id is kept, not even while reading.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Membership {
    #[serde(deserialize_with = "id")]
    id: String,
    /// The ids of its direct members.
    #[serde(default, deserialize_with = "null_is_default")]
    pub members: Vec<MemberId>,
}

/// A member's Databricks id.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct MemberId {
    /// The id.
    #[serde(deserialize_with = "id")]
    pub value: Box<str>,
}

/// A group, role or entitlement that a resource refers to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Reference {
    /// Its id or name.
    #[serde(default)]
    pub value: Option<String>,
    /// Its name.
    #[serde(default)]
    pub display: Option<String>,
}

/// What a resource is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Meta {
    /// `WorkspaceGroup` for a workspace-local group, `Group` for an account group.
    #[serde(default)]
    pub resource_type: Option<String>,
}

impl Resource for User {
    const PATH: &'static str = "Users";
    const LIST: &'static str = "scim.users.list";
    const GET: &'static str = "scim.users.get";

    fn id(&self) -> &str {
        &self.id
    }
}

impl Resource for Group {
    const PATH: &'static str = "Groups";
    const LIST: &'static str = "scim.groups.list";
    const GET: &'static str = "scim.groups.get";

    fn id(&self) -> &str {
        &self.id
    }
}

impl Resource for Membership {
    const PATH: &'static str = Group::PATH;
    const LIST: &'static str = Group::LIST;
    const GET: &'static str = Group::GET;

    fn id(&self) -> &str {
        &self.id
    }
}

impl Resource for ServicePrincipal {
    const PATH: &'static str = "ServicePrincipals";
    const LIST: &'static str = "scim.service-principals.list";
    const GET: &'static str = "scim.service-principals.get";

    fn id(&self) -> &str {
        &self.id
    }
}
