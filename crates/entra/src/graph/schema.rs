//! The job's schema: which attribute comes from where (facts/entra §1.10).
//!
//! Reading is typed and lenient; writing sends the document that was read with the one place changed, because an update
//! replaces everything and must not lose what this version does not know.

use serde::Deserialize;
use serde_json::{Value, json};

use super::call::{Answer, Call, Endpoint, Method};
use super::error::DecodeError;
use super::jobs::{READ, WRITE};
use super::lenient;

/// A schema with the document it was read from.
#[derive(Debug, Clone)]
pub struct Schema {
    /// What this version understands of it.
    pub rules: Vec<SynchronizationRule>,
    /// All of it, for writing back.
    pub document: Value,
}

/// A rule: from one directory to another.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SynchronizationRule {
    /// Its id, which provisioning on demand names.
    #[serde(default)]
    pub id: Option<String>,
    /// Its mappings.
    #[serde(default, deserialize_with = "lenient::list")]
    pub object_mappings: Vec<ObjectMapping>,
}

/// How one kind of object is mapped.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectMapping {
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether it is on.
    #[serde(default)]
    pub enabled: bool,
    /// `User` or `Group` in Entra.
    #[serde(default, deserialize_with = "lenient::default")]
    pub source_object_name: String,
    /// `User` or `Group` in the target, or a SCIM schema that ends so.
    #[serde(default, deserialize_with = "lenient::default")]
    pub target_object_name: String,
    /// Attribute by attribute.
    #[serde(default, deserialize_with = "lenient::list")]
    pub attribute_mappings: Vec<AttributeMapping>,
    /// Who is in scope, beyond assignment.
    #[serde(default)]
    pub scope: Option<Filter>,
}

impl ObjectMapping {
    fn maps(&self, object: &str) -> bool {
        maps(&self.source_object_name, &self.target_object_name, object)
    }
}

/// Whether a mapping is that of users or of groups. The target may name its object as it likes (SCIM connectors are seen to
/// use `urn:ietf:params:scim:schemas:core:2.0:User`), so Entra's own name comes first.
fn maps(source: &str, target: &str, object: &str) -> bool {
    let name = if source.is_empty() {
        target.rsplit(':').next().unwrap_or(target)
    } else {
        source
    };
    name.eq_ignore_ascii_case(object)
}

/// How one attribute is mapped.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttributeMapping {
    /// The attribute in the target.
    #[serde(default, deserialize_with = "lenient::default")]
    pub target_attribute_name: String,
    /// Above 0, the lowest one matches.
    #[serde(default, deserialize_with = "lenient::default")]
    pub matching_priority: i64,
    /// Where its value comes from.
    #[serde(default)]
    pub source: Option<Source>,
}

/// Where a value comes from.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Source {
    /// `Attribute`, `Constant` or `Function`.
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
    /// The attribute's or the function's name.
    #[serde(default)]
    pub name: Option<String>,
    /// As it is written in the portal, for instance `[userPrincipalName]`.
    #[serde(default)]
    pub expression: Option<String>,
}

impl Source {
    /// The source attribute of a direct mapping, without brackets.
    pub fn attribute(&self) -> Option<&str> {
        let is_attribute = self
            .kind
            .as_deref()
            .is_none_or(|kind| kind.eq_ignore_ascii_case("Attribute"));
        let bare = self
            .expression
            .as_deref()
            .and_then(|text| text.strip_prefix('[')?.strip_suffix(']'));
        if is_attribute {
            self.name
                .as_deref()
                .filter(|name| !name.is_empty())
                .or(bare)
        } else {
            None
        }
    }
}

/// A scoping filter: groups are ORed, clauses ANDed.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Filter {
    /// The groups.
    #[serde(default, deserialize_with = "lenient::list")]
    pub groups: Vec<FilterGroup>,
}

/// Clauses that must all hold.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct FilterGroup {
    /// The clauses.
    #[serde(default, deserialize_with = "lenient::list")]
    pub clauses: Vec<FilterClause>,
}

/// One condition.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FilterClause {
    /// The operator.
    #[serde(default, deserialize_with = "lenient::default")]
    pub operator_name: String,
    /// The attribute.
    #[serde(default, deserialize_with = "lenient::default")]
    pub source_operand_name: String,
    /// What it is compared with.
    #[serde(default, deserialize_with = "lenient::default")]
    pub target_operand: FilterOperand,
}

/// The values of a condition.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct FilterOperand {
    /// The values.
    #[serde(default, deserialize_with = "lenient::list")]
    pub values: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rules {
    #[serde(default, deserialize_with = "lenient::list")]
    synchronization_rules: Vec<SynchronizationRule>,
}

/// Why a mapping cannot be repaired.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RepairError {
    /// No mapping of this object.
    #[error("the job has no mapping for {0}")]
    NoObject(String),
    /// No mapping of this attribute.
    #[error("the mapping has no target attribute {0}")]
    NoAttribute(String),
}

impl Schema {
    /// Reads a schema's document.
    ///
    /// # Errors
    /// Where its rules are not rules.
    pub fn read(document: Value) -> Result<Self, DecodeError> {
        let rules: Rules =
            serde_path_to_error::deserialize(&document).map_err(|error| DecodeError {
                at: error.path().to_string(),
                why: error.inner().to_string(),
            })?;
        Ok(Self {
            rules: rules.synchronization_rules,
            document,
        })
    }

    /// The rule that maps users, with its id.
    pub fn user_rule(&self) -> Option<&SynchronizationRule> {
        self.rules.iter().find(|rule| {
            rule.object_mappings
                .iter()
                .any(|mapping| mapping.maps("User"))
        })
    }

    /// The mapping of an object: `User` or `Group`.
    pub fn object(&self, object: &str) -> Option<&ObjectMapping> {
        self.rules
            .iter()
            .flat_map(|rule| &rule.object_mappings)
            .find(|mapping| mapping.maps(object))
    }

    /// The whole document with one mapping changed: the attribute comes directly from `source`; without an attribute the
    /// object mapping itself is switched on.
    ///
    /// # Errors
    /// Where there is no such mapping.
    pub fn repaired(
        &self,
        object: &str,
        attribute: Option<&str>,
        source: Option<&str>,
    ) -> Result<Value, RepairError> {
        let mut document = self.document.clone();
        let mapping = object_mapping(&mut document, object)
            .ok_or_else(|| RepairError::NoObject(object.to_owned()))?;
        let Some(attribute) = attribute else {
            mapping["enabled"] = json!(true);
            return Ok(document);
        };
        let missing = || RepairError::NoAttribute(attribute.to_owned());
        let attributes = mapping
            .get_mut("attributeMappings")
            .and_then(Value::as_array_mut)
            .ok_or_else(missing)?;
        let found = attributes
            .iter_mut()
            .find(|mapping| mapping["targetAttributeName"] == attribute)
            .ok_or_else(missing)?;
        let source = source.unwrap_or_default();
        found["source"] = json!({ "type": "Attribute", "name": source, "expression": format!("[{source}]"), "parameters": [] });
        Ok(document)
    }
}

/// What was there before a mapping was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MappingState {
    /// The attribute's source, as it stood in the document.
    Source(Value),
    /// Whether the object mapping was on.
    Enabled(bool),
}

impl Schema {
    /// How a mapping stands: an attribute's source, or without an attribute whether the object mapping is on.
    pub fn mapping_state(&self, object: &str, attribute: Option<&str>) -> Option<MappingState> {
        let mut document = self.document.clone();
        let mapping = object_mapping(&mut document, object)?;
        let Some(attribute) = attribute else {
            return Some(MappingState::Enabled(mapping["enabled"] == json!(true)));
        };
        let attributes = mapping.get("attributeMappings")?.as_array()?;
        let found = attributes
            .iter()
            .find(|mapping| mapping["targetAttributeName"] == attribute)?;
        Some(MappingState::Source(found["source"].clone()))
    }

    /// The whole document with a mapping put back as it was.
    ///
    /// # Errors
    /// Where there is no such mapping.
    pub fn put_back(
        &self,
        object: &str,
        attribute: Option<&str>,
        state: &MappingState,
    ) -> Result<Value, RepairError> {
        let mut document = self.document.clone();
        let mapping = object_mapping(&mut document, object)
            .ok_or_else(|| RepairError::NoObject(object.to_owned()))?;
        match (state, attribute) {
            (MappingState::Source(source), Some(attribute)) => {
                let missing = || RepairError::NoAttribute(attribute.to_owned());
                let attributes = mapping
                    .get_mut("attributeMappings")
                    .and_then(Value::as_array_mut)
                    .ok_or_else(missing)?;
                let mut found = attributes
                    .iter_mut()
                    .filter(|mapping| mapping["targetAttributeName"] == attribute);
                found.next().ok_or_else(missing)?["source"] = source.clone();
            }
            (MappingState::Enabled(enabled), _) => mapping["enabled"] = json!(enabled),
            (MappingState::Source(_), None) => return Err(RepairError::NoAttribute(String::new())),
        }
        Ok(document)
    }
}

fn object_mapping<'a>(document: &'a mut Value, object: &str) -> Option<&'a mut Value> {
    let rules = document.get_mut("synchronizationRules")?.as_array_mut()?;
    rules
        .iter_mut()
        .filter_map(|rule| rule.get_mut("objectMappings")?.as_array_mut())
        .flatten()
        .find(|mapping| {
            let name = |key: &str| mapping[key].as_str().unwrap_or_default();
            maps(name("sourceObjectName"), name("targetObjectName"), object)
        })
}

fn path<'a>(service_principal: &'a str, job: &'a str) -> [&'a str; 6] {
    [
        "servicePrincipals",
        service_principal,
        "synchronization",
        "jobs",
        job,
        "schema",
    ]
}

/// `GET …/jobs/{id}/schema`.
#[derive(Debug, Clone)]
pub struct GetSchema {
    /// The enterprise application.
    pub service_principal: String,
    /// The job.
    pub job: String,
}

impl Endpoint for GetSchema {
    type Output = Schema;

    fn call(&self) -> Call {
        Call::new(
            "synchronization.schema.get",
            READ,
            Method::Get,
            &path(&self.service_principal, &self.job),
        )
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        Schema::read(answer.json()?)
    }
}

/// `PUT …/jobs/{id}/schema`: PUT, whatever the published OpenAPI says.
#[derive(Debug, Clone)]
pub struct PutSchema {
    /// The enterprise application.
    pub service_principal: String,
    /// The job.
    pub job: String,
    /// The whole document.
    pub document: Value,
}

impl Endpoint for PutSchema {
    type Output = ();

    fn call(&self) -> Call {
        let mut document = self.document.clone();
        // Annotations of the answer are no part of the document.
        if let Some(map) = document.as_object_mut() {
            map.retain(|key, _| !key.starts_with("@odata."));
        }
        Call::new(
            "synchronization.schema.put",
            WRITE,
            Method::Put,
            &path(&self.service_principal, &self.job),
        )
        .body(document)
    }

    fn parse(&self, _: &Answer) -> Result<Self::Output, DecodeError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_known_by_entras_name_whatever_the_target_calls_it() {
        let document = json!({ "synchronizationRules": [{ "id": "r", "objectMappings": [
            { "name": "groups", "sourceObjectName": "Group", "targetObjectName": "urn:ietf:params:scim:schemas:core:2.0:Group" },
            { "name": "people", "sourceObjectName": "user",
              "targetObjectName": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User" },
        ]}]});
        let schema = Schema::read(document).unwrap();
        let name = |object| schema.object(object).unwrap().name.as_deref();
        assert_eq!(
            (name("User"), name("Group")),
            (Some("people"), Some("groups"))
        );
        assert_eq!(schema.user_rule().unwrap().id.as_deref(), Some("r"));
        let repaired = schema.repaired("User", None, None).unwrap();
        assert_eq!(
            repaired["synchronizationRules"][0]["objectMappings"][1]["enabled"],
            json!(true)
        );
    }

    #[test]
    fn without_a_source_the_end_of_the_targets_name_tells() {
        let document = json!({ "synchronizationRules": [{ "objectMappings": [
            { "targetObjectName": "urn:x:Group" }, { "targetObjectName": "User" },
        ]}]});
        let schema = Schema::read(document).unwrap();
        assert!(schema.object("User").is_some() && schema.object("Group").is_some());
    }
}
