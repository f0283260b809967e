//! Attribute mappings: what a source object becomes in the target.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::entra::connector::ObjectKind;
use crate::entra::directory::{Group, User};

/// A source object, as mappings see it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source<'a> {
    /// A person; the flag says whether the person left the scope.
    User(&'a User, bool),
    /// A group.
    Group(&'a Group),
}

impl Source<'_> {
    /// A source attribute's value; nothing when it is empty.
    #[must_use]
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        match self {
            Self::User(user, gone) => match name {
                "objectId" => Some(user.id.to_string()),
                "userPrincipalName" => Some(home_name(&user.user_principal_name)),
                "originalUserPrincipalName" => text(&user.user_principal_name),
                "mail" => user.mail.clone(),
                "mailNickname" => text(
                    user.user_principal_name
                        .split('@')
                        .next()
                        .unwrap_or_default(),
                ),
                "displayName" => text(&user.display_name),
                "givenName" => text(&user.given_name),
                "surname" => text(&user.surname),
                "accountEnabled" => Some(flag(user.account_enabled)),
                "IsSoftDeleted" => Some(flag(*gone || !user.account_enabled)),
                "userType" => Some(if user.guest { "Guest" } else { "Member" }.to_owned()),
                _ => None,
            },
            Self::Group(group) => match name {
                "objectId" => Some(group.id.to_string()),
                "displayName" => text(&group.display_name),
                "mailNickname" => text(&group.display_name.replace(' ', "")),
                "description" => group.description.clone(),
                "securityEnabled" => Some(flag(group.security_enabled)),
                "IsSoftDeleted" => Some(flag(false)),
                _ => None,
            },
        }
    }
}

fn flag(yes: bool) -> String {
    if yes { "True" } else { "False" }.to_owned()
}

/// A guest's name without `#EXT#`, which the service strips from `userPrincipalName` (facts on Entra §5.5). That what is left is the
/// home address is inferred.
fn home_name(name: &str) -> String {
    match name.split_once("#EXT#") {
        Some((home, _)) => match home.rsplit_once('_') {
            Some((local, domain)) => format!("{local}@{domain}"),
            None => home.to_owned(),
        },
        None => name.to_owned(),
    }
}

/// One object mapping of a schema.
#[derive(Debug, Clone)]
pub(super) struct ObjectMapping {
    /// Whether objects of this kind are synchronized.
    pub(super) enabled: bool,
    /// Attribute mappings in order.
    pub(super) attributes: Vec<AttributeMapping>,
    /// Scoping filters: groups of clauses, any group is enough.
    pub(super) scope: Vec<Vec<Clause>>,
}

/// One attribute mapping.
#[derive(Debug, Clone)]
pub(super) struct AttributeMapping {
    /// Where to.
    pub(super) target: String,
    /// From what.
    pub(super) expression: Expression,
    /// Above zero: objects are matched by it, the lowest first.
    pub(super) matching_priority: u64,
    /// Written when the object is made, never later.
    pub(super) only_when_created: bool,
    /// What is written when the source is empty.
    pub(super) default: Option<String>,
}

/// A clause of a scoping filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Clause {
    /// The source attribute.
    pub(super) attribute: String,
    /// `EQUALS`, `IS TRUE` and so on.
    pub(super) operator: String,
    /// What it is compared with.
    pub(super) values: Vec<String>,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expression {
    /// A source attribute.
    Attribute(String),
    /// A text.
    Constant(String),
    /// A function of others.
    Call(String, Vec<Expression>),
    /// Something that cannot be evaluated.
    Unknown(String),
}

/// The object mapping for a kind in a schema; nothing when there is none.
#[must_use]
pub(super) fn object_mapping(schema: &Value, kind: ObjectKind) -> Option<ObjectMapping> {
    let rules = schema.get("synchronizationRules")?.as_array()?;
    let mapping = rules
        .iter()
        .filter_map(|rule| rule.get("objectMappings")?.as_array())
        .flatten()
        .find(|mapping| {
            mapping.get("sourceObjectName").and_then(Value::as_str) == Some(kind.name())
        })?;
    let attributes = mapping
        .get("attributeMappings")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(attribute_mapping)
        .collect();
    let groups = mapping.pointer("/scope/groups").and_then(Value::as_array);
    let scope = groups
        .into_iter()
        .flatten()
        .map(|group| {
            group
                .get("clauses")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(clause)
                .collect()
        })
        .filter(|clauses: &Vec<Clause>| !clauses.is_empty())
        .collect();
    Some(ObjectMapping {
        enabled: mapping
            .get("enabled")
            .and_then(Value::as_bool)
            .unwrap_or(true),
        attributes,
        scope,
    })
}

fn attribute_mapping(mapping: &Value) -> Option<AttributeMapping> {
    let text = |name: &str| mapping.get(name).and_then(Value::as_str);
    let source = mapping.get("source")?;
    let field = |name: &str| source.get(name).and_then(Value::as_str);
    let expression = match field("type") {
        Some("Constant") => Expression::Constant(
            field("name")
                .or(field("expression"))
                .unwrap_or_default()
                .trim_matches('"')
                .to_owned(),
        ),
        Some("Function") => parse(field("expression").unwrap_or_default()),
        _ => Expression::Attribute(field("name").unwrap_or_default().to_owned()),
    };
    Some(AttributeMapping {
        target: text("targetAttributeName")?.to_owned(),
        expression,
        matching_priority: mapping
            .get("matchingPriority")
            .and_then(Value::as_u64)
            .unwrap_or(0),
        only_when_created: text("flowType") == Some("ObjectAddOnly"),
        default: text("defaultValue").map(ToOwned::to_owned),
    })
}

fn clause(clause: &Value) -> Option<Clause> {
    Some(Clause {
        attribute: clause.get("sourceOperandName")?.as_str()?.to_owned(),
        operator: clause.get("operatorName")?.as_str()?.to_uppercase(),
        values: clause
            .pointer("/targetOperand/values")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|value| value.as_str().map(ToOwned::to_owned))
            .collect(),
    })
}

/// What an object becomes: attributes by target name. `Err` names an expression that cannot be evaluated.
///
/// # Errors
/// The expression.
pub(super) fn evaluate(
    mapping: &ObjectMapping,
    source: Source<'_>,
) -> Result<BTreeMap<String, Value>, String> {
    let mut attributes = BTreeMap::new();
    for attribute in mapping
        .attributes
        .iter()
        .filter(|attribute| attribute.target != "members")
    {
        // Empty values are left out (facts on Entra §5.5).
        if let Some(value) =
            value(&attribute.expression, source)?.or_else(|| attribute.default.clone())
        {
            let value = if attribute.target == "active" {
                json!(value.eq_ignore_ascii_case("true"))
            } else {
                json!(value)
            };
            attributes.insert(attribute.target.clone(), value);
        }
    }
    Ok(attributes)
}

/// The target attribute objects are matched by.
#[must_use]
pub(super) fn matching(mapping: &ObjectMapping) -> Option<&str> {
    let matching = mapping
        .attributes
        .iter()
        .filter(|attribute| attribute.matching_priority > 0);
    matching
        .min_by_key(|attribute| attribute.matching_priority)
        .map(|attribute| attribute.target.as_str())
}

/// Whether the scoping filters let an object in. An operator that is not known lets nothing in.
#[must_use]
pub(super) fn in_scope(mapping: &ObjectMapping, source: Source<'_>) -> bool {
    let holds = |clause: &Clause| {
        let value = source.attribute(&clause.attribute);
        let any = |test: &dyn Fn(&str, &str) -> bool| {
            value
                .as_deref()
                .is_some_and(|value| clause.values.iter().any(|wanted| test(value, wanted)))
        };
        match clause.operator.as_str() {
            "EQUALS" => any(&|value, wanted| value.eq_ignore_ascii_case(wanted)),
            "NOT EQUALS" => !any(&|value, wanted| value.eq_ignore_ascii_case(wanted)),
            "INCLUDES" => {
                any(&|value, wanted| value.to_lowercase().contains(&wanted.to_lowercase()))
            }
            "IS TRUE" => value.as_deref() == Some("True"),
            "IS FALSE" => value.as_deref() == Some("False"),
            "IS NULL" => value.is_none(),
            "IS NOT NULL" => value.is_some(),
            _ => false,
        }
    };
    mapping.scope.is_empty()
        || mapping
            .scope
            .iter()
            .any(|clauses| clauses.iter().all(holds))
}

fn value(expression: &Expression, source: Source<'_>) -> Result<Option<String>, String> {
    Ok(match expression {
        Expression::Attribute(name) => source.attribute(name),
        Expression::Constant(text) => Some(text.clone()),
        Expression::Unknown(text) => return Err(text.clone()),
        Expression::Call(name, arguments) => {
            let values = arguments
                .iter()
                .map(|argument| value(argument, source))
                .collect::<Result<Vec<_>, _>>()?;
            let first = values.first().cloned().flatten();
            match name.as_str() {
                "Switch" => {
                    let cases = values.get(2..).unwrap_or_default().chunks_exact(2);
                    let hit = cases
                        .into_iter()
                        .find(|case| case.first() == Some(&first))
                        .and_then(|case| case.get(1).cloned());
                    hit.unwrap_or_else(|| values.get(1).cloned().flatten())
                        .filter(|text| !text.is_empty())
                }
                "Not" => first.map(|text| flag(!text.eq_ignore_ascii_case("true"))),
                "ToLower" => first.map(|text| text.to_lowercase()),
                "ToUpper" => first.map(|text| text.to_uppercase()),
                "Coalesce" => values.into_iter().flatten().next(),
                "Append" => Some(values.into_iter().flatten().collect()),
                _ => return Err(name.clone()),
            }
        }
    })
}

/// Reads `Name(argument, [attribute], "text")`.
fn parse(text: &str) -> Expression {
    let text = text.trim();
    if let Some(name) = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        return Expression::Attribute(name.to_owned());
    }
    if text.is_empty() {
        return Expression::Constant(String::new());
    }
    if let Some(literal) = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    {
        return Expression::Constant(literal.to_owned());
    }
    match text.split_once('(') {
        Some((name, rest)) if rest.ends_with(')') => {
            let inner = rest.strip_suffix(')').unwrap_or(rest);
            Expression::Call(
                name.trim().to_owned(),
                arguments(inner).into_iter().map(parse).collect(),
            )
        }
        _ => Expression::Unknown(text.to_owned()),
    }
}

fn arguments(text: &str) -> Vec<&str> {
    let (mut depth, mut quoted, mut start, mut found) = (0_i32, false, 0, Vec::new());
    for (place, letter) in text.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            '(' | '[' if !quoted => depth += 1,
            ')' | ']' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                found.push(text.get(start..place).unwrap_or_default());
                start = place + 1;
            }
            _ => {}
        }
    }
    found.push(text.get(start..).unwrap_or_default());
    found
}

/// The SCIM resource that attributes make.
#[must_use]
pub(super) fn resource(kind: ObjectKind, attributes: &BTreeMap<String, Value>) -> Value {
    let mut resource = Map::new();
    resource.insert(
        "schemas".to_owned(),
        json!([format!(
            "urn:ietf:params:scim:schemas:core:2.0:{}",
            kind.name()
        )]),
    );
    for (name, value) in attributes {
        if let Some(kind) = value_filter(name) {
            resource.insert(
                "emails".to_owned(),
                json!([{ "type": kind, "primary": true, "value": value }]),
            );
        } else if let Some((outer, inner)) = name.split_once('.') {
            let nested = resource
                .entry(outer.to_owned())
                .or_insert_with(|| json!({}));
            nested[inner] = value.clone();
        } else {
            resource.insert(name.clone(), value.clone());
        }
    }
    Value::Object(resource)
}

/// What a SCIM resource has under the names of attributes.
#[must_use]
pub(super) fn read_back(resource: &Value, name: &str) -> Option<Value> {
    if let Some(kind) = value_filter(name) {
        let emails = resource.get("emails")?.as_array()?;
        let email = emails
            .iter()
            .find(|email| email.get("type").and_then(Value::as_str) == Some(kind));
        return email.or_else(|| emails.first())?.get("value").cloned();
    }
    match name.split_once('.') {
        Some((outer, inner)) => resource.get(outer)?.get(inner).cloned(),
        None => resource.get(name).cloned(),
    }
}

/// `work` of `emails[type eq "work"].value`.
fn value_filter(name: &str) -> Option<&str> {
    name.strip_prefix("emails[type eq \"")?
        .strip_suffix("\"].value")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entra::schema::default_schema;

    fn person(enabled: bool) -> User {
        User {
            id: uuid::Uuid::nil(),
            display_name: "Ada Abara".to_owned(),
            given_name: "Ada".to_owned(),
            surname: "Abara".to_owned(),
            user_principal_name: "ada@example.test".to_owned(),
            mail: None,
            account_enabled: enabled,
            guest: false,
        }
    }

    #[test]
    fn the_default_mapping_makes_a_databricks_user() {
        let mapping = object_mapping(&default_schema(), ObjectKind::User).unwrap();
        assert_eq!(matching(&mapping), Some("userName"));
        let attributes = evaluate(&mapping, Source::User(&person(true), false)).unwrap();
        assert_eq!(attributes["active"], json!(true));
        let made = resource(ObjectKind::User, &attributes);
        assert_eq!(made["emails"][0]["value"], "ada@example.test");
        assert_eq!(made["name"]["familyName"], "Abara");
        for (name, value) in &attributes {
            assert_eq!(read_back(&made, name).as_ref(), Some(value), "{name}");
        }
        let gone = evaluate(&mapping, Source::User(&person(true), true)).unwrap();
        assert_eq!(gone["active"], json!(false));
    }

    #[test]
    fn a_guest_travels_under_the_home_address() {
        assert_eq!(
            home_name("ada_partner.example#EXT#@tenant.example"),
            "ada@partner.example"
        );
    }

    #[test]
    fn functions_are_evaluated_and_unknown_ones_named() {
        let source = person(true);
        let source = Source::User(&source, false);
        assert_eq!(
            value(&parse("ToLower(Append([givenName], \"@X\"))"), source),
            Ok(Some("ada@x".to_owned()))
        );
        assert_eq!(
            value(&parse("Coalesce([mail], [userPrincipalName])"), source),
            Ok(Some("ada@example.test".to_owned()))
        );
        assert_eq!(
            value(&parse("Wobble([mail])"), source),
            Err("Wobble".to_owned())
        );
    }
}
