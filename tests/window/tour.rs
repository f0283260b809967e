//! A window on a practice tenant, and the ways through it that several tests take.

use usher_practice::{Options, Practice};
use usher_tests::Home;
use usher_tests::window::{Driver, Look, Page};

/// A window, the tenant it works on and the home it lives in.
pub(crate) struct Tour {
    pub(crate) home: Home,
    pub(crate) practice: Practice,
    pub(crate) driver: Driver,
    pub(crate) page: Page,
}

impl Tour {
    /// Opens the window on a practice tenant, secrets in memory.
    pub(crate) async fn begin(scenario: &str, look: Look) -> Self {
        let options = Options {
            scenario: scenario.to_owned(),
            ..Options::default()
        };
        let practice = Practice::start(options)
            .await
            .expect("the practice tenant starts");
        let home = Home::new();
        let endpoints = home.endpoints(&practice).display().to_string();
        let driver = Driver::start(&home, look).await;
        let page = driver
            .open(&["--endpoints", &endpoints, "--no-keyring"])
            .await;
        Self {
            home,
            practice,
            driver,
            page,
        }
    }

    /// Opens the window on a set-up that knows everything but its secrets, with a way to sign in chosen.
    ///
    /// `before` are the words of a command that come before the driver (`env NAME=VALUE`).
    pub(crate) async fn with_setup(scenario: &str, sign_in: &str, before: &[String]) -> Self {
        let options = Options {
            scenario: scenario.to_owned(),
            ..Options::default()
        };
        let practice = Practice::start(options)
            .await
            .expect("the practice tenant starts");
        let home = Home::new();
        let details = practice.details();
        let setup = serde_json::json!({
            "schema": "usher.setup/1", "name": "Contoso", "journey": "account", "cloud": "azure",
            "entra": { "tenantId": details.tenant_id, "clientId": details.client_id, "signIn": sign_in },
            "databricks": { "accountId": details.account_id, "scimUrl": details.scim_url, "workspaces": [] },
            "want": { "assignmentRequired": false, "scope": "assigned", "provisioning": "on", "deleteThreshold": 500 },
        });
        home.write("setup.json", &setup.to_string());
        let driver = Driver::start_under(&home, Look::Light, before).await;
        let page = open_setup(&driver, &home, &practice).await;
        Self {
            home,
            practice,
            driver,
            page,
        }
    }

    /// Keeps the SCIM token and signs in with the client secret: the window stands at the enterprise application.
    pub(crate) async fn sign_in(&self) {
        sign_in(&self.page, &self.practice).await;
    }

    /// On a page that asks how to sign in: as the practice tenant's application. The sign-in itself is the next press.
    pub(crate) async fn sign_in_as_app(&self) {
        let (page, details) = (&self.page, self.practice.details());
        page.choose("As an application, with a client secret").await;
        page.fill("Tenant id or domain", &details.tenant_id).await;
        page.fill("Application (client) id", &details.client_id)
            .await;
        page.fill("Client secret", &details.client_secret).await;
        page.press("Keep the token").await;
        page.wait_for("kept in memory for this run").await;
    }

    /// From the start page to the first page of a new account set-up.
    pub(crate) async fn create_account_setup(&self) {
        let page = &self.page;
        page.find("heading", "What would you like to do?").await;
        page.press("Set up account provisioning").await;
        page.find("heading", "Set up account provisioning").await;
        page.choose("Our policy decides beforehand who exists in Databricks")
            .await;
        page.fill_holding("Your name", "Ada Byron").await;
        page.press("Start the set-up").await;
        page.find("heading", "Prepare").await;
    }

    /// Pastes what Databricks' account console shows.
    pub(crate) async fn enable(&self) {
        let page = &self.page;
        page.press("Enable provisioning").await;
        page.fill("Account SCIM URL", &self.practice.details().scim_url)
            .await;
        page.fill("SCIM token", &self.practice.details().scim_token)
            .await;
        page.press("Keep the token").await;
        page.wait_for("kept in memory for this run").await;
        page.press("Continue").await;
        page.find("heading", "Test the connection").await;
    }
}

/// Opens the window on the set-up file of this home.
pub(crate) async fn open_setup(driver: &Driver, home: &Home, practice: &Practice) -> Page {
    let endpoints = home.endpoints(practice).display().to_string();
    let setup = home.path().join("setup.json").display().to_string();
    driver
        .open(&["--endpoints", &endpoints, "--no-keyring", "--setup", &setup])
        .await
}

/// The secrets of a set-up that knows everything else, then the sign-in as an application.
pub(crate) async fn sign_in(page: &Page, practice: &Practice) {
    page.press("Enable provisioning").await;
    page.fill("SCIM token", &practice.details().scim_token)
        .await;
    page.press("Keep the token").await;
    page.wait_for("kept in memory for this run").await;
    page.press("Sign in").await;
    page.fill("Client secret", &practice.details().client_secret)
        .await;
    page.press("Keep the token").await;
    page.wait_for("kept in memory for this run").await;
    page.press_one("to sign in", |name| name == "Sign in to Entra")
        .await;
    page.find("heading", "Enterprise application").await;
}

/// Asks for the page's changes and confirms them.
pub(crate) async fn make(page: &Page) {
    let asks = |name: &str| name.starts_with("Make ") && name.ends_with('…');
    page.press_one("that makes changes", asks).await;
    page.find_holding("dialog", "in Entra?").await;
    let confirms = |name: &str| name.starts_with("Make ") && !name.ends_with('…');
    page.press_one("that confirms them", confirms).await;
}

/// Opens the dialog that takes changes back, from the set-up's menu.
pub(crate) async fn open_rollback(page: &Page) {
    page.press_one("that opens the menu", |name| name.starts_with("Set-up "))
        .await;
    page.activate("menuitem", "Take changes back…").await;
    page.find("dialog", "Take changes back").await;
}

/// Waits until the tenant shows what a test waits for.
pub(crate) async fn until(what: &str, mut seen: impl FnMut() -> bool) {
    let end = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while !seen() {
        assert!(std::time::Instant::now() < end, "{what} does not happen");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

/// What a browser does that is sent to an address: it follows, and the address is written down.
const FOLLOWS: &str = "#!/bin/sh
printf '%s\\n' \"$1\" >> \"$HOME/opened\"
exec curl --silent --location --output /dev/null \"$1\"
";

/// A browser of the system's own, for a window whose driver is started with what stands [`Browser::before`] it.
pub(crate) struct Browser(tempfile::TempDir);

impl Browser {
    pub(crate) fn new() -> Self {
        let place = tempfile::tempdir().expect("a folder can be made");
        let browser = place.path().join("xdg-open");
        std::fs::write(&browser, FOLLOWS).expect("a script can be written");
        make_executable(&browser);
        Self(place)
    }

    pub(crate) fn before(&self) -> [String; 2] {
        let path = std::env::var("PATH").unwrap_or_default();
        let path = format!("PATH={}:{path}", self.0.path().display());
        ["env".to_owned(), path]
    }
}

/// Lets a script be run.
fn make_executable(file: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755))
        .expect("a file's rights can be set");
}
