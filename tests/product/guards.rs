//! Set-ups that ask for what must not be done, by the command line: refused with the reason, and nothing is written anywhere
//! (`contracts/cli.md`, set-up file and rules).

use serde_json::{Value, json};
use usher_practice::{FaultKind, FaultRule};
use usher_tests::Ran;

use crate::schemas;
use crate::tenant::{NAME, Tenant};

/// The checks that refuse a plan.
#[track_caller]
fn refusals(ran: &Ran) -> Vec<String> {
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    let document = ran.json();
    schemas::holds(&document);
    assert_eq!(document["changes"], json!([]), "{document:#}");
    let refusals = document["refusals"].as_array().expect("it has refusals");
    let check = |refusal: &Value| refusal["check"].as_str().unwrap_or_default().to_owned();
    refusals.iter().map(check).collect()
}

/// That a plan and its apply are refused by this check, before anybody is given a token.
async fn refuse(tenant: &Tenant, check: &str) {
    for command in [&["plan", "--json"][..], &["apply", "--yes", "--json"]] {
        let refused = refusals(&tenant.run(command).await);
        assert!(
            refused.contains(&check.to_owned()),
            "{command:?}: {refused:?}"
        );
    }
    assert!(tenant.writes().is_empty());
}

#[tokio::test]
async fn a_scim_url_that_is_not_the_journeys_own_is_saved_nowhere() {
    let tenant = Tenant::start("fresh", "account", json!({})).await;
    let details = tenant.practice.details().clone();
    let (account, workspace) = (details.scim_url, &details.endpoints.workspaces["1001"]);
    let workspace = format!("{workspace}/api/2.0/preview/scim");
    let elsewhere = account.replacen("http://127.0.0.1", "https://scim.example", 1);
    for (journey, url) in [
        ("account", &workspace),
        ("workspace", &account),
        ("migrate", &workspace),
        ("account", &elsewhere),
        ("migrate", &elsewhere),
    ] {
        let mut setup = tenant.wanted(journey, json!({ "provisioning": "on" }));
        setup["databricks"]["scimUrl"] = json!(url);
        tenant.save(&setup);
        refuse(&tenant, "endpoint-matches").await;
        let tested = tenant.asked().into_iter();
        let mut tested = tested.filter(|one| one.path.ends_with("validateCredentials"));
        assert!(
            tested.next().is_none(),
            "Entra was given the token for {url}"
        );
    }
}

/// From now on Entra names a state of this application's schedule that no version of today knows.
fn slumber(tenant: &Tenant, name: &str) {
    let (id, jobs) = tenant.practice.entra().read(|directory| {
        let mut all = directory.service_principals.iter();
        let one = all
            .find(|one| one.display_name == name)
            .expect("the application is there");
        let jobs = one.synchronization.jobs.iter().map(|job| {
            json!({ "id": job.id, "templateId": "dataBricks", "schedule": { "state": "Dormant" },
                    "status": { "code": "Hibernating" } })
        });
        (one.id, jobs.collect::<Vec<_>>())
    });
    let kind = FaultKind::Status {
        code: 200,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: json!({ "value": jobs }).to_string(),
    };
    let path = format!("/v1.0/servicePrincipals/{id}/synchronization/jobs");
    let rule = FaultRule::new("graph", &path, kind).method("GET");
    tenant.practice.control().faults.add(rule);
}

#[tokio::test]
async fn a_schedule_in_a_state_nobody_knows_stops_every_plan_about_it() {
    let tenant = Tenant::start("migrate-small", "migrate", json!({ "provisioning": "on" })).await;
    slumber(&tenant, "Databricks harbour-finance");
    refuse(&tenant, "connectors-off").await;
    let mut unassign = tenant.wanted(
        "migrate",
        json!({ "provisioning": "on", "unassignRetired": true }),
    );
    tenant.save(&unassign);
    assert!(!refusals(&tenant.run(&["plan", "--json"]).await).is_empty());
    slumber(&tenant, NAME);
    unassign["want"] = json!({ "provisioning": "on" });
    unassign["journey"] = json!("account");
    tenant.save(&unassign);
    refuse(&tenant, "provisioning-on").await;
}

#[tokio::test]
async fn a_rollback_without_a_journal_says_so_and_makes_none() {
    let tenant = Tenant::start("migrate-small", "migrate", json!({ "provisioning": "on" })).await;
    let ran = tenant.run(&["rollback", "--yes", "--json"]).await;
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    let outcome = ran.json();
    schemas::holds(&outcome);
    assert_eq!(outcome["changes"], json!([]));
    assert!(
        outcome["note"]
            .as_str()
            .unwrap_or_default()
            .contains("no journal"),
        "{outcome:#}"
    );
    let files = tenant.home.files();
    assert!(
        !files
            .iter()
            .any(|(path, _)| path.to_string_lossy().contains(".journal.")),
        "{files:?}"
    );
}

#[tokio::test]
async fn a_value_that_cannot_be_what_its_field_is_for_is_named_and_nothing_is_sent() {
    let tenant = Tenant::start("fresh", "account", json!({})).await;
    let good = tenant.wanted(
        "account",
        json!({ "assign": [{ "type": "group", "id": "g" }], "retire": ["r"] }),
    );
    let cases: &[(&str, Value)] = &[
        ("/entra/tenantId", json!("no tenant")),
        ("/entra/clientId", json!("7")),
        ("/entra/app", json!([])),
        ("/entra/app/servicePrincipalId", json!("")),
        (
            "/databricks/workspaces",
            json!([{ "id": "", "url": "https://a.azuredatabricks.net" }]),
        ),
        (
            "/databricks/workspaces",
            json!([{ "id": "1", "url": "nowhere" }]),
        ),
        ("/want", json!([])),
        ("/want/assign/0/id", json!("a b")),
        ("/want/retire/0", json!("a/b")),
        ("/want/notificationEmail", json!("nobody")),
        ("/want/deleteThreshold", json!("500")),
        ("/want/scope", json!("some")),
    ];
    for (place, value) in cases {
        let mut setup = good.clone();
        let (parent, field) = place.rsplit_once('/').expect("a place has a parent");
        let parent = setup.pointer_mut(parent).expect("the parent is there");
        match parent.as_array_mut() {
            Some(rows) => rows[0] = value.clone(),
            None => parent[field] = value.clone(),
        }
        tenant.save(&setup);
        let ran = tenant.run(&["plan", "--json"]).await;
        assert_eq!(ran.code, Some(2), "{place} {value}: {ran:#?}");
        let message = ran.json()["message"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let named = place
            .split('/')
            .rfind(|part| part.parse::<usize>().is_err());
        assert!(
            message.contains(named.unwrap_or_default()),
            "{place}: {message}"
        );
    }
    assert_eq!(tenant.asked(), []);
}
