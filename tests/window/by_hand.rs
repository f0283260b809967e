//! The Entra half without a sign-in: instructions, a person's word, and what is seen later counts.

use usher_tests::window::Look;

use crate::looks::Looks;
use crate::tour::Tour;

/// Confirms the first thing of the page that can be confirmed.
async fn confirm(tour: &Tour) {
    let page = &tour.page;
    page.press_one("to confirm by hand", |name| {
        name.starts_with("Confirm by hand: ")
    })
    .await;
    let named = page.find("textbox", "Your name").await;
    if named
        .prop("value")
        .await
        .ok()
        .flatten()
        .unwrap_or_default()
        .is_empty()
    {
        page.fill("Your name", "Ada Byron").await;
    }
    page.press("Confirm").await;
    page.wait_for("Ada Byron").await;
}

#[tokio::test]
async fn a_persons_word_carries_the_journey_until_something_else_is_seen() {
    let tour = Tour::begin("quarantine", Look::Light).await;
    let before = tour.practice.changes().len();
    tour.create_account_setup().await;
    tour.enable().await;
    let page = &tour.page;
    page.press("Sign in").await;
    page.choose("Not at all: I do the Entra steps by hand")
        .await;
    page.press_one("to go on", |name| name == "Continue").await;
    let mut looks = Looks::at("by-hand");
    for step in [
        "Enterprise application",
        "Connection from Entra",
        "Sync settings",
        "Users and groups",
        "Start the sync",
    ] {
        page.find("heading", step).await;
        confirm(&tour).await;
        looks
            .take(page, &step.to_lowercase().replace(' ', "-"))
            .await;
        page.press("Continue").await;
    }
    page.find_holding("heading", "Checklist").await;
    page.wait_for("Ada Byron").await;
    assert_eq!(
        tour.practice.changes().len(),
        before,
        "nothing was changed anywhere"
    );

    // A colleague signs in: Entra refuses the connection, whatever was said.
    page.press("Sign in").await;
    tour.sign_in_as_app().await;
    page.press_one("to sign in", |name| name == "Sign in to Entra")
        .await;
    page.find("heading", "Enterprise application").await;
    page.press_one("of the connection", |name| name == "Connection")
        .await;
    page.find("heading", "Connection from Entra").await;
    page.wait_for("Usher has seen otherwise since. What is seen counts.")
        .await;
    looks.take(page, "overruled").await;
    looks.end();
}
