//! The checklist as a page, in a browser: light and dark, narrow and wide, by the accessibility rules a machine can check.

use std::path::Path;

use serde_json::json;
use usher_practice::{Options, Practice};
use usher_tests::Home;
use usher_tests::process::run;
use usher_tests::window::{Driver, Look};

/// WebKit's own small browser, which comes with the library that the window uses.
const BROWSER: &str = "webkit2gtk-4.1/MiniBrowser";

fn browser() -> std::path::PathBuf {
    let folders = [
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu",
        "/usr/lib64",
        "/usr/lib",
        "/usr/libexec",
    ];
    let mut places = folders.iter().map(|folder| Path::new(folder).join(BROWSER));
    places
        .find(|path| path.exists())
        .expect("WebKitGTK brings its browser")
}

async fn saved(home: &Home, scenario: &str, journey: &str) -> String {
    let options = Options {
        scenario: scenario.to_owned(),
        ..Options::default()
    };
    let practice = Practice::start(options)
        .await
        .expect("the practice tenant starts");
    let details = practice.details();
    let setup = json!({
        "schema": "usher.setup/1", "name": "Contoso & <b>co</b>", "journey": journey, "cloud": "azure",
        "entra": {
            "tenantId": details.tenant_id, "signIn": "client-secret", "clientId": details.client_id, "app": {}
        },
        "databricks": { "accountId": details.account_id, "scimUrl": details.scim_url },
        "want": { "assignmentRequired": false, "scope": "assigned", "provisioning": "on" },
        "attested": { "premium-plan": { "by": "Ada", "at": "2026-06-01T12:00:00Z", "note": "seen" } }
    });
    let setup = home
        .write("setup.json", &setup.to_string())
        .display()
        .to_string();
    let page = format!("{scenario}.html");
    let arguments = [
        "--no-keyring",
        "--setup",
        &setup,
        "checklist",
        "--format",
        "html",
        "-o",
        &page,
    ];
    let mut command = home.usher_on(&practice, &arguments);
    command.env("USHER_ENTRA_CLIENT_SECRET", &details.client_secret);
    let ran = run(command).await;
    let path = home.path().join(&page);
    assert!(path.exists(), "{ran:#?}");
    format!("file://{}", path.display())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_checklist_keeps_the_rules_in_a_browser() {
    let home = Home::new();
    let pages = [
        saved(&home, "quarantine", "account").await,
        saved(&home, "migrate-small", "migrate").await,
    ];
    let mut wrong = Vec::new();
    for look in [Look::Light, Look::Dark] {
        let driver = Driver::start(&home, look).await;
        let page = driver.open_program(&browser(), &["--automation"]).await;
        let mut papers = Vec::new();
        for address in &pages {
            page.go(address).await;
            for width in [1_280, 480] {
                page.resize(width, 900).await;
                for violation in page.violations().await {
                    wrong.push(format!("{look:?} {width} {address}: {violation:?}"));
                }
            }
            let asked = page
                .script("return performance.getEntriesByType('resource').length")
                .await;
            assert_eq!(asked, 0, "the page asks for nothing");
            papers.push(
                page.script("return getComputedStyle(document.body).backgroundColor")
                    .await,
            );
        }
        let paper = if look == Look::Dark {
            "rgb(18, 25, 23)"
        } else {
            "rgb(251, 252, 251)"
        };
        assert!(
            papers.iter().all(|one| one == paper),
            "{look:?}: {papers:?}"
        );
        page.close().await;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
