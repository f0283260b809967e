//! Changes taken back: what is undone, what is left to a person, and that a run is seen to its end.

use fantoccini::key::Key;
use usher_practice::{FaultKind, FaultRule};
use usher_tests::window::Page;

use crate::tour::{self, Tour};

#[tokio::test]
async fn an_account_set_up_is_taken_back_and_what_stays_is_named() {
    let tour = Tour::with_setup("fresh", "client-secret", &[]).await;
    tour.sign_in().await;
    let page = &tour.page;
    tour::make(page).await;
    page.find("heading", "Connection from Entra").await;
    tour::make(page).await;
    page.find("heading", "Sync settings").await;
    tour::make(page).await;
    page.find("heading", "Users and groups").await;

    tour::open_rollback(page).await;
    page.wait_for("newest first").await;
    page.wait_for("will be taken back").await;
    page.wait_for("by hand").await;
    page.screenshot("rollback-before").await;
    let violations = page.violations().await;
    assert!(violations.is_empty(), "{violations:#?}");

    // Entra does not answer: the person leaves, and is shown where the run stands before the dialog goes.
    for method in ["PATCH", "PUT", "DELETE", "POST"] {
        let silent = FaultRule::new("graph", "*/servicePrincipals/*", FaultKind::Never);
        tour.practice.control().faults.add(silent.method(method));
    }
    take_back(page).await;
    page.wait_for("Taking back").await;
    page.key(Key::Escape).await;
    page.find("dialog", "Take changes back").await;
    tour.practice.control().faults.clear();
    take_back(page).await;
    page.wait_for("Taken back").await;
    page.gone("button", "Cancel").await;
    page.screenshot("rollback-after").await;
    let text = page.text().await;
    assert!(text.contains("Usher deletes no application"), "{text}");
    assert!(!text.contains("**"), "{text}");
    page.key(Key::Escape).await;
    page.gone("dialog", "Take changes back").await;
}

async fn take_back(page: &Page) {
    page.press_one("that takes back", |name| {
        name.starts_with("Take ") && name.ends_with(" back")
    })
    .await;
}
