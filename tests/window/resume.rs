//! A window that was ended in the middle goes on where it stopped.

use usher_tests::window::{Driver, Look};

use crate::tour::Tour;

#[tokio::test]
async fn a_killed_window_resumes_with_everything_but_the_secrets_in_memory() {
    let tour = Tour::begin("fresh", Look::Light).await;
    tour.create_account_setup().await;
    tour.enable().await;
    let Tour {
        home,
        practice,
        driver,
        page: _,
    } = tour;
    driver.kill().await;

    let endpoints = home.endpoints(&practice).display().to_string();
    let driver = Driver::start(&home, Look::Light).await;
    let page = driver
        .open(&["--endpoints", &endpoints, "--no-keyring"])
        .await;
    page.press("Continue with Account provisioning").await;
    page.press("Enable provisioning").await;
    page.wait_for("A token is still missing.").await;
    let url = page.value_of("Account SCIM URL").await;
    assert_eq!(url, practice.details().scim_url);
}
