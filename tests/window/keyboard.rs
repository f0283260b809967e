//! The keyboard alone: everything can be reached, and the focus is where a person expects it.

use fantoccini::key::Key;
use usher_tests::window::{Look, Page};

use crate::tour::Tour;

/// Presses Tab until this has the focus.
async fn tab_to(page: &Page, role: &str, name: &str) {
    let mut passed = Vec::new();
    for _ in 0..60 {
        let focused = page.focused().await;
        if focused == (role.to_owned(), name.to_owned()) {
            return;
        }
        passed.push(focused);
        page.key(Key::Tab).await;
    }
    panic!("Tab does not reach the {role} {name:?}: {passed:#?}");
}

#[tokio::test]
async fn the_connection_is_tested_without_a_mouse() {
    let tour = Tour::begin("fresh", Look::Light).await;
    let page = &tour.page;
    page.find("heading", "What would you like to do?").await;
    tab_to(page, "button", "Set up account provisioning").await;
    page.key(Key::Enter).await;

    page.find("heading", "Set up account provisioning").await;
    let focused = page.focused().await;
    assert_eq!(
        focused.1, "Set up account provisioning",
        "a new page's heading has the focus"
    );
    tab_to(page, "button", "Start the set-up").await;
    page.key(Key::Enter).await;

    page.find("heading", "Prepare").await;
    tab_to(page, "button", "Prepare").await;
    page.key(Key::Down).await;
    assert_eq!(
        page.focused().await.1,
        "Enable provisioning",
        "arrow keys move in the list of steps"
    );
    page.key(Key::Enter).await;

    page.find("heading", "Enable provisioning").await;
    tab_to(page, "textbox", "Account SCIM URL").await;
    page.keys(&tour.practice.details().scim_url).await;
    page.wait_for("Account SCIM URL ·").await;
    tab_to(page, "textbox", "SCIM token").await;
    page.keys(&tour.practice.details().scim_token).await;
    page.find("button", "Keep the token").await;
    page.key(Key::Enter).await;
    page.wait_for("kept in memory for this run").await;
    tab_to(page, "button", "Continue").await;
    page.key(Key::Enter).await;

    page.find("heading", "Test the connection").await;
    // Enter is the primary action wherever nothing else claims it.
    page.key(Key::Enter).await;
    page.wait_for("The connection works").await;
}
