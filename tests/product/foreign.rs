//! Clients other people wrote, on the practice tenant: what it teaches us must be true for them as well.

use usher_practice::Practice;
use usher_tests::process::run;
use usher_tests::{Home, Ran, python};

use crate::practice;

async fn foreign(script: &str, practice: &Practice) -> Ran {
    foreign_with(script, practice, &[]).await
}

async fn foreign_with(script: &str, practice: &Practice, arguments: &[&str]) -> Ran {
    let home = Home::new();
    let details = serde_json::to_string(practice.details()).expect("details are JSON");
    let mut command = python::script(&home, script);
    command.arg(home.write("practice.json", &details));
    command.args(arguments);
    run(command).await
}

#[tokio::test(flavor = "multi_thread")]
async fn scim_is_as_the_rfc_has_it_but_for_what_databricks_does_otherwise() {
    for (scenario, level) in [
        ("people-in-databricks", "account"),
        ("people-in-databricks", "account-2.1"),
        ("legacy-workspace", "workspace"),
    ] {
        let practice = practice(scenario).await;
        let ran = foreign_with("scim2_tester_checks.py", &practice, &[level]).await;
        assert_eq!(ran.code, Some(0), "{level}: {ran:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_databricks_sdk_reads_account_and_workspaces() {
    let practice = practice("people-in-databricks").await;
    let ran = foreign("databricks_sdk_reads.py", &practice).await;
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    assert_eq!(practice.changes(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_graph_sdk_sets_a_connector_up() {
    let practice = practice("fresh").await;
    let ran = foreign("msgraph_walk.py", &practice).await;
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    let changes = practice.changes();
    assert!(
        changes.iter().any(|change| change.what == "user created"),
        "nobody arrived: {ran:#?}"
    );
}
