//! Workspace connectors moved to the account: from the start page to "moved, everyone kept access", back, and again.

use fantoccini::key::Key;
use usher_tests::Home;
use usher_tests::window::{Driver, Look, Page};

use crate::looks::Looks;
use crate::tour;

/// Into the practice tenant of a move, and as far as a sign-in on both sides.
async fn sign_in(page: &Page) {
    page.find("heading", "What would you like to do?").await;
    page.press("Practise").await;
    page.choose("A move with three workspaces").await;
    page.press("Start practice").await;
    page.find("button", "Leave practice").await;
    page.press("Move workspace connectors to the account").await;
    page.press("Start the set-up").await;
    page.find("heading", "Prepare").await;
    page.press("Continue").await;

    page.find("heading", "Enable provisioning").await;
    page.press("Copy Account SCIM URL").await;
    page.paste("Account SCIM URL").await;
    page.press("Copy SCIM token").await;
    page.paste("SCIM token").await;
    page.wait_for("kept in memory for this run").await;

    page.press("Sign in").await;
    page.find("heading", "Sign in to Entra").await;
    page.choose("As an application, with a client secret").await;
    page.press("Use these values").await;
    page.press_one("to sign in", |name| name == "Sign in to Entra")
        .await;
}

#[tokio::test]
async fn a_move_there_and_back_and_there_again() {
    let mut looks = Looks::at("move");
    let home = Home::new();
    let driver = Driver::start(&home, Look::Light).await;
    let page = &driver.open(&["--practice"]).await;
    sign_in(page).await;

    page.find("heading", "Connectors and workspaces").await;
    page.press_one("to find workspaces", |name| {
        name == "Find the workspaces behind them"
    })
    .await;
    page.wait_for("identity federation not known").await;
    looks.take(page, "1-connectors").await;
    page.press("Use these values").await;
    page.press_one("to look again", |name| {
        name == "Look with what is known now"
    })
    .await;
    page.wait_for("All workspaces of the account.").await;
    page.wait_for("will be paused").await;
    workspace_token(page, 1001, "harbour-analytics (1001)").await;
    page.press_one("to look again", |name| {
        name == "Look with what is known now"
    })
    .await;
    page.wait_for("local groups").await;
    looks.take(page, "2-inventory").await;

    page.press("Coverage").await;
    page.find("heading", "Coverage").await;
    page.find("table", "Coverage").await;
    page.choose("Covered").await;
    page.wait_for("databricks-users").await;
    looks.take(page, "3-coverage").await;

    page.press("Move").await;
    for round in ["first", "second"] {
        page.find("heading", "Move").await;
        page.wait_for("Pause Databricks harbour-finance").await;
        if round == "first" {
            looks.take(page, "4-plan").await;
        } else {
            belt(page).await;
        }
        tour::make(page).await;
        page.wait_for("Moved: everyone kept access").await;
        page.wait_for("everything that was seen is as it was").await;
        if round == "first" {
            looks.take(page, "5-moved").await;
            tidy_up(page, &home, &mut looks).await;
        }
        back(page).await;
    }
    page.wait_for("Pause Databricks harbour-finance").await;
    looks.end();
}

/// Gives a workspace's personal access token: without it nobody sees the workspace's own groups.
async fn workspace_token(page: &Page, id: u64, label: &str) {
    page.unfold(&format!("Personal access token: {label}"))
        .await;
    let field = format!("Personal access token of {label}");
    page.fill(&field, &usher_practice::ids::pat(id)).await;
    page.press("Keep the token").await;
    page.find("group", &field).await;
}

/// The safety belt is offered, and the plan begins and ends with it.
async fn belt(page: &Page) {
    page.choose("Put it on").await;
    page.wait_for("Put the safety belt on").await;
    page.wait_for("Take the safety belt off").await;
    page.screenshot("move-belt").await;
}

/// The local groups of the workspaces, and the list that a person takes along.
async fn tidy_up(page: &Page, home: &Home, looks: &mut Looks) {
    page.press("Tidy up").await;
    page.find("heading", "Tidy up").await;
    page.find("region", "Local groups").await;
    page.wait_for("data-readers").await;
    looks.take(page, "6-tidy-up").await;
    page.press("Save as CSV").await;
    page.wait_for("Saved").await;
    let saved = home.files_holding("data-readers");
    assert!(
        saved
            .iter()
            .any(|file| file.extension().is_some_and(|it| it == "csv")),
        "{saved:?}"
    );
    page.press("Move").await;
}

/// Takes the move back, in the order that a move asks for.
async fn back(page: &Page) {
    tour::open_rollback(page).await;
    page.wait_for("only then is it started again").await;
    page.press_one("that takes back", |name| {
        name.starts_with("Take ") && name.ends_with(" back")
    })
    .await;
    page.wait_for("Taken back").await;
    page.gone("button", "Cancel").await;
    page.screenshot("move-taken-back").await;
    page.key(Key::Escape).await;
    page.gone("dialog", "Take changes back").await;
}
