//! `usher test-connection` against the practice tenant.

use usher_practice::scenarios;
use usher_tests::Home;
use usher_tests::process::run;

use crate::{fault_code, phases, practice};

const PHASES: [&str; 10] = [
    "input",
    "resolve",
    "connect",
    "tls",
    "reach",
    "authenticate",
    "users",
    "groups",
    "filter",
    "token-control",
];

/// What the fault scenarios whose name is not their code's are about.
fn expected(scenario: &str) -> Option<&str> {
    match scenario {
        "fault-login-redirect" => Some("login-page"),
        "fault-garbage" => Some("not-scim"),
        "fault-rate-limited-once" => None,
        // Concerns the second credential, which this test does not use.
        "fault-oauth-throttled" => None,
        other => {
            let code = other.strip_prefix("fault-")?;
            Some(code.strip_prefix("groups-").unwrap_or(code))
        }
    }
}

#[tokio::test]
async fn a_fresh_tenant_passes_in_every_phase() {
    let practice = practice("fresh").await;
    let home = Home::new();
    let url = practice.details().scim_url.clone();
    let ran = run(home.usher_on(&practice, &["test-connection", "--url", &url, "--json"])).await;

    assert_eq!(ran.code, Some(0), "{ran:#?}");
    let report = ran.json();
    assert_eq!(report["schema"], "usher.connection/1");
    assert_eq!(report["verdict"], "pass");
    let phases = phases(&report);
    assert_eq!(
        phases.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(),
        PHASES
    );
    // Loopback over plain http has no certificate to look at.
    for (id, status) in phases.iter().filter(|(id, _)| id != "tls") {
        assert_eq!(status, "pass", "{id}: {report:#}");
    }
}

#[tokio::test]
async fn testing_reads_and_never_writes() {
    let practice = practice("fresh").await;
    let home = Home::new();
    let url = practice.details().scim_url.clone();
    run(home.usher_on(&practice, &["test-connection", "--url", &url])).await;

    assert_eq!(practice.changes(), []);
    let requests = practice.requests();
    assert!(!requests.is_empty());
    for request in requests {
        assert_eq!(request.method, "GET", "{request:?}");
    }
}

#[tokio::test]
async fn every_fault_of_the_practice_tenant_is_named_by_its_code() {
    let mut wrong = Vec::new();
    for scenario in scenarios() {
        let Some(code) = expected(scenario.name) else {
            continue;
        };
        let practice = practice(scenario.name).await;
        let home = Home::new();
        let url = practice.details().scim_url.clone();
        let arguments = ["test-connection", "--url", &url, "--json", "--timeout", "1"];
        let ran = run(home.usher_on(&practice, &arguments)).await;
        if ran.code != Some(1) || fault_code(&ran) != code {
            wrong.push(format!("{}: {ran:#?}", scenario.name));
        }
        assert!(
            !ran.printed().contains(&practice.details().scim_token),
            "{}",
            scenario.name
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn one_refusal_for_haste_is_waited_out() {
    let practice = practice("fault-rate-limited-once").await;
    let home = Home::new();
    let url = practice.details().scim_url.clone();
    let ran = run(home.usher_on(&practice, &["test-connection", "--url", &url])).await;
    assert_eq!(ran.code, Some(0), "{ran:#?}");
}

#[tokio::test]
async fn a_host_outside_the_endpoints_file_is_never_asked() {
    let practice = practice("fresh").await;
    let home = Home::new();
    let url = "https://accounts.azuredatabricks.example/api/2.1/accounts/\
               8e2d9c07-63f4-4b1a-b5c8-71a0d4e9f326/scim/v2";
    let ran = run(home.usher_on(&practice, &["test-connection", "--url", url, "--json"])).await;
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    assert_eq!(fault_code(&ran), "url-foreign-host");
    assert_eq!(practice.requests(), []);
}

#[tokio::test]
async fn the_token_comes_from_standard_input_too() {
    let practice = practice("fresh").await;
    let home = Home::new();
    let url = practice.details().scim_url.clone();
    let mut command = home.usher(&["test-connection", "--url", &url, "--token-stdin", "--json"]);
    command.env("USHER_ENDPOINTS", home.endpoints(&practice));
    let token = format!("  {}\n", practice.details().scim_token);
    let ran = usher_tests::process::run_with_input(command, &token).await;
    assert_eq!(ran.code, Some(0), "{ran:#?}");
}
