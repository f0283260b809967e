//! The set-up as code: parsers other people wrote read it, and the script does on the practice tenant what it says.

use serde_json::json;
use usher_practice::Practice;
use usher_tests::process::run;
use usher_tests::{Home, Ran, place, python};

use crate::practice;

#[tokio::test]
async fn other_peoples_parsers_read_what_is_exported() {
    let home = Home::new();
    let mut command = python::script(&home, "export_checks.py");
    command.arg(place::root().join("tests/foreign/exported"));
    let ran = run(command).await;
    assert_eq!((ran.code, ran.out.trim()), (Some(0), "ok"), "{ran:#?}");
}

/// A set-up of the practice tenant, and the command that exports it.
async fn exported(home: &Home, practice: &Practice, code: &str) -> Ran {
    let details = practice.details();
    let setup = json!({
        "schema": "usher.setup/1", "name": "Contoso's \"practice\"", "journey": "account", "cloud": "azure",
        "entra": {
            "tenantId": details.tenant_id, "signIn": "client-secret", "clientId": details.client_id,
            "app": { "displayName": "Contoso's connector" }
        },
        "databricks": { "accountId": details.account_id, "scimUrl": details.scim_url },
        "want": {
            "assignmentRequired": false, "scope": "assigned", "provisioning": "on",
            "notificationEmail": "iam@contoso.example", "deleteThreshold": 500
        }
    });
    let file = home
        .write("setup.json", &setup.to_string())
        .display()
        .to_string();
    let folder = home.path().join(code).display().to_string();
    let arguments = [
        "--setup", &file, "--json", "export", "--as", code, "-o", &folder,
    ];
    let mut command = home.usher_on(practice, &arguments);
    command
        .arg("--no-keyring")
        .env("USHER_ENTRA_CLIENT_SECRET", &details.client_secret);
    run(command).await
}

/// What an export said became of its files.
fn outcomes(ran: &Ran) -> Vec<(String, String)> {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let files = ran.json()["files"].as_array().cloned().unwrap_or_default();
    files
        .iter()
        .map(|file| (text(&file["name"]), text(&file["what"])))
        .collect()
}

#[tokio::test]
async fn an_export_changes_nothing_and_holds_no_secret() {
    let practice = practice("fresh").await;
    let home = Home::new();
    for code in ["terraform", "graph-script"] {
        let ran = exported(&home, &practice, code).await;
        assert_eq!(ran.code, Some(0), "{ran:#?}");
        assert!(outcomes(&ran).iter().all(|(_, what)| what == "new"));
        let again = exported(&home, &practice, code).await;
        assert!(outcomes(&again).iter().all(|(_, what)| what == "unchanged"));
    }
    assert_eq!(practice.changes(), []);
    let details = practice.details();
    for secret in [&details.scim_token, &details.client_secret] {
        assert_eq!(home.files_holding(secret), Vec::<std::path::PathBuf>::new());
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_script_sets_the_connector_up_and_a_second_run_finds_it_there() {
    let practice = practice("fresh").await;
    let home = Home::new();
    let ran = exported(&home, &practice, "graph-script").await;
    assert_eq!(ran.code, Some(0), "{ran:#?}");

    let first = provision(&home, &practice).await;
    assert_eq!(first.code, Some(0), "{first:#?}");
    for said in [
        "Creating the enterprise application",
        "Creating the synchronization job",
        "Starting the sync",
    ] {
        assert!(first.err.contains(said), "{said}: {first:#?}");
    }
    let after_one = practice.changes().len();

    let second = provision(&home, &practice).await;
    assert_eq!(second.code, Some(0), "{second:#?}");
    assert!(!second.err.contains("Creating") && second.err.contains("The sync runs."));
    // Only the credentials are saved again: Entra does not show which token it has.
    assert!(practice.changes().len() <= after_one + 1);
    for printed in [first.printed(), second.printed()] {
        assert!(!printed.contains(&practice.details().scim_token));
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_script_saves_nothing_that_databricks_refuses() {
    let practice = practice("fresh").await;
    let home = Home::new();
    exported(&home, &practice, "graph-script").await;
    let mut command = script(&home, &practice);
    command.env("USHER_SCIM_TOKEN", "dsapi00000000000000000000000000000000");
    let ran = run(command).await;
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    assert!(ran.err.contains("validateCredentials"), "{ran:#?}");
    let requests = practice.requests();
    let mut writes = requests.iter().filter(|request| request.method == "PUT");
    assert!(writes.next().is_none(), "{requests:#?}");
}

#[cfg(unix)]
async fn provision(home: &Home, practice: &Practice) -> Ran {
    run(script(home, practice)).await
}

#[cfg(unix)]
fn script(home: &Home, practice: &Practice) -> tokio::process::Command {
    let details = practice.details();
    let mut command = home.command("sh");
    command
        .arg(home.path().join("graph-script/provision.sh"))
        .env("LOGIN_ORIGIN", &details.endpoints.login)
        .env("GRAPH_ORIGIN", &details.endpoints.graph)
        .env("PAUSE_SECONDS", "1")
        .env("USHER_SCIM_TOKEN", &details.scim_token)
        .env("USHER_ENTRA_CLIENT_SECRET", &details.client_secret);
    command
}
