//! The move on the practice tenant: three workspace connectors to the account, back, and again.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use usher_practice::entra::sample::{account_name, accounts};
use usher_practice::provisioning::run_all;
use usher_practice::{Options, Practice, TimeScale};

use crate::support::{json, usher};

struct Tenant {
    practice: Practice,
    folder: TempDir,
}

impl Tenant {
    async fn start(scenario: &str, want: Value) -> Self {
        let options = Options {
            scenario: scenario.to_owned(),
            time: TimeScale::Every(Duration::from_millis(300)),
            ..Options::default()
        };
        Self::start_with(options, want).await
    }

    async fn start_with(options: Options, want: Value) -> Self {
        let practice = Practice::start(options).await.unwrap();
        let tenant = Self {
            practice,
            folder: tempfile::tempdir().unwrap(),
        };
        let endpoints = tenant.practice.endpoints_json();
        std::fs::write(tenant.path("endpoints.json"), endpoints).unwrap();
        tenant.save(want);
        tenant
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn save(&self, want: Value) {
        let id = &self.practice.details().databricks_client_id;
        self.save_with(want, json!(id), json!([]));
    }

    /// The set-up with this second credential and these workspaces.
    fn save_with(&self, want: Value, second: Value, workspaces: Value) {
        let details = self.practice.details();
        let setup = json!({
            "schema": "usher.setup/1", "name": "Practice", "journey": "migrate", "cloud": "azure",
            "entra": {"tenantId": details.tenant_id, "signIn": "client-secret", "clientId": details.client_id,
                      "app": {"displayName": "Azure Databricks SCIM Provisioning Connector"}},
            "databricks": {"accountId": details.account_id, "scimUrl": details.scim_url,
                           "servicePrincipalClientId": second, "workspaces": workspaces},
            "want": want,
        });
        std::fs::write(self.path("setup.json"), setup.to_string()).unwrap();
    }

    async fn run(&self, arguments: &[&str]) -> Output {
        let details = self.practice.details();
        let mut command: Command = usher(&["--no-keyring", "--setup"]);
        command
            .arg(self.path("setup.json"))
            .args(arguments)
            .env("USHER_ENDPOINTS", self.path("endpoints.json"))
            .env("USHER_WAIT_SCALE", "0.01")
            .env("USHER_SCIM_TOKEN", &details.scim_token)
            .env("USHER_ENTRA_CLIENT_SECRET", &details.client_secret);
        let secret = &details.databricks_client_secret;
        command.env("USHER_DATABRICKS_CLIENT_SECRET", secret);
        for (id, token) in &details.pats {
            command.env(format!("USHER_PAT_{id}"), token);
        }
        tokio::task::spawn_blocking(move || command.output().unwrap())
            .await
            .unwrap()
    }

    /// The workspace connectors that run, by name.
    fn running(&self) -> Vec<String> {
        self.practice.entra().read(|directory| {
            let all = directory.service_principals.iter();
            let mut names: Vec<String> = all
                .filter(|one| {
                    let mut jobs = one.synchronization.jobs.iter();
                    jobs.any(|job| job.schedule.name() == "Active")
                })
                .map(|one| one.display_name.clone())
                .filter(|name| name.starts_with("Databricks "))
                .collect();
            names.sort();
            names
        })
    }

    /// How often anybody was made inactive so far.
    fn deactivations(&self) -> usize {
        let changes = self.practice.changes();
        let off = |change: &&usher_practice::harness::Change| {
            change.before.to_string().contains(r#""active":true"#)
                && change.after.to_string().contains(r#""active":false"#)
        };
        changes.iter().filter(off).count()
    }
}

fn of_kind<'a>(document: &'a Value, kind: &str) -> Vec<&'a Value> {
    let changes = document["changes"].as_array().unwrap().iter();
    changes.filter(|change| change["kind"] == kind).collect()
}

const ALL: [&str; 3] = [
    "Databricks harbour-analytics",
    "Databricks harbour-finance",
    "Databricks harbour-research",
];
const NOT_FEDERATED: [&str; 1] = ["Databricks harbour-research"];

#[tokio::test]
async fn a_move_there_and_back_and_there_again() {
    let tenant = Tenant::start("migrate-small", json!({"provisioning": "on"})).await;
    let before = tenant.deactivations();
    assert_eq!(tenant.running(), ALL);
    let plan = tenant.run(&["plan", "--json"]).await;
    assert_eq!(plan.status.code(), Some(0), "{plan:?}");
    assert_eq!(of_kind(&json(&plan), "pause").len(), 2);

    for round in 0..2 {
        let apply = tenant.run(&["apply", "--yes", "--json"]).await;
        assert_eq!(apply.status.code(), Some(0), "{round}: {apply:?}");
        let outcome = json(&apply);
        let pauses = of_kind(&outcome, "pause");
        assert_eq!(pauses.len(), 2, "{outcome}");
        for pause in pauses {
            assert_eq!(pause["state"], "done", "{outcome}");
            assert!(
                pause["reason"].as_str().unwrap().contains("what they had"),
                "{outcome}"
            );
        }
        let workspaces = outcome["workspaces"].as_array().unwrap();
        assert_eq!(workspaces.len(), 3, "{outcome}");
        assert!(
            workspaces.iter().all(|one| one["lost"] == json!([])),
            "{outcome}"
        );
        assert_eq!(tenant.running(), NOT_FEDERATED);
        let again = json(&tenant.run(&["plan", "--json"]).await);
        assert_eq!(again["changes"], json!([]));

        let back = tenant.run(&["rollback", "--yes", "--json"]).await;
        assert_eq!(back.status.code(), Some(0), "{round}: {back:?}");
        assert_eq!(tenant.running(), ALL, "{}", json(&back));
    }
    assert_eq!(tenant.deactivations(), before, "somebody was deactivated");
}

#[tokio::test]
async fn a_gap_is_closed_before_anything_is_paused_or_refused_with_the_name() {
    let strict = json!({"provisioning": "on", "coverGaps": false});
    let tenant = Tenant::start("migrate-gap", strict).await;
    let refused = tenant.run(&["apply", "--yes", "--json"]).await;
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    let refusal = &json(&refused)["refusals"][0];
    assert_eq!(refusal["check"], "coverage");
    assert!(
        refusal["title"].as_str().unwrap().contains('@'),
        "{refusal}"
    );
    assert_eq!(tenant.running(), ALL);

    tenant.save(json!({"provisioning": "on"}));
    let before = tenant.deactivations();
    let apply = tenant.run(&["apply", "--yes", "--json"]).await;
    assert_eq!(apply.status.code(), Some(0), "{apply:?}");
    let outcome = json(&apply);
    assert_eq!(outcome["changes"][0]["kind"], "assign", "{outcome}");
    assert_eq!(of_kind(&outcome, "pause").len(), 2);
    assert_eq!(tenant.running(), NOT_FEDERATED);
    assert_eq!(tenant.deactivations(), before);
}

#[tokio::test]
async fn assignments_come_off_later_and_are_put_back_before_anything_starts() {
    let tenant = Tenant::start("migrate-small", json!({"provisioning": "on"})).await;
    let before = tenant.deactivations();
    tenant.save(json!({"provisioning": "on", "unassignRetired": true}));
    let early = tenant.run(&["plan", "--json"]).await;
    assert_eq!(early.status.code(), Some(1), "{early:?}");
    assert_eq!(json(&early)["refusals"][0]["check"], "stop-before-unassign");

    tenant.save(json!({"provisioning": "on"}));
    let apply = tenant.run(&["apply", "--yes", "--json"]).await;
    assert_eq!(apply.status.code(), Some(0), "{apply:?}");
    tenant.save(json!({"provisioning": "on", "unassignRetired": true}));
    let tidy = tenant.run(&["apply", "--yes", "--json"]).await;
    assert_eq!(tidy.status.code(), Some(0), "{tidy:?}");
    assert!(
        !of_kind(&json(&tidy), "unassign").is_empty(),
        "{}",
        json(&tidy)
    );

    let back = tenant.run(&["rollback", "--yes", "--json"]).await;
    assert_eq!(back.status.code(), Some(0), "{back:?}");
    let undone = json(&back);
    let kinds: Vec<&str> = undone["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["kind"].as_str().unwrap())
        .collect();
    let last_unassign = kinds.iter().rposition(|kind| *kind == "unassign");
    let first_pause = kinds.iter().position(|kind| *kind == "pause");
    assert!(last_unassign < first_pause, "{kinds:?}");
    assert_eq!(tenant.running(), ALL, "{undone}");
    // Every connector that runs goes over everybody once more.
    drop(run_all(tenant.practice.entra(), None).await);
    assert_eq!(tenant.deactivations(), before);
}

#[tokio::test]
async fn without_a_second_credential_the_set_up_says_what_is_federated_and_the_plan_what_it_could_not_see()
 {
    let tenant = Tenant::start("migrate-small", json!({})).await;
    let deactivated = tenant.deactivations();
    let origins = tenant.practice.details().endpoints.workspaces.clone();
    let workspaces = |said: bool| {
        let one = |(id, url): (&String, &String)| match said {
            true => json!({ "id": id, "url": url, "federated": id != "1003" }),
            false => json!({ "id": id, "url": url }),
        };
        Value::Array(origins.iter().map(one).collect())
    };
    tenant.save_with(json!({}), json!(null), workspaces(false));
    let refused = tenant.run(&["plan", "--json"]).await;
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    let refusal = &json(&refused)["refusals"][0];
    assert_eq!(refusal["check"], "identity-federation");
    let fix = refusal["fix"].as_str().unwrap();
    assert!(fix.contains("databricks.workspaces"), "{fix}");

    tenant.save_with(
        json!({ "provisioning": "on" }),
        json!(null),
        workspaces(true),
    );
    let planned = tenant.run(&["plan", "--json"]).await;
    assert_eq!(planned.status.code(), Some(0), "{planned:?}");
    let plan = json(&planned);
    assert_eq!(of_kind(&plan, "pause").len(), 2);
    let unseen = plan["byHand"].as_array().unwrap();
    let says = |step: &Value| {
        let title = step["title"].as_str().unwrap();
        title.contains("cannot be compared") && title.contains("1001") && !title.contains("1003")
    };
    assert!(unseen.iter().any(says), "{unseen:#?}");
    let applied = tenant.run(&["apply", "--yes", "--json"]).await;
    assert_eq!(applied.status.code(), Some(0), "{applied:?}");
    assert_eq!(tenant.running(), NOT_FEDERATED);
    drop(run_all(tenant.practice.entra(), None).await);
    assert_eq!(tenant.deactivations(), deactivated);
}

/// The large scenario with fewer people: its code and its faults are the same, and so is what is lost, which is nothing.
#[tokio::test]
async fn a_large_move_is_planned_under_429_and_with_a_workspace_that_is_out_of_order() {
    let options = Options {
        scenario: "migrate-large-throttled".to_owned(),
        people: Some(2_500),
        ..Options::default()
    };
    let tenant = Tenant::start_with(options, json!({"provisioning": "on"})).await;
    let before = tenant.practice.changes().len();
    let plan = tenant.run(&["plan", "--json"]).await;
    assert_eq!(plan.status.code(), Some(0), "{plan:?}");
    let document = json(&plan);
    assert_eq!(of_kind(&document, "assign").len(), 3, "{document}");
    assert_eq!(of_kind(&document, "pause").len(), 5, "{document}");
    let requests = tenant.practice.requests();
    let answered = |host: &str, status: u16| {
        let of = requests.iter().filter(|one| one.origin.starts_with(host));
        of.filter(|one| one.status == Some(status)).count()
    };
    for host in ["graph", "account", "workspace-"] {
        assert_eq!(answered(host, 429), 5, "{host}");
    }
    assert!(answered("workspace-1001", 500) > 0);
    assert_eq!(
        tenant.practice.changes().len(),
        before,
        "planning changes nothing"
    );
}

#[tokio::test]
async fn what_people_take_along_from_a_move_is_written() {
    let tenant = Tenant::start("migrate-small", json!({"provisioning": "on"})).await;
    let folder = tenant.path("report");
    let folder = folder.to_str().unwrap();
    let written = tenant
        .run(&["export", "--as", "move-report", "-o", folder, "--json"])
        .await;
    assert_eq!(written.status.code(), Some(0), "{written:?}");
    let names: Vec<String> = json(&written)["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        names,
        ["coverage.csv", "local-groups.md", "local-groups.csv"]
    );
    let read = |name: &str| std::fs::read_to_string(tenant.path("report").join(name)).unwrap();
    let page = read("local-groups.md");
    // Two workspaces have the group with other people: who they are, and how each is renamed, without a further look.
    let origins = &tenant.practice.details().endpoints.workspaces;
    for id in ["1001", "1002"] {
        let rename = format!(
            "Rename: `PATCH {}/api/2.0/preview/scim/v2/Groups/",
            origins[id]
        );
        assert!(page.contains(&rename), "{page}");
    }
    assert!(
        page.contains("one account group cannot stand for both"),
        "{page}"
    );
    assert!(
        page.contains('@') && page.contains("db-temp-data-readers"),
        "{page}"
    );
    assert!(read("local-groups.csv").contains("data-readers"));
    assert!(read("coverage.csv").contains("harbour-finance"));
}

/// A person at a terminal signs in once for both sides, with a code; nothing of either side is entered as a secret but the account's
/// SCIM token.
#[tokio::test]
async fn an_admins_own_sign_in_is_the_second_credential() {
    let tenant = Tenant::start("migrate-small", json!({"provisioning": "on"})).await;
    let details = tenant.practice.details();
    let admin = account_name(accounts::ADMIN);
    let entra = tenant.practice.entra();
    entra.turn(|knobs| knobs.auto_approve = Some(admin));
    tenant.save_with(json!({"provisioning": "on"}), json!(null), json!([]));
    let path = tenant.path("setup.json");
    let mut setup: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    setup["entra"]["signIn"] = json!("device-code");
    setup["databricks"]["asSignedIn"] = json!(true);
    std::fs::write(&path, setup.to_string()).unwrap();

    let plan = tenant.path("plan.json");
    let words = [
        env!("CARGO_BIN_EXE_usher"),
        "--no-keyring --json --setup",
        path.to_str().unwrap(),
        "plan >",
        plan.to_str().unwrap(),
    ];
    // `script` is the terminal: what a person reads there is on standard error.
    let mut terminal = Command::new("script");
    terminal.args(["-qec", &words.join(" "), "/dev/null"]);
    terminal.env("USHER_ENDPOINTS", tenant.path("endpoints.json"));
    terminal.env("USHER_WAIT_SCALE", "0.01");
    terminal.env("USHER_SCIM_TOKEN", &details.scim_token);
    let said = tokio::task::spawn_blocking(move || terminal.output().unwrap());
    let said = said.await.unwrap();
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(said.contains("type the code"), "{said}");
    assert!(!said.contains("No sign-in to Azure Databricks"), "{said}");
    let plan: Value = serde_json::from_slice(&std::fs::read(&plan).unwrap()).unwrap();
    // Federation and assignments are an account admin's to see: with them the move is planned, and nothing of it is unseen.
    assert_eq!(of_kind(&plan, "pause").len(), 2, "{plan}");
    let unseen = plan["byHand"].as_array().into_iter().flatten();
    let unseen = unseen.filter(|step| step["check"] == "workspace-access");
    assert_eq!(unseen.count(), 0, "{plan}");
}
