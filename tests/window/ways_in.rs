//! Signing in with the browser and with a code on another device.

use usher_practice::entra::sample::{account_name, accounts};

use crate::tour::{self, Tour};

#[tokio::test]
async fn with_the_browser() {
    let browser = tour::Browser::new();
    let tour = Tour::with_setup("fresh", "browser", &browser.before()).await;
    let entra = tour.practice.entra();
    entra.turn(|knobs| knobs.auto_approve = Some(account_name(accounts::ADMIN)));
    let page = &tour.page;
    page.press("Enable provisioning").await;
    page.fill("SCIM token", &tour.practice.details().scim_token)
        .await;
    page.press("Keep the token").await;
    page.wait_for("kept in memory for this run").await;
    page.press("Sign in").await;
    page.press_one("to sign in", |name| name == "Sign in to Entra")
        .await;
    page.find("heading", "Enterprise application").await;
    let opened = std::fs::read_to_string(tour.home.path().join("opened")).unwrap_or_default();
    assert_eq!(opened.lines().count(), 1, "one press opens one page");
    assert!(opened.contains("code_challenge="), "{opened}");
    assert!(
        !opened.contains("Write"),
        "the first sign-in asks for reading alone: {opened}"
    );

    // The first change asks for consent to write.
    tour::make(page).await;
    page.find("heading", "Connection from Entra").await;
    let opened = std::fs::read_to_string(tour.home.path().join("opened")).unwrap_or_default();
    assert_eq!(opened.lines().count(), 2);
}

#[tokio::test]
async fn with_a_code_on_another_device() {
    let tour = Tour::with_setup("fresh", "device-code", &[]).await;
    tour.practice.entra().turn(|knobs| {
        knobs.auto_approve = Some(account_name(accounts::ADMIN));
        knobs.device_code_polls = u32::MAX;
        knobs.device_code_interval = 1;
    });
    let page = &tour.page;
    page.press("Enable provisioning").await;
    page.fill("SCIM token", &tour.practice.details().scim_token)
        .await;
    page.press("Keep the token").await;
    page.wait_for("kept in memory for this run").await;
    page.press("Sign in").await;
    page.press_one("to sign in", |name| name == "Sign in to Entra")
        .await;
    page.wait_for("deviceauth").await;
    page.screenshot("device-code").await;
    let broken = page.violations().await;
    assert!(broken.is_empty(), "{broken:#?}");
    page.press("Cancel").await;
    page.press_one("to sign in", |name| name == "Sign in to Entra")
        .await;
    page.wait_for("deviceauth").await;
    tour.practice
        .entra()
        .turn(|knobs| knobs.device_code_polls = 0);
    page.find("heading", "Enterprise application").await;

    // The first change asks for consent to write: there is a code for that as well.
    tour.practice
        .entra()
        .turn(|knobs| knobs.device_code_polls = u32::MAX);
    tour::make(page).await;
    page.wait_for("deviceauth").await;
    page.screenshot("device-code-consent").await;
    tour.practice
        .entra()
        .turn(|knobs| knobs.device_code_polls = 0);
    page.find("heading", "Connection from Entra").await;
}

#[tokio::test]
async fn a_blocked_device_code_says_who_blocks_it() {
    let tour = Tour::with_setup("fresh", "device-code", &[]).await;
    tour.practice
        .entra()
        .turn(|knobs| knobs.device_code_fault = Some(53003));
    let page = &tour.page;
    page.press("Sign in").await;
    page.press_one("to sign in", |name| name == "Sign in to Entra")
        .await;
    page.wait_for("Conditional Access").await;
    page.find("button", "Copy details").await;
    page.screenshot("device-code-blocked").await;
}
