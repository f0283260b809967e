//! What `contracts/cli.md` promises in a sentence and no journey needs: exit statuses, loudness, `--only`, `--wait`, ids that stay.

use serde_json::{Value, json};
use usher_practice::{FaultKind, FaultRule, ids};
use usher_tests::process::run;

use crate::journeys::ACCOUNT;
use crate::schemas;
use crate::tenant::{Tenant, pattern};

fn status(code: u16, message: &str) -> FaultKind {
    FaultKind::Status {
        code,
        headers: Vec::new(),
        body: json!({ "error": { "code": "Practice", "message": message } }).to_string(),
    }
}

/// The changes of a document.
fn changes(document: &Value) -> &[Value] {
    document["changes"].as_array().map_or(&[], Vec::as_slice)
}

fn states(document: &Value) -> Vec<&str> {
    changes(document)
        .iter()
        .map(|change| change["state"].as_str().unwrap_or_default())
        .collect()
}

#[tokio::test]
async fn check_ends_in_what_it_found() {
    let tenant = ACCOUNT.begin().await;
    let code = async |arguments: &[&str]| {
        let ran = tenant.run(arguments).await;
        schemas::holds(&ran.json());
        (ran.code, ran.json())
    };
    let (nothing_yet, report) = code(&["check", "--json"]).await;
    assert_eq!(nothing_yet, Some(1), "{report:#}");
    assert!(report["summary"]["fail"].as_u64() > Some(0));

    let applied = tenant.run(&["apply", "--yes", "--wait", "1"]).await;
    assert_eq!(applied.code, Some(0), "{applied:#?}");
    let (good, report) = code(&["check", "--json"]).await;
    let failing = report["findings"].as_array().into_iter().flatten();
    let failing: Vec<_> = failing.filter(|one| one["status"] == "fail").collect();
    assert_eq!((good, failing), (Some(0), Vec::new()));
    let left = |what: &str| report["summary"][what].as_u64().unwrap_or_default();
    assert!(
        left("warn") + left("unknown") > 0,
        "{:#}",
        report["summary"]
    );
    assert_eq!(code(&["check", "--json", "--strict"]).await.0, Some(1));

    // Graph that answers nothing is no verdict; the other side alone would be half a report.
    let faults = &tenant.practice.control().faults;
    let rule = FaultRule::new("graph", "*", status(503, "Out of order."));
    faults.add(rule.user_agent("usher"));
    let (unreachable, error) = code(&["check", "--json"]).await;
    assert_eq!(unreachable, Some(3), "{error:#}");
    assert_eq!(error["code"], "graph-unreachable");
    faults.clear();

    let mut refused = tenant.usher(&["check", "--json"]);
    refused.env("USHER_ENTRA_CLIENT_SECRET", "not-the-secret");
    let refused = run(refused).await;
    assert_eq!(refused.code, Some(3), "{refused:#?}");
    assert_eq!(refused.json()["code"], "sign-in");
    assert_eq!(
        code(&["check", "--json", "--no-such-option"]).await.0,
        Some(2)
    );
}

#[tokio::test]
async fn a_keyring_that_is_not_there_is_said_and_nothing_falls_back() {
    let tenant = ACCOUNT.begin().await;
    let command = |without: &str, arguments: &[&str]| {
        // As `Tenant::usher`, and with the keyring: there is no bus to ask one on.
        let mut command = tenant.home.usher_on(&tenant.practice, arguments);
        command.arg("--setup").arg(tenant.setup_path());
        command.envs(tenant.secrets());
        command.env_remove(without);
        command
    };
    let needed = run(command("USHER_ENTRA_CLIENT_SECRET", &["check", "--json"])).await;
    assert_eq!(needed.code, Some(3), "{needed:#?}");
    let error = needed.json();
    assert_eq!(error["code"], "keyring-no-service", "{error:#}");
    let hint = error["hint"].as_str().unwrap_or_default();
    assert!(hint.contains("USHER_ENTRA_CLIENT_SECRET") && hint.contains("--no-keyring"));
    assert_eq!(tenant.asked(), []);

    let optional = run(command("USHER_DATABRICKS_CLIENT_SECRET", &["plan"])).await;
    assert_eq!(optional.code, Some(0), "{optional:#?}");
    assert_eq!(
        optional.err.matches("The keyring cannot be asked").count(),
        1
    );
}

#[tokio::test]
async fn quiet_is_quiet_and_each_v_says_more() {
    let mut said = Vec::new();
    for loudness in ["--quiet", "", "-v", "-vv"] {
        let tenant = ACCOUNT.begin().await;
        let arguments = ["apply", "--yes", "--json", loudness];
        let arguments: Vec<&str> = arguments
            .into_iter()
            .filter(|one| !one.is_empty())
            .collect();
        let ran = tenant.run(&arguments).await;
        assert_eq!(ran.code, Some(0), "{ran:#?}");
        ran.json();
        said.push(ran.err.lines().count());
    }
    assert_eq!(said[0], 0);
    assert!(said.is_sorted_by(|less, more| less < more), "{said:?}");
}

#[tokio::test]
async fn ids_stay_and_requests_are_whole() {
    let tenant = ACCOUNT.begin().await;
    let plan = tenant.run(&["plan", "--json"]).await.json();
    let again = tenant.run(&["plan", "--json"]).await.json();
    assert_eq!(plan["changes"], again["changes"]);
    let graph = &tenant.practice.details().endpoints.graph;
    let mut known: Vec<String> = Vec::new();
    for change in changes(&plan) {
        let (id, kind) = (change["id"].as_str(), change["kind"].as_str());
        let (id, kind) = id.zip(kind).expect("a change has an id and a kind");
        assert!(id.starts_with(&format!("{kind}:")), "{id} is no {kind}");
        let request = &change["request"];
        let url = request["url"].as_str().unwrap_or_default();
        assert!(url.starts_with(&format!("{graph}/v1.0/")), "{url}");
        assert!(request.get("body").is_some(), "without a body it is null");
        // What an earlier change will bring is named by that change.
        let text = request.to_string();
        for reference in text.split("{{").skip(1) {
            let (name, _) = reference.split_once("}}").expect("it is closed");
            let (by, _field) = name.rsplit_once('.').expect("it names a field");
            assert!(known.iter().any(|id| id == by), "{name} of {known:?}");
        }
        assert!(["yes", "no", "manual"].contains(&change["undo"].as_str().unwrap_or_default()));
        known.push(id.to_owned());
    }
    assert!(plan.to_string().contains("\"<secret>\""));
}

#[tokio::test]
async fn a_change_that_is_done_already_is_nothing_left_to_do() {
    let tenant = ACCOUNT.begin().await;
    let plan = tenant.run(&["plan", "--json"]).await.json();
    let ids: Vec<String> = changes(&plan)
        .iter()
        .map(|change| change["id"].as_str().unwrap_or_default().to_owned())
        .collect();
    let first = &*ids[0];
    let only = ["apply", "--yes", "--json", "--only", first];
    let done = tenant.run(&only).await;
    assert_eq!((done.code, states(&done.json())), (Some(0), vec!["done"]));
    let writes = tenant.writes().len();
    let again = tenant.run(&only).await;
    schemas::holds(&again.json());
    assert_eq!(
        (again.code, states(&again.json())),
        (Some(0), vec!["skipped"])
    );
    assert_eq!(again.json()["changes"][0]["id"], first);
    assert_eq!(tenant.writes().len(), writes, "nothing was sent");
    // Together with one that is not done, and with one that nobody knows.
    let both = ["apply", "--yes", "--json", "--only", first, &ids[1]];
    let both = tenant.run(&both).await;
    assert_eq!(
        (both.code, states(&both.json())),
        (Some(0), vec!["skipped", "done"])
    );
    let unknown = ["apply", "--yes", "--json", "--only", first, "start:nobody"];
    let unknown = tenant.run(&unknown).await;
    assert_eq!(unknown.code, Some(2), "{unknown:#?}");
    assert_eq!(unknown.json()["code"], "only");
    // What was taken back is not done.
    let back = tenant.run(&["rollback", "--yes", "--json"]).await;
    assert_eq!(back.code, Some(0), "{back:#?}");
}

#[tokio::test]
async fn a_change_that_needs_another_is_not_made_without_it() {
    let tenant = ACCOUNT.begin().await;
    let plan = tenant.run(&["plan", "--json"]).await.json();
    let last = changes(&plan).last().expect("there are changes")["id"].clone();
    let last = last.as_str().unwrap_or_default();
    let ran = tenant
        .run(&["apply", "--yes", "--json", "--only", last])
        .await;
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    assert_eq!(states(&ran.json()), ["failed"]);
    let why = ran.json()["changes"][0]["error"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    assert!(
        why.contains("create-application:") || why.contains("create-job:"),
        "{why}"
    );
    assert!(tenant.writes().is_empty());
}

#[tokio::test]
async fn what_fails_in_the_middle_ends_the_run_and_is_told_whole() {
    let calm = ACCOUNT.undisturbed().await;
    for (rule, write) in calm
        .places(status(400, "Not today."))
        .into_iter()
        .skip(1)
        .step_by(3)
    {
        let tenant = ACCOUNT.begin().await;
        let planned = tenant.run(&["plan", "--json"]).await.json();
        let path = rule.path.clone();
        tenant.practice.control().faults.add(FaultRule {
            times: None,
            ..rule
        });
        let arguments = ["apply", "--yes", "--json", "--wait", "1"];
        let ran = tenant.run(&arguments).await;
        assert_eq!(ran.code, Some(1), "{write}: {ran:#?}");
        let outcome = ran.json();
        schemas::holds(&outcome);
        assert_eq!(changes(&outcome).len(), changes(&planned).len(), "{write}");
        assert_eq!(
            outcome.get("cycle"),
            None,
            "no cycle is waited for: {write}"
        );
        let states = states(&outcome);
        let failed = states.iter().position(|state| *state == "failed");
        let failed = failed.unwrap_or_else(|| panic!("{write}: {states:?}"));
        assert!(
            states[..failed].iter().all(|state| *state == "done"),
            "{states:?}"
        );
        assert!(
            states[failed + 1..]
                .iter()
                .all(|state| *state == "not-tried")
        );
        let why = outcome["changes"][failed]["error"]
            .as_str()
            .unwrap_or_default();
        assert!(why.contains("Not today."), "{why}");
        let mut after = tenant.writes().into_iter().map(|one| pattern(&one.path));
        assert_eq!(
            after.next_back().as_deref(),
            Some(&*path),
            "nothing was sent after it"
        );
        // The same for one change alone.
        tenant.practice.control().faults.clear();
        ACCOUNT.finish(&tenant, &write).await;
        assert_eq!(tenant.connectors(), calm.end, "{write}");
    }
}

#[tokio::test]
async fn a_wait_that_is_over_and_one_that_cannot_be_watched_are_no_failure() {
    let tenant = ACCOUNT.begin().await;
    let faults = &tenant.practice.control().faults;
    let rule = FaultRule::new("account", "*", FaultKind::Slow { millis: 3_000 });
    let rule = rule.method("POST");
    faults.add(rule.user_agent(ids::PROVISIONING_USER_AGENT));
    let ran = tenant
        .run(&["apply", "--yes", "--json", "--wait", "0"])
        .await;
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    assert_eq!(ran.json()["cycle"]["state"], "not-yet", "{}", ran.out);
    let words = tenant.run(&["apply", "--yes", "--wait", "0"]).await;
    assert!(words.out.contains("has not completed yet"), "{}", words.out);

    let path = "/v1.0/servicePrincipals/*/synchronization/jobs/*";
    let rule = FaultRule::new("graph", path, status(403, "Nobody may look."));
    faults.add(rule.method("GET").user_agent("usher"));
    let ran = tenant
        .run(&["apply", "--yes", "--json", "--wait", "1"])
        .await;
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    schemas::holds(&ran.json());
    assert_eq!(ran.json()["cycle"]["state"], "not-yet", "{}", ran.out);
    assert!(ran.err.contains("cannot be watched"), "{}", ran.err);
}

#[tokio::test]
async fn another_account_than_the_urls_is_bad_input() {
    let tenant = ACCOUNT.begin().await;
    let mut setup = tenant.setup();
    setup["databricks"]["accountId"] = json!("0f0e0d0c-0b0a-4908-8706-050403020100");
    for journey in ["account", "migrate"] {
        setup["journey"] = json!(journey);
        tenant.save(&setup);
        for command in [&["plan"][..], &["check"], &["apply", "--yes"]] {
            let ran = tenant.run(&[command, &["--json"]].concat()).await;
            assert_eq!(ran.code, Some(2), "{ran:#?}");
            let message = ran.json()["message"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            assert!(message.contains("databricks.accountId"), "{message}");
            assert!(message.contains("databricks.scimUrl"), "{message}");
        }
    }
    assert_eq!(tenant.asked(), []);
    // The same id in capitals is the same account.
    let mut same = tenant.wanted("account", json!({ "provisioning": "on" }));
    let capitals = tenant.practice.details().account_id.to_uppercase();
    same["databricks"]["accountId"] = json!(capitals);
    tenant.save(&same);
    assert_eq!(tenant.run(&["plan", "--json"]).await.code, Some(0));
}

#[tokio::test]
async fn a_connector_whose_address_is_hidden_refuses_the_plan_until_a_person_has_looked() {
    let tenant = Tenant::start("two-connectors", "account", json!({})).await;
    let path = "/v1.0/servicePrincipals/*/synchronization/secrets";
    let rule = FaultRule::new("graph", path, status(403, "Not this one."));
    tenant.practice.control().faults.add(rule.method("GET"));
    let mut setup = tenant.wanted("account", json!({ "provisioning": "on" }));
    setup["entra"]["app"] = json!({ "displayName": "A new one" });
    tenant.save(&setup);
    let refusals = async || -> Vec<Value> {
        let plan = tenant.run(&["plan", "--json"]).await.json();
        plan["refusals"].as_array().cloned().unwrap_or_default()
    };
    let hidden = |refusals: &[Value]| {
        let mut all = refusals.iter();
        all.any(|one| {
            one["check"] == "app-unique"
                && one["title"]
                    .as_str()
                    .is_some_and(|title| title.contains("cannot be told"))
        })
    };
    assert!(hidden(&refusals().await), "{:#?}", refusals().await);
    setup["attested"] = json!({ "app-unique": { "by": "Ada", "at": "2026-11-24T10:00:00Z" } });
    tenant.save(&setup);
    assert!(!hidden(&refusals().await), "{:#?}", refusals().await);
    assert!(tenant.writes().is_empty());
}

#[tokio::test]
async fn a_workspace_token_comes_from_its_own_variable_or_from_the_usual_one() {
    let tenant = Tenant::start("legacy-workspace", "workspace", json!({})).await;
    let mut setup = tenant.wanted("workspace", json!({}));
    let details = tenant.practice.details();
    let url = details.endpoints.workspaces["1001"].clone();
    setup["databricks"]["scimUrl"] = json!(format!("{url}/api/2.0/preview/scim"));
    tenant.save(&setup);
    let connection = async |variable: &str, value: &str, other: &str| {
        let mut command = tenant.usher(&["check", "--json"]);
        for (name, _) in tenant.secrets() {
            if name.starts_with("USHER_PAT_") || name == "USHER_SCIM_TOKEN" {
                command.env_remove(name);
            }
        }
        command.env(variable, value);
        if !other.is_empty() {
            command.env("USHER_SCIM_TOKEN", other);
        }
        let report = run(command).await.json();
        let mut findings = report["findings"].as_array().into_iter().flatten();
        let found = findings.find(|one| one["check"] == "connection-from-here");
        found.expect("it is in the report")["status"].clone()
    };
    let pat = &details.pats["1001"];
    assert_eq!(connection("USHER_PAT_1001", pat, "").await, "pass");
    assert_eq!(connection("USHER_SCIM_TOKEN", pat, "").await, "pass");
    let first = connection(
        "USHER_PAT_1001",
        pat,
        "dapi00000000000000000000000000000000",
    )
    .await;
    assert_eq!(first, "pass", "a workspace's own variable comes first");
}
