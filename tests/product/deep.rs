//! `check --deep`: every enterprise application is asked, so that a connector made from another template is seen.

use serde_json::{Value, json};

use crate::schemas;
use crate::tenant::Tenant;

/// What a check of a report says it looked at; `None` where it says nothing of it.
fn looked_at(report: &Value, check: &str) -> Option<String> {
    let findings = report["findings"].as_array().expect("it has findings");
    let finding = findings.iter().find(|finding| finding["check"] == check);
    let evidence = finding.expect("the check is in the report")["evidence"].clone();
    let mut lines = evidence.as_array().cloned().unwrap_or_default().into_iter();
    let line = lines.find(|line| line["label"] == "Looked at")?;
    line["value"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn every_application_is_asked_and_nothing_is_written() {
    let tenant = Tenant::start("hidden-connector", "migrate", json!({})).await;
    let hidden = "SCIM to the analysts' workspace";
    let shallow = tenant.run(&["check", "--json"]).await.json();
    assert!(
        looked_at(&shallow, "connectors-found").is_some(),
        "{shallow:#}"
    );
    assert!(!shallow.to_string().contains(hidden));

    let ran = tenant.run(&["check", "--deep", "--json"]).await;
    assert!(matches!(ran.code, Some(0 | 1)), "{ran:#?}");
    let deep = ran.json();
    schemas::holds(&deep);
    assert_eq!(looked_at(&deep, "connectors-found"), None);
    assert!(deep.to_string().contains(hidden), "{deep:#}");
    assert!(
        ran.err.contains("every enterprise application"),
        "it says how far it is: {}",
        ran.err
    );
    assert!(tenant.writes().is_empty(), "it only reads");
    let scanned = tenant.home.files_holding("deepScan");
    assert!(scanned.is_empty(), "the set-up stays as it is: {scanned:?}");
}

#[tokio::test]
async fn without_a_sign_in_there_is_nobody_to_ask() {
    let tenant = Tenant::start("hidden-connector", "account", json!({})).await;
    let mut setup = tenant.wanted("account", json!({}));
    setup["entra"] = json!({ "signIn": "by-hand" });
    tenant.save(&setup);
    let ran = tenant.run(&["check", "--deep", "--json"]).await;
    assert_eq!(ran.code, Some(2), "{ran:#?}");
    assert_eq!(tenant.asked(), []);
}
