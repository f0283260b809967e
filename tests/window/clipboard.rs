//! What another program put on the clipboard comes in by every way a person has.

use usher_tests::window::{Hand, Look, Selection, copy_elsewhere};

use crate::tour::Tour;

const URL: &str = "Account SCIM URL";

#[tokio::test]
async fn with_the_paste_buttons() {
    let tour = Tour::begin("fresh", Look::Light).await;
    tour.create_account_setup().await;
    let page = &tour.page;
    page.press("Enable provisioning").await;
    let details = tour.practice.details();
    copy_elsewhere(Selection::Clipboard, &format!("  {}\n", details.scim_url));
    page.paste(URL).await;
    page.wait_for("A token is still missing.").await;
    // What is no token is said to be none, and is not kept.
    copy_elsewhere(Selection::Clipboard, "Copied from a chat: thanks");
    page.paste("SCIM token").await;
    page.wait_for("The token has blanks").await;
    assert!(!page.has("group", "SCIM token").await);
    copy_elsewhere(Selection::Clipboard, &details.scim_token);
    page.paste("SCIM token").await;
    page.wait_for("kept in memory for this run").await;
    page.press("Continue").await;
    page.press("Test the connection").await;
    page.wait_for("The connection works").await;
}

#[tokio::test]
async fn with_a_real_keyboard_and_a_real_mouse() {
    let tour = Tour::begin("fresh", Look::Light).await;
    tour.create_account_setup().await;
    let page = &tour.page;
    page.press("Enable provisioning").await;
    let hand = Hand::on(page);

    // Ctrl+V: a fault of what was pasted is told at once.
    copy_elsewhere(Selection::Clipboard, "databricks.net, I think");
    hand.click("textbox", URL, 1).await;
    hand.press("ctrl+v");
    page.wait_for("This is not a complete URL").await;
    hand.press("ctrl+a");
    hand.press("Delete");
    page.wait_for_value(URL, "").await;

    // The middle button puts in what was marked elsewhere.
    let url = &tour.practice.details().scim_url;
    copy_elsewhere(Selection::Primary, url);
    hand.click("textbox", URL, 2).await;
    page.wait_for_value(URL, url).await;
    page.wait_for("A token is still missing.").await;

    // The menu of the right button; its entry is chosen by its underlined letter.
    copy_elsewhere(Selection::Clipboard, &tour.practice.details().scim_token);
    hand.click("textbox", "SCIM token", 3).await;
    hand.press("p");
    page.wait_for("kept in memory for this run").await;
}
