//! Workspace connectors moved to the account: from the start page to "moved, everyone kept access", back, and again.

use usher_tests::Home;
use usher_tests::window::{Driver, Look, Page};

/// Keeps a picture and asks the accessibility rules.
struct Inspector {
    name: &'static str,
    broken: Vec<String>,
}

impl Inspector {
    async fn look(&mut self, page: &Page, what: &str) {
        page.screenshot(&format!("move-{}-{what}", self.name)).await;
        for violation in page.violations().await {
            self.broken.push(format!("{what}: {violation:#?}"));
        }
    }
}

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

/// Confirms what the page would change.
async fn make(page: &Page) {
    let asks = |name: &str| name.starts_with("Make ") && name.ends_with('…');
    page.press_one("that makes changes", asks).await;
    page.find_holding("dialog", "in Entra?").await;
    let confirms = |name: &str| name.starts_with("Make ") && !name.ends_with('…');
    page.press_one("that confirms them", confirms).await;
}

async fn walk(look: Look, size: (u32, u32), name: &'static str) {
    let mut inspector = Inspector {
        name,
        broken: Vec::new(),
    };
    let home = Home::new();
    let driver = Driver::start(&home, look).await;
    let page = &driver.open(&["--practice"]).await;
    page.resize(size.0, size.1).await;
    sign_in(page).await;

    page.find("heading", "Connectors and workspaces").await;
    page.press_one("to find workspaces", |name| {
        name == "Find the workspaces behind them"
    })
    .await;
    page.wait_for("identity federation not known").await;
    inspector.look(page, "1-connectors").await;
    page.press("Use these values").await;
    page.press_one("to look again", |name| {
        name == "Look with what is known now"
    })
    .await;
    page.wait_for("All workspaces of the account.").await;
    page.wait_for("will be paused").await;
    inspector.look(page, "2-inventory").await;

    page.press("Coverage").await;
    page.find("heading", "Coverage").await;
    page.find("table", "Coverage").await;
    page.choose("Covered").await;
    page.wait_for("databricks-users").await;
    inspector.look(page, "3-coverage").await;

    page.press("Move").await;
    for round in ["first", "second"] {
        page.find("heading", "Move").await;
        page.wait_for("Pause Databricks harbour-finance").await;
        inspector.look(page, &format!("4-{round}-plan")).await;
        make(page).await;
        page.wait_for("Moved: everyone kept access").await;
        page.wait_for("everything that was seen is as it was").await;
        inspector.look(page, &format!("5-{round}-moved")).await;
        if round == "first" {
            page.press("Tidy up").await;
            page.find("heading", "Tidy up").await;
            inspector.look(page, "6-tidy-up").await;
            page.press("Move").await;
        }
        page.find_holding("button", "Set-up ")
            .await
            .click()
            .await
            .expect("the menu opens");
        page.activate("menuitem", "Take changes back…").await;
        page.find("dialog", "Take changes back").await;
        page.press_one("that takes back", |name| {
            name.starts_with("Take ") && name.ends_with(" back")
        })
        .await;
        page.wait_for("Taken back").await;
        page.press_one("to close", |name| name == "Close").await;
    }
    page.wait_for("Pause Databricks harbour-finance").await;
    assert!(
        inspector.broken.is_empty(),
        "{}",
        inspector.broken.join("\n")
    );
}

#[tokio::test]
async fn a_move_there_and_back_and_there_again_in_light_on_a_small_screen() {
    walk(Look::Light, (960, 640), "light-960").await;
}

#[tokio::test]
async fn a_move_there_and_back_and_there_again_in_dark_on_a_large_screen() {
    walk(Look::Dark, (1440, 900), "dark-1440").await;
}
