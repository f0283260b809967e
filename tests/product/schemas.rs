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
        holds(&document(&home, &practice, &file, command).await);
    }
}

async fn document(home: &Home, practice: &Practice, setup: &str, command: &[&str]) -> Value {
    let details = practice.details();
    let mut arguments = vec!["--setup", setup, "--json", "--no-keyring"];
    arguments.extend(command);
    let mut process = home.usher_on(practice, &arguments);
    process.env("USHER_ENTRA_CLIENT_SECRET", &details.client_secret);
    for (workspace, pat) in &details.pats {
        process.env(format!("USHER_PAT_{workspace}"), pat);
    }
    run(process).await.json()
}

/// A set-up of each journey, seen by hand as well: what is looked at and what is planned.
#[tokio::test]
async fn the_documents_of_every_journey_are_as_published() {
    for (scenario, journey) in [
        ("quarantine", "account"),
        ("legacy-workspace", "workspace"),
        ("migrate-small", "migrate"),
        ("migrate-gap", "migrate"),
    ] {
        let practice = practice(scenario).await;
        let home = Home::new();
        let mut wanted: Value = serde_json::from_str(&setup(&practice)).expect("it is JSON");
        let workspaces = &practice.details().endpoints.workspaces;
        let named = workspaces
            .iter()
            .map(|(id, url)| json!({ "id": id, "url": url }));
        wanted["journey"] = journey.into();
        wanted["databricks"]["workspaces"] = named.collect();
        if journey == "workspace" {
            let url = format!("{}/api/2.0/preview/scim", workspaces["1001"]);
            wanted["databricks"]["scimUrl"] = url.into();
            wanted["databricks"]["workspaces"] = json!([]);
        }
        for way in ["client-secret", "by-hand"] {
            wanted["entra"]["signIn"] = way.into();
            holds(&wanted);
            let file = home.write(&format!("{way}.json"), &wanted.to_string());
            let file = file.display().to_string();
            let commands: [&[&str]; 4] = [
                &["check"],
                &["plan"],
                &["checklist", "--format", "json"],
                &["rollback", "--yes"],
            ];
            for command in commands {
                holds(&document(&home, &practice, &file, command).await);
            }
        }
    }
}
