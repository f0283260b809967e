//! The whole account journey, from the start page to people who have arrived.

use usher_tests::Home;
use usher_tests::window::{Driver, Look, Page};

use crate::tour;

/// What a newcomer may be asked for on the way.
const MOST_PRESSES: u32 = 25;
const MOST_PASTES: u32 = 2;

/// Confirms what a page would change, and waits for the page after it.
async fn make(page: &Page, from: &str, to: &str) {
    page.find("heading", from).await;
    tour::make(page).await;
    page.find("heading", to).await;
}

#[tokio::test]
async fn a_newcomer_gets_from_the_start_page_to_people_who_have_arrived() {
    let home = Home::new();
    let driver = Driver::start(&home, Look::Light).await;
    let page = driver.open(&["--practice"]).await;
    page.find("heading", "What would you like to do?").await;
    page.press("Set up account provisioning").await;
    page.press("Start the set-up").await;
    page.find("heading", "Prepare").await;
    page.press("Continue").await;

    page.find("heading", "Enable provisioning").await;
    page.press("Copy Account SCIM URL").await;
    page.paste("Account SCIM URL").await;
    page.press("Copy SCIM token").await;
    page.paste("SCIM token").await;
    page.wait_for("kept in memory for this run").await;
    page.press("Continue").await;

    page.find("heading", "Test the connection").await;
    page.press("Test the connection").await;
    page.wait_for("The connection works").await;
    page.press("Continue").await;

    page.find("heading", "Sign in to Entra").await;
    page.choose("As an application, with a client secret").await;
    page.press("Use these values").await;
    page.press_one("to sign in", |name| name == "Sign in to Entra")
        .await;

    make(&page, "Enterprise application", "Connection from Entra").await;
    make(&page, "Connection from Entra", "Sync settings").await;
    make(&page, "Sync settings", "Users and groups").await;

    page.activate("checkbox", "Choose databricks-users").await;
    page.press_one("to look", |name| name == "See who would travel")
        .await;
    make(&page, "Users and groups", "Start the sync").await;
    make(&page, "Start the sync", "Start the sync").await;
    page.wait_for("Done, 25 of 25 people have arrived").await;
    let effort = page.effort();
    assert!(effort.presses <= MOST_PRESSES, "{effort:?}");
    assert!(effort.pastes <= MOST_PASTES, "{effort:?}");
    page.screenshot("account-done").await;

    // The checklist a person takes with them says what is so.
    page.press("Continue").await;
    page.press("Save as Markdown").await;
    page.wait_for("Saved").await;
    let saved = home.files_holding("Assigned users are active in Databricks");
    let checklist = saved
        .iter()
        .find(|path| path.extension().is_some_and(|it| it == "md"));
    let checklist = std::fs::read_to_string(checklist.expect("a checklist was saved")).unwrap();
    assert!(checklist.contains("25 of 25 people"), "{checklist}");
    assert!(!checklist.contains(usher_practice::ids::SCIM_TOKEN));
}
