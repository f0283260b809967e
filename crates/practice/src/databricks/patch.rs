//! Bodies: a resource to be made, and SCIM patches, read into what they mean here.

use std::collections::BTreeSet;

use serde_json::Value;

use super::errors::ApiError;
use super::model::{Kind, Principal};

/// What a patch operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// `add`.
    Add,
    /// `replace`.
    Replace,
    /// `remove`.
    Remove,
}

/// One attribute's change.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// What is done.
    pub operation: Operation,
    /// The attribute in lower case, without a value filter or sub-attribute.
    pub attribute: String,
    /// The value in `members[value eq "…"]`.
    pub selected: Option<String>,
    /// The value given.
    pub value: Option<Value>,
}

/// Reads a patch request. An operation without `path` is one edit for each attribute of its value.
///
/// # Errors
/// 400 for what is no patch.
pub fn edits(body: &Value) -> Result<Vec<Edit>, ApiError> {
    let operations = body.as_object().and_then(|body| {
        body.iter()
            .find(|(key, _)| key.eq_ignore_ascii_case("operations"))
    });
    let Some(operations) = operations.and_then(|(_, operations)| operations.as_array()) else {
        return Err(invalid("Operations are missing"));
    };
    let mut edits = Vec::new();
    for operation in operations {
        let name = operation
            .get("op")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_lowercase();
        let kind = match name.as_str() {
            "add" => Operation::Add,
            "replace" => Operation::Replace,
            "remove" => Operation::Remove,
            other => return Err(invalid(format!("Operation '{other}' is not supported"))),
        };
        let value = operation.get("value").cloned();
        match operation
            .get("path")
            .and_then(Value::as_str)
            .filter(|path| !path.is_empty())
        {
            Some(path) => edits.push(edit(kind, path, value)?),
            None => {
                let Some(Value::Object(attributes)) = value else {
                    return Err(invalid("An operation without path needs an object"));
                };
                for (path, value) in attributes {
                    edits.push(edit(kind, &path, Some(value))?);
                }
            }
        }
    }
    Ok(edits)
}

fn edit(operation: Operation, path: &str, value: Option<Value>) -> Result<Edit, ApiError> {
    let (attribute, selected) = match path.split_once('[') {
        None => (path.split('.').next().unwrap_or(path), None),
        Some((attribute, filter)) => {
            let quoted = filter
                .split('"')
                .nth(1)
                .ok_or_else(|| invalid(format!("Path '{path}' is not supported")))?;
            (attribute, Some(quoted.to_owned()))
        }
    };
    Ok(Edit {
        operation,
        attribute: attribute.to_lowercase(),
        selected,
        value,
    })
}

/// The edits that a `PUT` at workspace level stands for: a replacement of each attribute given that can be changed.
///
/// # Errors
/// 400 for a body that is no resource of that kind.
pub fn edits_of_put(kind: Kind, body: &Value) -> Result<Vec<Edit>, ApiError> {
    replacement(kind, body)?;
    let given = ["active", "entitlements", "displayName", "members"]
        .into_iter()
        .filter_map(|name| Some((name, body.get(name)?)));
    given
        .map(|(name, value)| edit(Operation::Replace, name, Some(value.clone())))
        .collect()
}

impl Edit {
    /// The ids of the members this edit names.
    ///
    /// # Errors
    /// 400 for ids that are none, and for a removal that selects by path and brings a value as well, or only brings a value.
    pub fn member_ids(&self) -> Result<Vec<u64>, ApiError> {
        if self.operation == Operation::Remove {
            if self.value.is_some() {
                return Err(invalid("A patch to remove must not contain a value field"));
            }
            return self.selected.iter().map(|id| member_id(id)).collect();
        }
        member_ids(self.value.as_ref())
    }

    /// The texts of a list of `{"value": …}`, as roles and entitlements are given.
    pub fn texts(&self) -> BTreeSet<String> {
        let mut texts = texts(self.value.as_ref());
        texts.extend(self.selected.clone());
        texts
    }

    /// The value as text; absent, `null` and empty are `None`.
    pub fn text(&self) -> Option<String> {
        self.value
            .as_ref()
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    }
}

/// The ids in a list of `{"value": "<id>"}`.
///
/// # Errors
/// 400 for an id that is no number.
pub fn member_ids(value: Option<&Value>) -> Result<Vec<u64>, ApiError> {
    texts_in_order(value)
        .iter()
        .map(|id| member_id(id))
        .collect()
}

fn member_id(id: &str) -> Result<u64, ApiError> {
    id.parse()
        .map_err(|_| invalid(format!("'{id}' is not an id")))
}

/// The texts of a list of `{"value": …}` or of plain strings.
pub fn texts(value: Option<&Value>) -> BTreeSet<String> {
    texts_in_order(value).into_iter().collect()
}

fn texts_in_order(value: Option<&Value>) -> Vec<String> {
    let one = |item: &Value| {
        item.get("value")
            .unwrap_or(item)
            .as_str()
            .map(str::to_owned)
    };
    match value {
        Some(Value::Array(items)) => items.iter().filter_map(one).collect(),
        Some(item) => one(item).into_iter().collect(),
        None => Vec::new(),
    }
}

/// Reads `active`: a JSON boolean, or the form `[{"value": "true"}]`.
///
/// # Errors
/// 500 for a string, as the service answers; 400 for anything else.
pub fn active(value: Option<&Value>) -> Result<bool, ApiError> {
    match value {
        Some(Value::Bool(active)) => Ok(*active),
        Some(Value::String(_)) => Err(ApiError::cast()),
        Some(Value::Array(items)) => match items.first().and_then(|item| item.get("value")) {
            Some(Value::Bool(active)) => Ok(*active),
            Some(Value::String(text)) => Ok(text.eq_ignore_ascii_case("true")),
            _ => Err(invalid("active must be true or false")),
        },
        _ => Err(invalid("active must be true or false")),
    }
}

/// Reads a resource to be made (its id is 0).
///
/// # Errors
/// 400 without its name, or when a user's name and work address differ; what [`active`] refuses.
pub fn resource(kind: Kind, body: &Value) -> Result<Principal, ApiError> {
    let mut principal = replacement(kind, body)?;
    if let Some(email) = work_email(body).filter(|_| kind == Kind::User) {
        if !super::model::same_name(&email, &principal.name) {
            return Err(invalid("userName and the primary email must match"));
        }
        principal.email = email;
    }
    Ok(principal)
}

/// Reads a resource to be put: the address in it is passed over, as the name of a user is (facts on Databricks §3.3).
///
/// # Errors
/// 400 without its name; what [`active`] refuses.
pub fn replacement(kind: Kind, body: &Value) -> Result<Principal, ApiError> {
    let text = |name: &str| {
        body.get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let name_attribute = match kind {
        Kind::User => "userName",
        Kind::Group => "displayName",
        Kind::ServicePrincipal => "applicationId",
    };
    let name = text(name_attribute);
    if name.is_empty() && kind != Kind::ServicePrincipal {
        return Err(invalid(format!("{name_attribute} is missing")));
    }
    let mut principal = Principal::new(0, kind, &name);
    if !text("displayName").is_empty() {
        principal.display_name = text("displayName");
    }
    if let Some(active_value) = body.get("active").filter(|_| kind != Kind::Group) {
        principal.active = active(Some(active_value))?;
    }
    principal.external_id = Some(text("externalId")).filter(|id| !id.is_empty());
    principal.roles = texts(body.get("roles"));
    if kind == Kind::Group {
        principal.members = member_ids(body.get("members"))?;
    }
    if kind == Kind::User {
        let name_part = |part: &str| {
            body.pointer(&format!("/name/{part}"))
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        principal.given_name = name_part("givenName");
        principal.family_name = name_part("familyName");
    }
    Ok(principal)
}

fn work_email(body: &Value) -> Option<String> {
    let emails = body.get("emails")?.as_array()?;
    let work = emails
        .iter()
        .find(|email| email.get("type").and_then(Value::as_str) == Some("work"));
    work.or(emails.first())?
        .get("value")?
        .as_str()
        .map(str::to_owned)
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::bad_request("INVALID_PARAMETER_VALUE", message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_and_a_bare_value_mean_the_same() {
        let with_path =
            edits(&json!({"Operations": [{"op": "Replace", "path": "active", "value": false}]}))
                .unwrap();
        let without =
            edits(&json!({"Operations": [{"op": "replace", "value": {"active": false}}]})).unwrap();
        assert_eq!(with_path, without);
    }

    #[test]
    fn a_member_is_removed_by_path_and_without_a_value() {
        let by_path =
            edits(&json!({"Operations": [{"op": "remove", "path": "members[value eq \"17\"]"}]}))
                .unwrap();
        assert_eq!(by_path[0].member_ids().unwrap(), [17]);
        let with_value = edits(&json!({"Operations": [{"op": "remove", "path": "members", "value": [{"value": "17"}]}]})).unwrap();
        assert_eq!(with_value[0].member_ids().unwrap_err().status.as_u16(), 400);
    }

    #[test]
    fn active_as_a_string_is_the_cast_error() {
        assert_eq!(
            active(Some(&json!("true"))).unwrap_err().status.as_u16(),
            500
        );
        assert!(active(Some(&json!([{"value": "true"}]))).unwrap());
        assert!(!active(Some(&json!(false))).unwrap());
    }
}
