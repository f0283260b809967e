//! A SCIM server other people wrote: what Usher knows of SCIM must not be true of our practice tenant alone.

use serde_json::json;
use usher_tests::process::{Serving, run};
use usher_tests::{Home, python};

use crate::{fault_code, phases};

const ACCOUNT: &str = "0d1e9a52-77c4-4f0e-9a4b-3f6f5c2b8d10";
/// In the shape of an account SCIM token, as Usher warns of others.
const TOKEN: &str = "dsapi00112233445566778899aabbccddeeff";

async fn serve(home: &Home) -> (Serving, String) {
    let mut command = python::script(home, "serve_scim2.py");
    command
        .env("SCIM_ACCOUNT_ID", ACCOUNT)
        .env("SCIM_BEARER_TOKEN", TOKEN);
    let mut server = Serving::start(command);
    let origin = server.line().await;
    (server, origin)
}

async fn test(home: &Home, origin: &str, token: &str) -> usher_tests::Ran {
    let endpoints = json!({
        "name": "scim2-server", "login": origin, "graph": origin, "databricksAccounts": origin,
        "workspaces": {}
    });
    let file = home.write("endpoints.json", &endpoints.to_string());
    let url = format!("{origin}/api/2.1/accounts/{ACCOUNT}/scim/v2");
    let mut command = home.usher(&["test-connection", "--url", &url, "--json"]);
    command
        .env("USHER_ENDPOINTS", file)
        .env("USHER_SCIM_TOKEN", token);
    run(command).await
}

#[tokio::test]
async fn the_connection_test_passes_against_it() {
    let home = Home::new();
    let (server, origin) = serve(&home).await;
    let ran = test(&home, &origin, TOKEN).await;
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    let report = ran.json();
    for id in ["authenticate", "users", "groups", "filter", "token-control"] {
        assert!(
            phases(&report).contains(&(id.to_owned(), "pass".to_owned())),
            "{id}: {report:#}"
        );
    }
    server.end().await;
}

#[tokio::test]
async fn its_refusal_of_a_token_is_understood() {
    let home = Home::new();
    let (server, origin) = serve(&home).await;
    let ran = test(&home, &origin, "dsapiffffffffffffffffffffffffffffffff").await;
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    assert_eq!(fault_code(&ran), "token-rejected");
    server.end().await;
}
