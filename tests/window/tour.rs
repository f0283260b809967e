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
