//! The mappings a Databricks connector begins with.
//!
//! No public copy of the template's defaults was found (facts on Entra §8.7): these are the ones Databricks asks for, `userName` and the
//! work address from the user principal name and `externalId` from the object id.

use serde_json::{Value, json};

/// Id of the rule that carries users and groups; `provisionOnDemand` wants it.
pub const RULE_ID: &str = "03f7d90d-bf71-41b1-bda6-aaf0ddbee5d8";

/// The source directory's name.
pub const SOURCE: &str = "Azure Active Directory";
/// The target directory's name.
pub const TARGET: &str = "DataBricks";

/// A complete schema, as a new job has it.
#[must_use]
pub fn default_schema() -> Value {
    json!({
        "id": "dataBricks",
        "version": "v1.0",
        "directories": [
            directory(SOURCE, &[
                ("User", &["objectId", "userPrincipalName", "originalUserPrincipalName", "mail", "displayName", "givenName", "surname",
                    "accountEnabled", "IsSoftDeleted", "mailNickname"]),
                ("Group", &["objectId", "displayName", "mailNickname", "members"]),
            ]),
            directory(TARGET, &[
                ("User", &["id", "userName", "externalId", "active", "displayName", "name.givenName", "name.familyName",
                    "emails[type eq \"work\"].value"]),
                ("Group", &["id", "displayName", "externalId", "members"]),
            ]),
        ],
        "synchronizationRules": [{
            "id": RULE_ID,
            "name": "USER_TO_USER",
            "priority": 1,
            "editable": true,
            "sourceDirectoryName": SOURCE,
            "targetDirectoryName": TARGET,
            "metadata": [{ "key": "supportsProvisionOnDemand", "value": "True" }],
            "containerFilter": null,
            "groupFilter": null,
            "objectMappings": [
                object_mapping("Provision Microsoft Entra ID Users", "User", "User", vec![
                    mapping("userName", attribute("userPrincipalName"), 1, "Always"),
                    mapping("active", function("Switch([IsSoftDeleted], , \"False\", \"True\", \"True\", \"False\")", "Switch"), 0, "Always"),
                    mapping("displayName", attribute("displayName"), 0, "Always"),
                    mapping("name.givenName", attribute("givenName"), 0, "Always"),
                    mapping("name.familyName", attribute("surname"), 0, "Always"),
                    mapping("emails[type eq \"work\"].value", attribute("userPrincipalName"), 0, "Always"),
                    mapping("externalId", attribute("objectId"), 0, "Always"),
                ]),
                object_mapping("Provision Microsoft Entra ID Groups", "Group", "Group", vec![
                    // Renames do not travel to Databricks (facts on Databricks §3.3).
                    mapping("displayName", attribute("displayName"), 1, "ObjectAddOnly"),
                    mapping("externalId", attribute("objectId"), 0, "Always"),
                    mapping("members", attribute("members"), 0, "Always"),
                ]),
            ],
        }],
    })
}

fn directory(name: &str, objects: &[(&str, &[&str])]) -> Value {
    let objects: Vec<Value> = objects
        .iter()
        .map(|(object, attributes)| {
            let attributes: Vec<Value> = attributes
                .iter()
                .map(|attribute| {
                    let kind = match *attribute {
                        "members" => "Reference",
                        "active" | "accountEnabled" | "IsSoftDeleted" => "Boolean",
                        _ => "String",
                    };
                    json!({
                        "name": attribute,
                        "type": kind,
                        "anchor": matches!(*attribute, "id" | "objectId"),
                        "caseExact": false,
                        "defaultValue": null,
                        "multivalued": *attribute == "members",
                        "mutability": "ReadWrite",
                        "required": matches!(*attribute, "id" | "objectId" | "userName"),
                    })
                })
                .collect();
            json!({ "name": object, "supportedApis": [], "attributes": attributes })
        })
        .collect();
    json!({
        "id": name.replace(' ', ""),
        "name": name,
        "version": "1",
        "readOnly": false,
        "discoverabilities": "AttributeNames, AttributeDataTypes",
        "discoveryDateTime": null,
        "objects": objects,
    })
}

fn object_mapping(name: &str, source: &str, target: &str, mappings: Vec<Value>) -> Value {
    json!({
        "name": name,
        "enabled": true,
        "flowTypes": "Add, Update, Delete",
        "sourceObjectName": source,
        "targetObjectName": target,
        "metadata": [],
        "scope": null,
        "attributeMappings": mappings,
    })
}

/// An attribute mapping.
#[must_use]
pub fn mapping(target: &str, source: Value, matching_priority: u32, flow_type: &str) -> Value {
    json!({
        "targetAttributeName": target,
        "source": source,
        "matchingPriority": matching_priority,
        "flowType": flow_type,
        "flowBehavior": "FlowWhenChanged",
        "defaultValue": null,
        "exportMissingReferences": false,
    })
}

/// A source that is an attribute as it stands.
#[must_use]
pub fn attribute(name: &str) -> Value {
    json!({ "type": "Attribute", "name": name, "expression": format!("[{name}]"), "parameters": [] })
}

fn function(expression: &str, name: &str) -> Value {
    json!({ "type": "Function", "name": name, "expression": expression, "parameters": [] })
}

/// Points a target attribute of an object at another source attribute. Says whether there was such a mapping.
pub fn remap(schema: &mut Value, object: &str, target: &str, source: &str) -> bool {
    let mut found = false;
    for mapping in mappings_mut(schema, object) {
        if mapping["targetAttributeName"] == target {
            mapping["source"] = attribute(source);
            found = true;
        }
    }
    found
}

fn mappings_mut<'a>(schema: &'a mut Value, object: &str) -> Vec<&'a mut Value> {
    let rules = schema
        .get_mut("synchronizationRules")
        .and_then(Value::as_array_mut);
    rules
        .into_iter()
        .flatten()
        .filter_map(|rule| rule.get_mut("objectMappings")?.as_array_mut())
        .flatten()
        .filter(|mapping| mapping["sourceObjectName"] == object)
        .filter_map(|mapping| mapping.get_mut("attributeMappings")?.as_array_mut())
        .flatten()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_is_pointed_elsewhere() {
        let mut schema = default_schema();
        assert!(remap(
            &mut schema,
            "User",
            "emails[type eq \"work\"].value",
            "mail"
        ));
        assert!(!remap(&mut schema, "User", "colour", "mail"));
        assert!(schema.to_string().contains("[mail]"));
    }
}
