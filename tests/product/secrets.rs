//! Secrets go in by every way there is; they must come out nowhere but in the requests that are for them.

use usher_practice::{FaultKind, FaultRule};
use usher_tests::Home;
use usher_tests::process::{run, run_with_input};

use crate::journeys::{ACCOUNT, Journey, MOVE};
use crate::practice;
use crate::tenant::Tenant;

/// In the shape of an account SCIM token, and in no tenant.
const CANARY: &str = "dsapic0ffee00c0ffee00c0ffee00c0ffee00";

#[tokio::test]
async fn a_token_is_neither_printed_nor_written() {
    let practice = practice("fresh").await;
    let url = practice.details().scim_url.clone();
    let folder = url.replace("/scim/v2", "");
    let with_token = format!("{url}?token={CANARY}");
    let commands: &[&[&str]] = &[
        &["test-connection", "--url", &url],
        &["test-connection", "--url", &url, "--json"],
        &["-vv", "test-connection", "--url", &url],
        // What people paste into the wrong field.
        &["-vv", "test-connection", "--url", &folder],
        &["-vv", "test-connection", "--url", CANARY],
        &["-vv", "--json", "test-connection", "--url", &with_token],
    ];
    for arguments in commands {
        let home = Home::new();
        let mut command = home.usher_on(&practice, arguments);
        command
            .env("USHER_SCIM_TOKEN", CANARY)
            .env("RUST_LOG", "trace");
        let ran = run(command).await;
        assert_ne!(ran.code, Some(0), "nobody knows this token: {ran:#?}");
        assert!(!ran.printed().contains(CANARY), "{arguments:?}: {ran:#?}");
        assert_eq!(
            home.files_holding(CANARY),
            Vec::<std::path::PathBuf>::new(),
            "{arguments:?}"
        );
    }
}

/// Every command that works on a set-up, each when it has something to do; `{}`: a folder for what is written.
const COMMANDS: &[&[&str]] = &[
    &["check"],
    &["check", "--deep", "--strict"],
    &["plan"],
    &["apply", "--yes"],
    &["apply", "--yes", "--only", "nothing-of-this-name"],
    &["apply", "--yes", "--wait", "0"],
    &["checklist", "--format", "md", "-o", "{}/checklist.md"],
    &["checklist", "--format", "html", "-o", "{}/checklist.html"],
    &["checklist", "--format", "json"],
    &["checklist", "--format", "csv"],
    &["export", "--as", "terraform", "-o", "{}/terraform"],
    &["export", "--as", "graph-script", "-o", "{}/script"],
    &["rollback", "--yes"],
];

/// What tells most of an answer that was not expected.
const TELLING: &[&[&str]] = &[&["check"], &["apply", "--yes"], &["rollback", "--yes"]];

/// Runs commands as loud as they can be, and looks for every secret of the tenant in what they print, write and ask for.
async fn nothing_comes_out(tenant: &Tenant, commands: &[&[&str]], what: &str) {
    let secrets: Vec<String> = tenant.secrets().into_iter().map(|(_, one)| one).collect();
    let folder = tenant.home.path().display().to_string();
    for (round, words) in commands.iter().enumerate() {
        let words: Vec<String> = words.iter().map(|one| one.replace("{}", &folder)).collect();
        let mut arguments: Vec<&str> = words.iter().map(String::as_str).collect();
        arguments.push("-vv");
        // Both ways to print are heard in one pass.
        if round % 2 == 0 {
            arguments.push("--json");
        }
        let mut command = tenant.usher(&arguments);
        command
            .env("RUST_LOG", "trace")
            .env("RUST_BACKTRACE", "full");
        let ran = run(command).await;
        let printed = ran.printed();
        assert!(
            !printed.contains("panicked"),
            "{what}, {words:?}: {printed}"
        );
        for secret in &secrets {
            assert!(!printed.contains(secret), "{what}, {words:?}: {printed}");
        }
    }
    for secret in &secrets {
        let holding = tenant.home.files_holding(secret);
        assert!(holding.is_empty(), "{what}: {holding:?}");
        let mut asked = tenant.practice.requests().into_iter();
        assert!(!asked.any(|one| one.path.contains(secret)), "{what}");
    }
}

async fn in_every_case(journey: &Journey) {
    nothing_comes_out(&journey.begin().await, COMMANDS, "all is well").await;
    // A server, or something on the way to it, that repeats what it was sent.
    for (origin, method, path, sent) in [
        (
            "account",
            "GET",
            "/api/2.1/accounts/*/scim/v2/*",
            "USHER_SCIM_TOKEN",
        ),
        (
            "account",
            "POST",
            "/oidc/accounts/*/v1/token",
            "USHER_DATABRICKS_CLIENT_SECRET",
        ),
        (
            "workspace-1001",
            "GET",
            "/api/2.0/preview/scim/v2/*",
            "USHER_PAT_1001",
        ),
        (
            "graph",
            "PUT",
            "/v1.0/servicePrincipals/*/synchronization/secrets",
            "USHER_SCIM_TOKEN",
        ),
        (
            "graph",
            "POST",
            "/v1.0/servicePrincipals/*/synchronization/jobs/validateCredentials",
            "USHER_SCIM_TOKEN",
        ),
        (
            "login",
            "POST",
            "/*/oauth2/v2.0/token",
            "USHER_ENTRA_CLIENT_SECRET",
        ),
    ] {
        let tenant = journey.begin().await;
        let mut secrets = tenant.secrets().into_iter();
        let secret = secrets.find(|(name, _)| name == sent).map(|(_, one)| one);
        let repeated = secret.expect("the tenant has this secret");
        let body = serde_json::json!({
            "error": { "code": "Repeats", "message": repeated }, "error_description": repeated,
            "error_code": "PERMISSION_DENIED", "message": repeated, "detail": repeated,
        });
        let kind = FaultKind::Status {
            code: 403,
            headers: Vec::new(),
            body: body.to_string(),
        };
        let rule = FaultRule::new(origin, path, kind)
            .method(method)
            .user_agent("usher");
        tenant.practice.control().faults.add(rule);
        let what = format!("{method} {origin}{path} is repeated");
        nothing_comes_out(&tenant, TELLING, &what).await;
    }
}

#[tokio::test]
async fn the_account_journey_keeps_its_secrets() {
    in_every_case(&ACCOUNT).await;
}

#[tokio::test]
async fn a_move_keeps_its_secrets() {
    in_every_case(&MOVE).await;
}

#[tokio::test]
async fn a_token_on_standard_input_is_neither_printed_nor_written() {
    let practice = practice("fresh").await;
    let url = practice.details().scim_url.clone();
    for token in [CANARY, &practice.details().scim_token] {
        let home = Home::new();
        let arguments = ["-vv", "test-connection", "--url", &url, "--token-stdin"];
        let mut command = home.usher_on(&practice, &arguments);
        command
            .env_remove("USHER_SCIM_TOKEN")
            .env("RUST_LOG", "trace");
        let ran = run_with_input(command, token).await;
        assert!(!ran.printed().contains(token), "{ran:#?}");
        assert!(home.files_holding(token).is_empty());
    }
}
