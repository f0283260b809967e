//! What another program put on the clipboard comes in through a paste button.

use std::io::Write as _;
use std::process::{Command, Stdio};

use usher_tests::window::Look;

use crate::tour::Tour;

/// Puts a text on the clipboard, as a browser with the account console does.
fn copy_elsewhere(text: &str) {
    let mut xclip = Command::new("xclip")
        .args(["-selection", "clipboard"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("xclip is installed");
    let mut stdin = xclip.stdin.take().expect("its input is a pipe");
    stdin.write_all(text.as_bytes()).expect("xclip reads");
    drop(stdin);
    xclip.wait().expect("xclip takes the text");
}

#[tokio::test]
async fn url_and_token_come_in_with_the_paste_buttons() {
    let tour = Tour::begin("fresh", Look::Light).await;
    tour.create_account_setup().await;
    let page = &tour.page;
    page.press("Enable provisioning").await;
    let details = tour.practice.details();
    copy_elsewhere(&format!("  {}\n", details.scim_url));
    page.paste("Account SCIM URL").await;
    page.wait_for("A token is still missing.").await;
    // What is no token is said to be none, and is not kept.
    copy_elsewhere("Copied from a chat: thanks");
    page.paste("SCIM token").await;
    page.wait_for("not").await;
    page.screenshot("paste-bad").await;
    assert!(!page.has("group", "SCIM token").await);
    copy_elsewhere(&details.scim_token);
    page.paste("SCIM token").await;
    page.wait_for("kept in memory for this run").await;
    page.press("Continue").await;
    page.press("Test the connection").await;
    page.wait_for("The connection works").await;
}
