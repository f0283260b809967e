//! What the window says when something is wrong, and that nothing is lost.

use usher_tests::window::Look;

use crate::tour::Tour;

#[tokio::test]
async fn a_refused_token_is_explained_and_can_be_tried_again() {
    let tour = Tour::begin("fault-token-rejected", Look::Light).await;
    tour.create_account_setup().await;
    tour.enable().await;
    let page = &tour.page;
    page.press("Test the connection").await;
    page.wait_for("401").await;
    page.screenshot("fault-token-rejected").await;
    assert!(
        page.violations().await.is_empty(),
        "{:#?}",
        page.violations().await
    );
    assert!(
        !page
            .text()
            .await
            .contains(&tour.practice.details().scim_token)
    );

    tour.practice.control().faults.clear();
    page.press("Test again").await;
    page.wait_for("The connection works").await;
}

#[tokio::test]
async fn the_browsers_address_is_recognised_and_the_right_one_offered() {
    let tour = Tour::begin("fresh", Look::Light).await;
    tour.create_account_setup().await;
    let page = &tour.page;
    page.press("Enable provisioning").await;
    let details = tour.practice.details();
    let browser = format!(
        "{}/settings/user-provisioning?account_id={}",
        details.endpoints.databricks_accounts, details.account_id
    );
    page.fill("Account SCIM URL", &browser).await;
    page.wait_for("Did you mean this?").await;
    page.press("Use").await;
    page.wait_for("A token is still missing.").await;
    assert_eq!(page.value_of("Account SCIM URL").await, details.scim_url);
}
