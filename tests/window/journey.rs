//! The journey from the start page to a checklist in hand, every page looked at.

use fantoccini::key::Key;
use usher_tests::window::Look;

use crate::looks::Looks;
use crate::tour::{self, Tour};

#[tokio::test]
async fn from_the_start_page_to_a_checklist_before_anything_is_changed() {
    let tour = Tour::begin("fresh", Look::Light).await;
    let page = &tour.page;
    let mut looks = Looks::at("account");
    page.find("heading", "What would you like to do?").await;
    looks.take(page, "01-start").await;
    page.press("Practise").await;
    page.find("heading", "Practise").await;
    looks.take(page, "02-practise").await;
    page.key(Key::Escape).await;
    page.press("Back").await;
    tour.create_account_setup().await;
    looks.take(page, "03-prepare").await;
    page.press("Enable provisioning").await;
    looks.take(page, "04-enable").await;
    tour.enable().await;

    looks.take(page, "05-before-the-test").await;
    page.press("Test the connection").await;
    page.wait_for("The connection works").await;
    looks.take(page, "06-tested").await;

    page.press("Sign in").await;
    page.choose("With the browser").await;
    looks.take(page, "07-sign-in").await;
    page.press("Checklist").await;
    page.wait_for("Save as Markdown").await;
    looks.take(page, "08-checklist").await;
    page.press("Save as Markdown").await;
    page.wait_for("Saved").await;
    page.press_one("of the findings", |name| name.starts_with("Findings:"))
        .await;
    page.find("heading", "Findings").await;
    looks.take(page, "09-findings").await;

    assert_eq!(tour.practice.changes(), [], "nothing was changed anywhere");
    let token = &tour.practice.details().scim_token;
    assert_eq!(
        tour.home.files_holding(token),
        Vec::<std::path::PathBuf>::new()
    );
    looks.end();
}

#[tokio::test]
async fn from_the_sign_in_to_people_who_have_arrived() {
    let tour = Tour::with_setup("fresh", "client-secret", &[]).await;
    tour.sign_in().await;
    let page = &tour.page;
    let mut looks = Looks::at("account");
    looks.take(page, "10-application").await;
    page.press("Sign in").await;
    page.find("heading", "Sign in to Entra").await;
    looks.take(page, "11-signed-in").await;
    page.press("Application").await;
    tour::make(page).await;
    page.find("heading", "Connection from Entra").await;
    looks.take(page, "12-connection").await;
    tour::make(page).await;
    page.find("heading", "Sync settings").await;
    looks.take(page, "13-settings").await;
    tour::make(page).await;
    page.find("heading", "Users and groups").await;
    page.activate("checkbox", "Choose databricks-users").await;
    looks.take(page, "14-people").await;
    page.press_one("to look", |name| name == "See who would travel")
        .await;
    page.press_one("that makes changes", |name| {
        name.starts_with("Make ") && name.ends_with('…')
    })
    .await;
    page.find_holding("dialog", "in Entra?").await;
    looks.take(page, "15-confirm").await;
    page.press_one("that confirms them", |name| {
        name.starts_with("Make ") && !name.ends_with('…')
    })
    .await;
    page.find("heading", "Start the sync").await;
    looks.take(page, "16-start").await;
    tour::make(page).await;
    page.wait_for("Done, 25 of 25 people have arrived").await;
    looks.take(page, "17-done").await;
    page.press("Users and groups").await;
    page.find("heading", "Users and groups").await;
    page.find_holding("radio", "Assigned").await;
    looks.take(page, "18-assigned").await;
    page.press("Checklist").await;
    page.wait_for("Save as Markdown").await;
    looks.take(page, "19-checklist").await;
    looks.end();
}
