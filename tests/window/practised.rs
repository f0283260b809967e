//! Practice as a newcomer has it: the trouble is told, what belongs into a portal is pressed there, and it is gone.

use usher_tests::Home;
use usher_tests::window::{Driver, Look, Page};

use crate::tour;

/// A window in practice.
struct Rehearsal {
    page: Page,
    _driver: Driver,
    _home: Home,
}

impl Rehearsal {
    async fn begin(scenario: &str) -> Self {
        Self::begin_under(scenario, &[]).await
    }

    /// The same with the words of a command before the driver.
    async fn begin_under(scenario: &str, before: &[String]) -> Self {
        let home = Home::new();
        let driver = Driver::start_under(&home, Look::Light, before).await;
        let page = driver.open(&["--practice", scenario]).await;
        Self {
            page,
            _driver: driver,
            _home: home,
        }
    }

    /// From the start page to a token that is kept.
    async fn set_up(&self, what: &str) {
        let page = &self.page;
        page.press(what).await;
        page.press("Start the set-up").await;
        page.find("heading", "Prepare").await;
        page.press("Enable provisioning").await;
        page.press("Copy Account SCIM URL").await;
        page.paste("Account SCIM URL").await;
        self.paste_token().await;
    }

    async fn paste_token(&self) {
        let page = &self.page;
        page.press("Copy SCIM token").await;
        page.paste("SCIM token").await;
        page.wait_for("kept in memory for this run").await;
    }

    /// Presses something in a portal, and reads that it is done.
    async fn press(&self, portal: &str, title: &str) {
        let page = &self.page;
        page.find("group", "In the portals").await;
        page.find("heading", portal).await;
        page.press(title).await;
        page.wait_for(&format!("Done: {title}.")).await;
    }

    /// Signs in as the practice application, with the portal's values.
    async fn sign_in_as_app(&self) {
        let page = &self.page;
        page.press("Use these values").await;
        self.sign_in().await;
    }

    async fn sign_in(&self) {
        let named = |name: &str| name == "Sign in to Entra";
        self.page.press_one("to sign in", named).await;
    }
}

const ACCOUNT: &str = "Set up account provisioning";

#[tokio::test]
async fn what_keeps_the_test_from_passing_is_put_right_where_it_belongs() {
    for (scenario, told, portal, press) in [
        (
            "fault-private-link",
            "The workspace is reached by Private Link alone",
            "Azure portal",
            "Allow public network access",
        ),
        (
            "fault-login-page",
            "A sign-in page answered, not the API",
            "Your network team",
            "Have what answers or cuts in between taken out of the way",
        ),
        (
            "fault-server-error",
            "Databricks could not answer",
            "Databricks status page",
            "Wait until Databricks has put it right",
        ),
    ] {
        let day = Rehearsal::begin(scenario).await;
        let page = &day.page;
        day.set_up(ACCOUNT).await;
        page.press("Continue").await;
        page.press("Test the connection").await;
        page.wait_for(told).await;
        day.press(portal, press).await;
        page.screenshot(&format!("practised-{scenario}")).await;
        page.press("Test again").await;
        page.wait_for("The connection works").await;
    }
}

#[tokio::test]
async fn a_refused_token_is_made_anew_in_the_console() {
    let day = Rehearsal::begin("fault-token-rejected").await;
    let page = &day.page;
    day.set_up(ACCOUNT).await;
    page.press("Continue").await;
    page.press("Test the connection").await;
    page.wait_for("Databricks does not accept the token").await;
    let broken = page.violations().await;
    assert!(broken.is_empty(), "{broken:#?}");
    day.press(
        "Databricks workspace",
        "Generate new personal access tokens as an admin whom no connector manages",
    )
    .await;
    day.press("Databricks account console", "Generate a new SCIM token")
        .await;
    page.wait_for("New to copy: SCIM token.").await;
    page.press("Enable provisioning").await;
    page.press("Replace").await;
    day.paste_token().await;
    page.press("Continue").await;
    page.press("Test the connection").await;
    page.wait_for("The connection works").await;
}

#[tokio::test]
async fn an_expired_secret_is_made_anew_in_the_portal() {
    let day = Rehearsal::begin("secret-expired").await;
    let page = &day.page;
    day.set_up(ACCOUNT).await;
    page.press("Sign in").await;
    page.choose("As an application, with a client secret").await;
    day.sign_in_as_app().await;
    page.wait_for("The client secret has expired").await;
    day.press("Microsoft Entra admin center", "Make a new client secret")
        .await;
    day.sign_in_as_app().await;
    page.find("heading", "Enterprise application").await;
}

#[tokio::test]
async fn somebody_elses_account_is_changed_on_the_sign_in_page() {
    let browser = tour::Browser::new();
    let day = Rehearsal::begin_under("other-tenant", &browser.before()).await;
    let page = &day.page;
    day.set_up(ACCOUNT).await;
    page.press("Sign in").await;
    page.choose("With the browser").await;
    day.sign_in_as_app().await;
    page.wait_for("Copy details").await;
    page.screenshot("practised-other-tenant").await;
    day.press(
        "Microsoft sign-in page",
        "Choose the account of a Cloud Application Administrator",
    )
    .await;
    day.sign_in().await;
    page.find("heading", "Enterprise application").await;
}
