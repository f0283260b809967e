//! The account journey on the practice tenant: check, plan, apply, check again, roll back; and what it leaves where.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;
use usher_practice::{Options, Practice};

use crate::support::{json, printed, usher};

struct Tenant {
    practice: Practice,
    folder: TempDir,
}

impl Tenant {
    async fn start(scenario: &str) -> Self {
        let options = Options {
            scenario: scenario.to_owned(),
            ..Options::default()
        };
        let practice = Practice::start(options).await.unwrap();
        let tenant = Self {
            practice,
            folder: tempfile::tempdir().unwrap(),
        };
        std::fs::write(
            tenant.path("endpoints.json"),
            tenant.practice.endpoints_json(),
        )
        .unwrap();
        tenant.save(&tenant.setup());
        tenant
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn save(&self, setup: &Value) {
        std::fs::write(self.path("setup.json"), setup.to_string()).unwrap();
    }

    fn setup(&self) -> Value {
        let details = self.practice.details();
        json!({
            "schema": "usher.setup/1", "name": "Practice", "journey": "account", "cloud": "azure",
            "entra": {"tenantId": details.tenant_id, "signIn": "client-secret", "clientId": details.client_id,
                      "app": {"displayName": "Azure Databricks SCIM Provisioning Connector"}},
            "databricks": {"accountId": details.account_id, "scimUrl": details.scim_url,
                           "servicePrincipalClientId": details.databricks_client_id, "workspaces": []},
            "want": {"assignmentRequired": false, "scope": "assigned", "provisioning": "on",
                     "notificationEmail": "iam@contoso.example", "deleteThreshold": 500},
        })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let details = self.practice.details();
        let mut command = usher(&["--no-keyring", "--setup"]);
        command
            .arg(self.path("setup.json"))
            .args(arguments)
            .env("USHER_ENDPOINTS", self.path("endpoints.json"))
            .env("USHER_WAIT_SCALE", "0.01")
            .env("USHER_SCIM_TOKEN", &details.scim_token)
            .env("USHER_ENTRA_CLIENT_SECRET", &details.client_secret)
            .env(
                "USHER_DATABRICKS_CLIENT_SECRET",
                &details.databricks_client_secret,
            );
        command
    }

    async fn run_command(&self, mut command: Command) -> Output {
        let output = tokio::task::spawn_blocking(move || command.output().unwrap())
            .await
            .unwrap();
        let details = self.practice.details();
        for secret in [
            &details.scim_token,
            &details.client_secret,
            &details.databricks_client_secret,
        ] {
            assert!(
                !printed(&output).contains(secret),
                "a secret was printed: {output:?}"
            );
            for file in ["setup.json", "setup.journal.jsonl", "checklist.md"] {
                let text = std::fs::read_to_string(self.path(file)).unwrap_or_default();
                assert!(!text.contains(secret), "a secret is in {file}");
            }
        }
        output
    }

    async fn run(&self, arguments: &[&str]) -> Output {
        self.run_command(self.command(arguments)).await
    }

    /// The journal and its lock, where they were written.
    fn journals(&self) -> Vec<String> {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.contains("journal")).collect()
    }

    /// Changes of both sides that a client made; the tenant's own provisioning is not counted.
    fn changes(&self) -> usize {
        self.practice.changes().len()
    }
}

fn states(outcome: &Value) -> Vec<String> {
    outcome["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["state"].as_str().unwrap().to_owned())
        .collect()
}

fn status_of(report: &Value, check: &str) -> String {
    let findings = report["findings"].as_array().unwrap();
    let finding = findings
        .iter()
        .find(|finding| finding["check"] == check)
        .unwrap();
    finding["status"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_account_journey_from_nothing_to_running_and_back() {
    let tenant = Tenant::start("fresh").await;
    let before = tenant.changes();

    let check = tenant.run(&["check", "--json"]).await;
    assert_eq!(check.status.code(), Some(1), "{check:?}");
    let report = json(&check);
    assert_eq!(report["schema"], "usher.report/1");
    assert_eq!(status_of(&report, "connection-from-here"), "pass");

    let plan = tenant.run(&["plan", "--json"]).await;
    assert_eq!(plan.status.code(), Some(0), "{plan:?}");
    let planned = json(&plan);
    assert_eq!(planned["schema"], "usher.plan/1");
    let kinds: Vec<&str> = planned["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds.first(), Some(&"create-application"));
    assert_eq!(kinds.last(), Some(&"start"));
    assert!(
        planned.to_string().contains("<secret>"),
        "the request is shown with its secret hidden"
    );
    assert_eq!(tenant.changes(), before, "check and plan change nothing");

    let apply = tenant
        .run(&["apply", "--yes", "--json", "--wait", "1"])
        .await;
    assert_eq!(apply.status.code(), Some(0), "{apply:?}");
    let outcome = json(&apply);
    assert_eq!(outcome["schema"], "usher.outcome/1");
    assert!(
        states(&outcome).iter().all(|state| state == "done"),
        "{outcome}"
    );
    assert_eq!(outcome["cycle"]["state"], "completed", "{outcome}");
    let saved: Value =
        serde_json::from_slice(&std::fs::read(tenant.path("setup.json")).unwrap()).unwrap();
    assert!(
        saved["entra"]["app"]["servicePrincipalId"].is_string(),
        "the set-up knows its application now"
    );

    let again = json(&tenant.run(&["plan", "--json"]).await);
    assert_eq!(again["changes"], json!([]), "the world is as wanted");
    let idle = json(
        &tenant
            .run(&["apply", "--yes", "--json", "--wait", "0"])
            .await,
    );
    assert_eq!(
        idle["cycle"]["state"], "completed",
        "nothing was changed, so no other cycle is waited for: {idle}"
    );
    let after = json(&tenant.run(&["check", "--json"]).await);
    for check in [
        "provisioning-on",
        "endpoint-matches",
        "secret-saved",
        "scope-assigned",
        "notification-email",
    ] {
        assert_eq!(status_of(&after, check), "pass", "{check}");
    }

    let rollback = tenant.run(&["rollback", "--yes", "--json"]).await;
    assert_eq!(rollback.status.code(), Some(0), "{rollback:?}");
    let undone = json(&rollback);
    assert_eq!(undone["changes"][0]["kind"], "start");
    assert_eq!(states(&undone).first().map(String::as_str), Some("undone"));
    assert_eq!(
        states(&undone).last().map(String::as_str),
        Some("manual"),
        "an application is deleted by nobody but a person"
    );
    let off = json(&tenant.run(&["check", "--json"]).await);
    assert_eq!(status_of(&off, "provisioning-on"), "fail");
}

#[tokio::test]
async fn a_check_tells_what_is_new_and_gone_since_an_earlier_one() {
    let tenant = Tenant::start("fresh").await;
    let first = tenant.run(&["check", "--json"]).await;
    std::fs::write(tenant.path("last.json"), &first.stdout).unwrap();
    let last = tenant.path("last.json").display().to_string();
    let wrong = tenant.path("setup.json").display().to_string();

    let same = json(&tenant.run(&["check", "--json", "--compare", &last]).await);
    assert_eq!(same["comparison"]["since"], json(&first)["generatedAt"]);
    assert_eq!(same["comparison"]["summary"]["new"], 0);
    assert_eq!(same["comparison"]["summary"]["gone"], 0);

    let apply = tenant.run(&["apply", "--yes", "--wait", "1"]).await;
    assert_eq!(apply.status.code(), Some(0), "{apply:?}");
    let after = tenant.run(&["check", "--compare", &last]).await;
    let words = String::from_utf8_lossy(&after.stdout).into_owned();
    assert!(words.contains("\nSince 20"), "{words}");
    assert!(
        words.contains("\nGone: ") && words.contains("(provisioning-on)"),
        "{words}"
    );

    // What is no report, and what is one of another set-up, is refused before anything is sent.
    let before = tenant.practice.requests().len();
    let no_report = tenant.run(&["check", "--json", "--compare", &wrong]).await;
    assert_eq!(no_report.status.code(), Some(2), "{no_report:?}");
    let mut setup = tenant.setup();
    setup["entra"]["tenantId"] = json!("99999999-2222-4333-8444-555566667777");
    tenant.save(&setup);
    let other = tenant.run(&["check", "--json", "--compare", &last]).await;
    assert_eq!(other.status.code(), Some(2), "{other:?}");
    assert_eq!(json(&other)["code"], "report-unreadable");
    assert_eq!(tenant.practice.requests().len(), before, "nothing was sent");
}

#[tokio::test]
async fn only_the_named_changes_are_made_and_an_unknown_one_is_wrong_usage() {
    let tenant = Tenant::start("fresh").await;
    let before = tenant.changes();
    let unknown = tenant
        .run(&["apply", "--yes", "--json", "--only", "start:nothing"])
        .await;
    assert_eq!(unknown.status.code(), Some(2), "{unknown:?}");
    assert_eq!(tenant.changes(), before);
    assert_eq!(tenant.journals(), Vec::<String>::new());
    let planned = json(&tenant.run(&["plan", "--json"]).await);
    let first = planned["changes"][0]["id"].as_str().unwrap();
    let outcome = json(
        &tenant
            .run(&["apply", "--yes", "--json", "--only", first])
            .await,
    );
    assert_eq!(outcome["changes"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_writes_asks_first() {
    let tenant = Tenant::start("fresh").await;
    let before = tenant.practice.requests().len();
    for command in ["apply", "rollback"] {
        let output = tenant.run(&[command, "--json"]).await;
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert_eq!(json(&output)["code"], "not-confirmed");
    }
    assert_eq!(tenant.practice.requests().len(), before, "nothing was sent");
}

#[tokio::test]
async fn what_the_set_up_lacks_is_named() {
    let tenant = Tenant::start("fresh").await;
    let without = |pointer: &str| {
        let mut setup = tenant.setup();
        *setup.pointer_mut(pointer).unwrap() = Value::Null;
        setup
    };
    let cases = [
        (without("/entra/signIn"), "entra.signIn"),
        (without("/entra/tenantId"), "entra.tenantId"),
        (without("/entra/clientId"), "entra.clientId"),
        (without("/databricks/scimUrl"), "databricks.scimUrl"),
    ];
    for (setup, field) in cases {
        tenant.save(&setup);
        let output = tenant.run(&["check", "--json"]).await;
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(
            json(&output)["message"].as_str().unwrap().contains(field),
            "{output:?}"
        );
    }
    assert!(tenant.practice.requests().is_empty());
}

#[tokio::test]
async fn a_refused_sign_in_and_a_missing_secret_are_told_apart() {
    let tenant = Tenant::start("fresh").await;
    let mut wrong = tenant.command(&["check", "--json"]);
    wrong.env(
        "USHER_ENTRA_CLIENT_SECRET",
        "not-the-secret-of-this-registration",
    );
    let refused = tenant.run_command(wrong).await;
    assert_eq!(refused.status.code(), Some(3), "{refused:?}");
    assert_eq!(json(&refused)["code"], "sign-in");
    assert!(!printed(&refused).contains("not-the-secret"));
    let mut none = tenant.command(&["check", "--json"]);
    none.env_remove("USHER_ENTRA_CLIENT_SECRET");
    let missing = tenant.run_command(none).await;
    assert_eq!(missing.status.code(), Some(2), "{missing:?}");
    assert_eq!(json(&missing)["code"], "secret-missing");
}

#[tokio::test]
async fn a_person_is_not_signed_in_without_a_terminal() {
    let tenant = Tenant::start("fresh").await;
    for way in ["browser", "device-code"] {
        let mut setup = tenant.setup();
        setup["entra"]["signIn"] = json!(way);
        tenant.save(&setup);
        let output = tenant.run(&["check", "--json"]).await;
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert_eq!(json(&output)["code"], "no-terminal");
    }
    assert!(tenant.practice.requests().is_empty());
}

#[tokio::test]
async fn by_hand_judges_databricks_alone_and_changes_nothing() {
    let tenant = Tenant::start("fresh").await;
    let mut setup = tenant.setup();
    setup["entra"]["signIn"] = json!("by-hand");
    tenant.save(&setup);
    let report = json(&tenant.run(&["check", "--json"]).await);
    assert_eq!(status_of(&report, "connection-from-here"), "pass");
    assert_eq!(status_of(&report, "provisioning-on"), "unknown");
    let before = tenant.changes();
    for command in ["apply", "rollback"] {
        let refused = tenant.run(&[command, "--yes", "--json"]).await;
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    }
    assert_eq!(tenant.changes(), before);
    assert_eq!(tenant.journals(), Vec::<String>::new());
}

#[tokio::test]
async fn a_checklist_is_written_in_each_format_and_verified() {
    let tenant = Tenant::start("fresh").await;
    for format in ["md", "html", "json", "csv"] {
        let file = tenant.path(&format!("checklist.{format}"));
        let path = file.display().to_string();
        let written = tenant
            .run(&["checklist", "--format", format, "-o", &path])
            .await;
        assert_eq!(written.status.code(), Some(0), "{written:?}");
        assert!(written.stdout.is_empty());
        assert_eq!(
            tenant
                .run(&["checklist", "--verify", &path])
                .await
                .status
                .code(),
            Some(0),
            "{format}"
        );
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, text.replacen("Practice", "Practise", 1)).unwrap();
        let changed = tenant
            .run(&["checklist", "--verify", &path, "--json"])
            .await;
        assert_eq!(changed.status.code(), Some(1), "{format}");
        assert_eq!(json(&changed)["verdict"], "changed");
    }
    let document = json(&tenant.run(&["checklist", "--format", "json"]).await);
    assert_eq!(document["schema"], "usher.checklist/1");
    let with_json = json(&tenant.run(&["checklist", "--format", "md", "--json"]).await);
    assert_eq!(
        with_json["schema"], "usher.checklist/1",
        "--json has a document on standard output, whatever the format"
    );
}

#[tokio::test]
async fn a_set_up_that_another_run_holds_is_left_alone() {
    let tenant = Tenant::start("fresh").await;
    let held =
        usher_engine::apply::FileJournal::open(&tenant.path("setup.json"), "a test").unwrap();
    let before = tenant.changes();
    let output = tenant.run(&["apply", "--yes", "--json"]).await;
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let body = json(&output);
    assert_eq!(body["code"], "locked");
    assert!(
        body["message"].as_str().unwrap().contains("a test"),
        "{body}"
    );
    assert_eq!(tenant.changes(), before);
    drop(held);
}
