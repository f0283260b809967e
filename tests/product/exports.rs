//! The set-up as code: parsers other people wrote read it, and the script does on the practice tenant what it says.

use serde_json::{Value, json};
use usher_practice::Practice;
use usher_tests::process::run;
use usher_tests::{Home, Ran, place, python};

use crate::practice;

/// Holds everything that would break out of a string, a comment or a template.
const HOSTILE: &str = include_str!("../foreign/hostile.txt");

#[tokio::test]
async fn other_peoples_parsers_read_what_is_exported() {
    let home = Home::new();
    let (fresh, connected, workspace) = tokio::join!(
        practice("fresh"),
        practice("connected"),
        practice("workspace-runs")
    );
    let account = |practice| setup_of(practice, "Contoso's \"practice\"", "Contoso's connector");
    let mut of_a_workspace = account(&workspace);
    let details = workspace.details();
    let (id, origin) = details
        .endpoints
        .workspaces
        .iter()
        .next()
        .expect("there is a workspace");
    of_a_workspace["journey"] = json!("workspace");
    of_a_workspace["databricks"] = json!({
        "scimUrl": format!("{origin}/api/2.0/preview/scim"),
        "workspaces": [{ "id": id, "url": origin }],
    });
    of_a_workspace["want"]["provisioning"] = json!("off");
    let mut hostile = setup_of(&fresh, HOSTILE, HOSTILE);
    hostile["want"]["assign"] = json!([{ "type": "group", "id": "6f1c", "displayName": HOSTILE }]);
    let mut existing = account(&connected);
    existing["entra"]["app"] = json!({});
    for (case, practice, setup) in [
        ("new", &fresh, &account(&fresh)),
        ("existing", &connected, &existing),
        ("workspace", &workspace, &of_a_workspace),
        ("hostile", &fresh, &hostile),
    ] {
        for code in ["terraform", "graph-script"] {
            let ran = export(&home, practice, setup, code, &format!("cases/{case}")).await;
            assert_eq!(ran.code, Some(0), "{case}: {ran:#?}");
        }
    }
    let mut command = python::script(&home, "export_checks.py");
    command.arg(home.path().join("cases"));
    let ran = run(command).await;
    assert_eq!((ran.code, ran.out.trim()), (Some(0), "ok"), "{ran:#?}");
}

#[tokio::test]
async fn other_peoples_parsers_read_the_reminder() {
    let home = Home::new();
    let mut command = python::script(&home, "reminder_checks.py");
    command.arg(place::root().join("tests/foreign/reminders"));
    let ran = run(command).await;
    assert_eq!((ran.code, ran.out.trim()), (Some(0), "ok"), "{ran:#?}");
}

/// A set-up of the practice tenant.
fn setup_of(practice: &Practice, name: &str, app: &str) -> Value {
    let details = practice.details();
    json!({
        "schema": "usher.setup/1", "name": name, "journey": "account", "cloud": "azure",
        "entra": {
            "tenantId": details.tenant_id, "signIn": "client-secret", "clientId": details.client_id,
            "app": { "displayName": app }
        },
        "databricks": { "accountId": details.account_id, "scimUrl": details.scim_url },
        "want": {
            "assignmentRequired": false, "scope": "assigned", "provisioning": "on",
            "notificationEmail": "iam@contoso.example", "deleteThreshold": 500
        }
    })
}

/// Exports a set-up into a folder of `home`.
async fn export(home: &Home, practice: &Practice, setup: &Value, code: &str, folder: &str) -> Ran {
    let file = home
        .write("setup.json", &setup.to_string())
        .display()
        .to_string();
    let folder = home.path().join(folder).display().to_string();
    let arguments = [
        "--setup", &file, "--json", "export", "--as", code, "-o", &folder,
    ];
    let mut command = home.usher_on(practice, &arguments);
    command.arg("--no-keyring").env(
        "USHER_ENTRA_CLIENT_SECRET",
        &practice.details().client_secret,
    );
    run(command).await
}

/// The usual set-up, exported into a folder named after the format.
async fn exported(home: &Home, practice: &Practice, code: &str) -> Ran {
    let setup = setup_of(practice, "Contoso's \"practice\"", "Contoso's connector");
    export(home, practice, &setup, code, code).await
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

/// The one role for users is not always called "User" (facts/entra §1.13).
#[cfg(unix)]
#[tokio::test]
async fn the_script_assigns_with_whatever_role_there_is_for_users() {
    let practice = practice("fresh").await;
    let home = Home::new();
    let user = practice
        .entra()
        .read(|directory| directory.users.iter().next().map(|user| user.id));
    let mut setup = setup_of(&practice, "Contoso", "Contoso's connector");
    setup["want"]["assign"] = json!([{ "type": "user", "id": user }]);
    export(&home, &practice, &setup, "graph-script", "graph-script").await;
    assert_eq!(provision(&home, &practice).await.code, Some(0));
    practice.entra().change(|directory| {
        for one in directory.service_principals.iter_mut() {
            for role in &mut one.app_roles {
                role.display_name = "Databricks".to_owned();
            }
            one.assignments.clear();
        }
    });
    let again = provision(&home, &practice).await;
    assert_eq!(again.code, Some(0), "{again:#?}");
    practice.entra().read(|directory| {
        let mut all = directory.service_principals.iter();
        let own = all.find(|one| one.display_name == "Contoso's connector");
        let own = own.unwrap();
        assert_eq!(own.assignments[0].app_role_id, own.app_roles[0].id);
    });
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
