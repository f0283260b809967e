//! Networks between here and Databricks: certificates nobody should trust, and proxies.

use serde_json::{Value, json};
use usher_tests::listeners::{Certificate, Proxy, ProxyAnswer, TlsServer};
use usher_tests::process::run;
use usher_tests::{Home, Ran};

use crate::fault_code;

const ACCOUNT: &str = "0d1e9a52-77c4-4f0e-9a4b-3f6f5c2b8d10";
const TOKEN: &str = "dsapi00112233445566778899aabbccddeeff";

async fn test_over_tls(certificate: Certificate) -> Ran {
    let server = TlsServer::start(certificate).await;
    let home = Home::new();
    let origin = &server.origin;
    let endpoints = json!({
        "name": "tls", "login": origin, "graph": origin, "databricksAccounts": origin, "workspaces": {}
    });
    let file = home.write("endpoints.json", &endpoints.to_string());
    let url = format!("{origin}/api/2.1/accounts/{ACCOUNT}/scim/v2");
    let mut command = home.usher(&["test-connection", "--url", &url, "--json", "--timeout", "5"]);
    command
        .env("USHER_ENDPOINTS", file)
        .env("USHER_SCIM_TOKEN", TOKEN);
    if certificate != Certificate::Untrusted {
        command.env("SSL_CERT_FILE", home.write("authority.pem", &server.issuer));
    }
    run(command).await
}

#[tokio::test]
async fn an_unknown_issuer_is_named() {
    let ran = test_over_tls(Certificate::Untrusted).await;
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    assert_eq!(fault_code(&ran), "tls-untrusted");
    assert!(
        ran.out.contains("Usher test authority"),
        "the issuer is named: {}",
        ran.out
    );
}

#[tokio::test]
async fn a_certificate_for_another_name_is_told_apart() {
    let ran = test_over_tls(Certificate::OtherName).await;
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    assert_eq!(fault_code(&ran), "tls-name-mismatch");
}

#[tokio::test]
async fn a_certificate_that_has_run_out_is_told_apart() {
    let ran = test_over_tls(Certificate::Expired).await;
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    assert_eq!(fault_code(&ran), "tls-expired");
}

/// Through a proxy the name is never looked up here, so the real host can be named without being asked.
async fn test_through(answer: ProxyAnswer) -> (Ran, String) {
    let proxy = Proxy::start(answer).await;
    let home = Home::new();
    let url = format!("https://accounts.azuredatabricks.net/api/2.1/accounts/{ACCOUNT}/scim/v2");
    let mut command = home.usher(&["test-connection", "--url", &url, "--json", "--timeout", "5"]);
    command
        .env("HTTPS_PROXY", &proxy.url)
        .env("USHER_SCIM_TOKEN", TOKEN);
    let ran = run(command).await;
    (ran, proxy.heard())
}

fn status(report: &Value, id: &str) -> String {
    crate::phases(report)
        .into_iter()
        .find(|(found, _)| found == id)
        .expect("every phase is there")
        .1
}

#[tokio::test]
async fn a_proxy_that_refuses_is_named_and_never_sees_the_token() {
    let (ran, heard) = test_through(ProxyAnswer::Refuses).await;
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    assert_eq!(fault_code(&ran), "proxy-refused");
    assert_eq!(status(&ran.json(), "resolve"), "skipped");
    assert!(
        heard.contains("CONNECT accounts.azuredatabricks.net:443"),
        "{heard}"
    );
    assert!(!heard.contains("dsapi"), "{heard}");
}

#[tokio::test]
async fn a_proxy_that_wants_a_password_is_told_apart() {
    let (ran, heard) = test_through(ProxyAnswer::AsksForPassword).await;
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    assert_eq!(fault_code(&ran), "proxy-auth");
    assert!(!heard.contains("dsapi"), "{heard}");
}
