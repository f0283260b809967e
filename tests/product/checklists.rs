//! The checklist as it is saved: parsers other people wrote read it, whatever was found and however things are named.

use serde_json::json;
use usher_practice::Practice;
use usher_tests::process::run;
use usher_tests::{Home, python};

use crate::practice;

/// A name that would break out of a page, a cell or a formula.
const NAME: &str = "=Contoso's \"<b>prod</b>\" & co, {x}\u{202e}";

async fn saved(home: &Home, practice: &Practice, journey: &str) {
    let details = practice.details();
    let setup = json!({
        "schema": "usher.setup/1", "name": NAME, "journey": journey, "cloud": "azure",
        "entra": {
            "tenantId": details.tenant_id, "signIn": "client-secret", "clientId": details.client_id,
            "app": {}
        },
        "databricks": { "accountId": details.account_id, "scimUrl": details.scim_url },
        "want": { "assignmentRequired": false, "scope": "assigned", "provisioning": "on" },
        "attested": { "premium-plan": { "by": NAME, "at": "2026-06-01T12:00:00Z", "note": NAME } }
    });
    let setup = home
        .write("setup.json", &setup.to_string())
        .display()
        .to_string();
    for format in ["html", "csv", "json"] {
        let file = format!("checklist.{format}");
        let arguments = [
            "--no-keyring",
            "--setup",
            &setup,
            "checklist",
            "--format",
            format,
            "-o",
            &file,
        ];
        let mut command = home.usher_on(practice, &arguments);
        command.env("USHER_ENTRA_CLIENT_SECRET", &details.client_secret);
        let ran = run(command).await;
        assert!(home.path().join(&file).exists(), "{ran:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_peoples_parsers_read_every_checklist() {
    for (scenario, journey) in [
        ("fresh", "account"),
        ("connected", "account"),
        ("quarantine", "account"),
        ("migrate-small", "migrate"),
    ] {
        let practice = practice(scenario).await;
        let home = Home::new();
        saved(&home, &practice, journey).await;
        let mut command = python::script(&home, "checklist_checks.py");
        command.arg(home.path());
        let ran = run(command).await;
        assert_eq!(
            (ran.code, ran.out.trim()),
            (Some(0), "ok"),
            "{scenario}: {ran:#?}"
        );
    }
}
