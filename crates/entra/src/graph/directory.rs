//! People and groups (facts/entra §1.14).

use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::call::{Answer, Call, Endpoint, Method, Page, odata_search};
use super::error::DecodeError;
use super::lenient;

const USERS: &[&str] = &["User.ReadBasic.All", "User.Read.All", "Directory.Read.All"];
const GROUPS: &[&str] = &[
    "GroupMember.Read.All",
    "Group.Read.All",
    "Directory.Read.All",
];
const USER_FIELDS: &str = "id,displayName,userPrincipalName,mail,accountEnabled,userType";
const GROUP_FIELDS: &str = "id,displayName,securityEnabled,mailEnabled,groupTypes,membershipRule,isAssignableToRole,onPremisesSyncEnabled";
/// The largest page Graph gives for directory objects.
const PAGE: &str = "999";

/// A person.
#[derive(Debug, Clone, Default)]
pub struct User {
    /// Object id.
    pub id: Box<str>,
    /// Name.
    pub display_name: Box<str>,
    /// Sign-in name.
    pub user_principal_name: Box<str>,
    /// E-mail.
    pub mail: Option<Box<str>>,
    /// Whether the account is on, where the permission shows it.
    pub account_enabled: Option<bool>,
    /// `Member` or `Guest`.
    pub user_type: Option<Box<str>>,
    /// The other attributes that were asked for and are texts that are not empty, by Entra's name.
    pub other: Vec<(Box<str>, Box<str>)>,
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum UserField {
    Id,
    DisplayName,
    UserPrincipalName,
    Mail,
    AccountEnabled,
    UserType,
    Other(Box<str>),
}

/// Read by hand: the derived way of keeping what has no field of its own holds every row in memory twice.
impl<'de> Deserialize<'de> for User {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = User;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a user")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<User, M::Error> {
                let mut user = User::default();
                let mut id = None;
                while let Some(field) = map.next_key()? {
                    match field {
                        UserField::Id => id = Some(map.next_value()?),
                        UserField::DisplayName => user.display_name = text(&mut map)?,
                        UserField::UserPrincipalName => user.user_principal_name = text(&mut map)?,
                        UserField::Mail => user.mail = map.next_value()?,
                        UserField::AccountEnabled => user.account_enabled = map.next_value()?,
                        UserField::UserType => user.user_type = map.next_value()?,
                        UserField::Other(name) if name.starts_with('@') => {
                            map.next_value::<IgnoredAny>()?;
                        }
                        UserField::Other(name) => match map.next_value()? {
                            Value::String(text) if !text.is_empty() => {
                                user.other.push((name, text.into()));
                            }
                            _ => {}
                        },
                    }
                }
                user.id = id.ok_or_else(|| M::Error::missing_field("id"))?;
                Ok(user)
            }
        }

        reader.deserialize_map(Reader)
    }
}

/// A text that may be `null`.
fn text<'de, M: MapAccess<'de>>(map: &mut M) -> Result<Box<str>, M::Error> {
    Ok(map.next_value::<Option<Box<str>>>()?.unwrap_or_default())
}

/// A group.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// Object id.
    pub id: String,
    /// Name.
    #[serde(default, deserialize_with = "lenient::default")]
    pub display_name: String,
    /// Whether it can be assigned.
    #[serde(default, deserialize_with = "lenient::default")]
    pub security_enabled: bool,
    /// `DynamicMembership`, `Unified`.
    #[serde(default, deserialize_with = "lenient::list")]
    pub group_types: Vec<String>,
}

impl Group {
    /// Whether a rule decides who is in.
    pub fn is_dynamic(&self) -> bool {
        self.group_types
            .iter()
            .any(|kind| kind == "DynamicMembership")
    }
}

/// A directory object of which only id and name are of interest.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Named {
    /// Object id.
    pub id: Box<str>,
    /// Name.
    #[serde(default, deserialize_with = "lenient::default")]
    pub display_name: Box<str>,
}

/// `GET /users`, all or by the beginning of a name.
#[derive(Debug, Clone, Default)]
pub struct ListUsers {
    /// A text to search in names.
    pub search: Option<String>,
    /// Rows on a page; 999 unless set.
    pub top: Option<u32>,
    /// Further attributes, by Entra's name.
    pub also: Vec<String>,
}

impl Endpoint for ListUsers {
    type Output = Page<User>;

    fn call(&self) -> Call {
        let call = Call::new("users.list", USERS, Method::Get, &["users"])
            .query("$select", user_fields(&self.also))
            .query(
                "$top",
                self.top
                    .map_or_else(|| PAGE.to_owned(), |top| top.to_string()),
            );
        match &self.search {
            Some(text) => {
                let clauses = ["displayName", "userPrincipalName", "mail"]
                    .map(|name| odata_search(name, text));
                call.query("$search", clauses.join(" OR ")).advanced()
            }
            None => call,
        }
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        answer.json()
    }
}

/// `GET /users/{id}`.
#[derive(Debug, Clone)]
pub struct GetUser {
    /// Object id or sign-in name.
    pub id: String,
    /// Further attributes, by Entra's name.
    pub also: Vec<String>,
}

impl Endpoint for GetUser {
    type Output = User;

    fn call(&self) -> Call {
        Call::new("users.get", USERS, Method::Get, &["users", &self.id])
            .query("$select", user_fields(&self.also))
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        answer.json()
    }
}

fn user_fields(also: &[String]) -> String {
    let mut fields = USER_FIELDS.to_owned();
    for name in also
        .iter()
        .filter(|name| !USER_FIELDS.split(',').any(|known| known == name.as_str()))
    {
        fields.push(',');
        fields.push_str(name);
    }
    fields
}

/// `GET /groups`, all or by a text in the name.
#[derive(Debug, Clone, Default)]
pub struct ListGroups {
    /// A text to search in names.
    pub search: Option<String>,
    /// Rows on a page; 999 unless set.
    pub top: Option<u32>,
}

impl Endpoint for ListGroups {
    type Output = Page<Group>;

    fn call(&self) -> Call {
        let call = Call::new("groups.list", GROUPS, Method::Get, &["groups"])
            .query("$select", GROUP_FIELDS)
            .query(
                "$top",
                self.top
                    .map_or_else(|| PAGE.to_owned(), |top| top.to_string()),
            );
        match &self.search {
            Some(text) => call
                .query("$search", odata_search("displayName", text))
                .advanced(),
            None => call,
        }
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        answer.json()
    }
}

/// `GET /groups/{id}`.
#[derive(Debug, Clone)]
pub struct GetGroup {
    /// Object id.
    pub id: String,
}

impl Endpoint for GetGroup {
    type Output = Group;

    fn call(&self) -> Call {
        Call::new("groups.get", GROUPS, Method::Get, &["groups", &self.id])
            .query("$select", GROUP_FIELDS)
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        answer.json()
    }
}

/// `GET /groups/{id}/members/graph.user`: the people who are in it directly, the only ones who are provisioned.
#[derive(Debug, Clone)]
pub struct ListUserMembers {
    /// The group.
    pub group: String,
    /// Further attributes, by Entra's name.
    pub also: Vec<String>,
}

impl Endpoint for ListUserMembers {
    type Output = Page<User>;

    fn call(&self) -> Call {
        let path = ["groups", self.group.as_str(), "members", "graph.user"];
        Call::new("groups.members.users", GROUPS, Method::Get, &path)
            .query("$select", user_fields(&self.also))
            .query("$top", PAGE)
            .advanced()
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        answer.json()
    }
}

/// Members of a kind that is not provisioned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherMembers {
    /// Groups inside the group.
    Groups,
    /// Service principals inside the group.
    ServicePrincipals,
}

/// `GET /groups/{id}/members/graph.group` or `…/graph.servicePrincipal`.
#[derive(Debug, Clone)]
pub struct ListOtherMembers {
    /// The group.
    pub group: String,
    /// Which.
    pub kind: OtherMembers,
}

impl Endpoint for ListOtherMembers {
    type Output = Page<Named>;

    fn call(&self) -> Call {
        let (name, cast) = match self.kind {
            OtherMembers::Groups => ("groups.members.groups", "graph.group"),
            OtherMembers::ServicePrincipals => {
                ("groups.members.servicePrincipals", "graph.servicePrincipal")
            }
        };
        Call::new(
            name,
            GROUPS,
            Method::Get,
            &["groups", &self.group, "members", cast],
        )
        .query("$select", "id,displayName")
        .query("$top", PAGE)
        .advanced()
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        answer.json()
    }
}

/// `GET /groups/{id}/members/graph.user/$count`, or through nested groups too. The number comes from an index that lags.
#[derive(Debug, Clone)]
pub struct CountUsers {
    /// The group.
    pub group: String,
    /// Through nested groups too.
    pub transitive: bool,
}

impl Endpoint for CountUsers {
    type Output = u64;

    fn call(&self) -> Call {
        let (name, members) = if self.transitive {
            ("groups.transitiveMembers.count", "transitiveMembers")
        } else {
            ("groups.members.count", "members")
        };
        let mut call = Call::new(
            name,
            GROUPS,
            Method::Get,
            &["groups", &self.group, members, "graph.user", "$count"],
        );
        call.eventual = true;
        call
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        let text = String::from_utf8_lossy(&answer.body);
        // Some answers begin with a byte-order mark; inside a batch the number comes as JSON.
        let digits = text.trim_start_matches('\u{feff}').trim().trim_matches('"');
        digits.parse().map_err(|_| DecodeError {
            at: ".".to_owned(),
            why: "not a number".to_owned(),
        })
    }
}

/// `POST /directoryObjects/getByIds`: up to 1,000 objects at once; those that are gone are left out. A read.
#[derive(Debug, Clone)]
pub struct GetByIds {
    /// Object ids.
    pub ids: Vec<String>,
    /// `user`, `group` …
    pub types: Vec<&'static str>,
}

impl Endpoint for GetByIds {
    type Output = Page<Value>;

    fn call(&self) -> Call {
        Call::new(
            "directoryObjects.getByIds",
            &["Directory.Read.All"],
            Method::Post,
            &["directoryObjects", "getByIds"],
        )
        .body(json!({ "ids": self.ids, "types": self.types }))
        .reading()
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        answer.json()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_read_whatever_is_missing_or_null_and_other_texts_are_kept() {
        let text = r##"{"@odata.type":"#microsoft.graph.user","id":"1","displayName":null,"userPrincipalName":"a@x","mail":null,
            "accountEnabled":false,"department":"IT","city":"","manager":{"id":"2"},"userType":"Guest"}"##;
        let user: User = serde_json::from_str(text).unwrap();
        assert_eq!((&*user.id, &*user.display_name), ("1", ""));
        assert_eq!(user.account_enabled, Some(false));
        assert_eq!(user.user_type.as_deref(), Some("Guest"));
        assert_eq!(user.other, [("department".into(), "IT".into())]);
        let nobody = serde_json::from_str::<User>(r#"{"displayName":"A"}"#);
        assert!(nobody.unwrap_err().to_string().contains("id"));
    }
}
