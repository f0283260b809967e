//! What floats over the pages, and the set-up's own menu.

use fantoccini::key::Key;
use usher_tests::Home;
use usher_tests::window::{Driver, Look, Page};

use crate::tour::Tour;

async fn menu(page: &Page, item: &str) {
    page.press_one("that opens the menu", |name| name.starts_with("Set-up "))
        .await;
    page.activate("menuitem", item).await;
}

async fn sound(page: &Page, what: &str) {
    page.screenshot(&format!("dialog-{what}")).await;
    let broken = page.violations().await;
    assert!(broken.is_empty(), "{what}: {broken:#?}");
}

#[tokio::test]
async fn rename_hand_over_open_again_and_delete() {
    let tour = Tour::begin("fresh", Look::Light).await;
    tour.create_account_setup().await;
    let page = &tour.page;
    menu(page, "Rename…").await;
    sound(page, "rename").await;
    page.fill("Name", "Contoso").await;
    page.press("Rename").await;
    page.find("button", "Set-up Contoso").await;

    menu(page, "Hand over…").await;
    page.press("Write file and note").await;
    page.wait_for("Both files are written").await;
    sound(page, "hand-over").await;
    let path = "return document.querySelector('dialog .mono').title";
    let file = page.script(path).await;
    let file = file.as_str().unwrap_or_default().to_owned();
    assert!(std::path::Path::new(&file).is_file(), "{file:?}");
    page.key(Key::Escape).await;

    menu(page, "All set-ups").await;
    page.find("heading", "What would you like to do?").await;
    page.press("Delete Contoso").await;
    sound(page, "delete").await;
    page.press("Delete the set-up").await;
    page.wait_for("No set-up is saved on this computer yet")
        .await;

    page.press("Open a handed-over set-up").await;
    page.fill("File", "setup.json").await;
    page.press("Open the file").await;
    page.wait_for("The path is not complete.").await;
    sound(page, "open-file").await;
    page.fill("File", &file).await;
    page.press("Open the file").await;
    page.find("button", "Set-up Contoso").await;
}

#[tokio::test]
async fn settings_and_help_open_with_keys_and_close_with_esc() {
    let tour = Tour::begin("fresh", Look::Light).await;
    let page = &tour.page;
    page.find("heading", "What would you like to do?").await;
    page.press("Settings").await;
    page.find("dialog", "Settings").await;
    sound(page, "settings").await;
    page.choose_segment("Dark").await;
    sound(page, "settings-dark").await;
    let theme = page
        .script("return document.documentElement.dataset.theme")
        .await;
    assert_eq!(theme, "dark");
    page.key(Key::Escape).await;
    page.gone("dialog", "Settings").await;

    page.press("Help").await;
    page.find("complementary", "Help").await;
    sound(page, "help-dark").await;
    page.key(Key::Escape).await;
    page.gone("complementary", "Help").await;
}

#[tokio::test]
async fn practice_is_left_for_the_real_clouds_and_its_set_ups_stay_behind() {
    let home = Home::new();
    let driver = Driver::start(&home, Look::Light).await;
    let page = driver.open(&["--practice"]).await;
    page.press("Set up account provisioning").await;
    page.press("Start the set-up").await;
    page.find("heading", "Prepare").await;
    page.press("Leave practice").await;
    page.find("heading", "What would you like to do?").await;
    page.wait_for("No set-up is saved on this computer yet")
        .await;
    assert!(!page.text().await.contains("Practice tenant"));
}

#[tokio::test]
async fn a_set_up_that_cannot_be_opened_at_the_start_is_named() {
    let home = Home::new();
    let file = home.write("broken.json", "{").display().to_string();
    let driver = Driver::start(&home, Look::Light).await;
    let page = driver.open(&["--setup", &file]).await;
    page.find("heading", "What would you like to do?").await;
    page.wait_for("No set-up is saved on this computer yet")
        .await;
    page.wait_for("The set-up file cannot be read.").await;
    page.screenshot("start-notice").await;
}
