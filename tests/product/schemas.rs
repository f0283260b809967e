//! What the command line prints is what `docs/schemas` says.

use serde_json::{Value, json};
use usher_practice::Practice;
use usher_tests::process::run;
use usher_tests::{Home, place};

use crate::practice;

/// A schema that allows no field it does not name: what we write is all described, whatever readers may put up with.
fn strict(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if fields.get("type") == Some(&Value::from("object"))
                && fields.contains_key("properties")
            {
                fields
                    .entry("additionalProperties")
                    .or_insert(Value::Bool(false));
            }
            fields.values_mut().for_each(strict);
        }
        Value::Array(items) => items.iter_mut().for_each(strict),
        _ => {}
    }
}

/// Judges a document by the schema it names.
#[track_caller]
pub(crate) fn holds(document: &Value) {
    let name = document["schema"]
        .as_str()
        .expect("a document names its schema");
    let file = format!("docs/schemas/{}.schema.json", name.replace('/', "-"));
    let text = std::fs::read_to_string(place::root().join(&file)).expect("its schema is published");
    let mut schema = serde_json::from_str(&text).expect("a schema is JSON");
    strict(&mut schema);
    let judge = jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(&schema)
        .expect("a schema is one");
    let wrong: Vec<String> = judge
        .iter_errors(document)
        .map(|error| format!("{}: {error}", error.instance_path))
        .collect();
    assert!(wrong.is_empty(), "{name}: {wrong:#?}\n{document:#}");
}

fn setup(practice: &Practice) -> String {
    let details = practice.details();
    json!({
        "schema": "usher.setup/1", "name": "Contoso", "journey": "account", "cloud": "azure",
        "entra": {
            "tenantId": details.tenant_id, "signIn": "client-secret", "clientId": details.client_id,
            "app": { "displayName": "Contoso Databricks" }
        },
        "databricks": { "accountId": details.account_id, "scimUrl": details.scim_url },
        "want": { "assignmentRequired": false, "scope": "assigned", "provisioning": "on", "deleteThreshold": 500 }
    })
    .to_string()
}

#[tokio::test]
async fn every_document_of_the_command_line_is_as_published() {
    let practice = practice("fresh").await;
    let details = practice.details();
    let home = Home::new();
    let file = home
        .write("setup.json", &setup(&practice))
        .display()
        .to_string();
    let url = details.scim_url.clone();
    let code = home.path().join("code").display().to_string();
    let saved = home.path().join("checklist.md").display().to_string();
    let commands: [&[&str]; 10] = [
        &["test-connection", "--url", &url],
        &["test-connection", "--url", "https://example.org/"],
        &["check"],
        &["plan"],
        &["checklist", "--format", "json"],
        &["checklist", "--format", "md", "-o", &saved],
        &["checklist", "--verify", &saved],
        &["export", "--as", "terraform", "-o", &code],
        &["apply", "--yes"],
        &["check", "--no-such-option"],
    ];
    for command in commands {
        let mut arguments = vec!["--setup", file.as_str(), "--json", "--no-keyring"];
        arguments.extend(command);
        let mut process = home.usher_on(&practice, &arguments);
        process.env("USHER_ENTRA_CLIENT_SECRET", &details.client_secret);
        holds(&run(process).await.json());
    }
}
