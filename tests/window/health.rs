//! Checking what exists, in the real window: three questions, the first fix on top, its own plan, and what changed since; the renewal of
//! a token, Entra's address ranges, and evidence that is kept.

use jiff::SignedDuration;
use usher_tests::window::Look;

use crate::looks::Looks;
use crate::tour::Tour;

/// How long the token before works on.
const GRACE: SignedDuration = SignedDuration::from_hours(24);

/// From the start page through the three questions to the findings.
async fn check(tour: &Tour) {
    let page = &tour.page;
    let details = tour.practice.details();
    page.press("Check an existing set-up").await;
    page.find("heading", "Sign in to Entra").await;
    page.wait_for("Question 1 of 3").await;
    tour.sign_in_as_app().await;
    page.press("Sign in to Entra").await;
    page.wait_for("Question 2 of 3").await;
    page.find_holding("radio", "Databricks").await;
    page.press("Continue").await;
    page.wait_for("Question 3 of 3").await;
    assert_eq!(page.value_of("Account SCIM URL").await, details.scim_url);
    page.fill("SCIM token", &details.scim_token).await;
    page.press("Keep the token").await;
    page.wait_for("kept in memory for this run").await;
    page.press("Look at both sides").await;
    page.find("heading", "Findings").await;
    page.wait_for("Fine (").await;
}

#[tokio::test]
async fn a_quarantine_from_the_symptom_to_the_fix() {
    let tour = Tour::begin("quarantine", Look::Light).await;
    let page = &tour.page;
    let mut looks = Looks::at("health");
    let before = tour.practice.changes().len();
    check(&tour).await;
    assert_eq!(tour.practice.changes().len(), before, "a check only reads");
    page.find("heading", "Begin here").await;
    looks.take(page, "1-quarantine").await;

    page.press("Fix it…: The connection works from Entra").await;
    page.find("dialog", "Fix: The connection works from Entra")
        .await;
    page.wait_for("Save SCIM URL and token in Entra").await;
    looks.take(page, "1-fix").await;
    page.press("Make the change").await;
    page.find("button", "Fix it…: The synchronization job is healthy")
        .await;
    page.wait_for("1 gone").await;
    looks.take(page, "1-compared").await;
    page.press("Fix it…: The synchronization job is healthy")
        .await;
    page.find("dialog", "Fix: The synchronization job is healthy")
        .await;
    page.screenshot("health-1-restart").await;
    looks.end();
}

#[tokio::test]
async fn address_ranges_renewal_and_evidence() {
    let tour = Tour::begin("connected", Look::Light).await;
    let page = &tour.page;
    let mut looks = Looks::at("health");
    check(&tour).await;
    looks.take(page, "2-findings").await;

    page.press("Entra's address ranges").await;
    page.find("heading", "Entra's address ranges").await;
    let file = |prefixes: &str| {
        format!(
            r#"{{ "changeNumber": 341, "cloud": "Public", "values": [ {{ "name": "AzureActiveDirectory", "properties": {{ "changeNumber": 20, "addressPrefixes": [{prefixes}] }} }} ] }}"#
        )
    };
    for (name, prefixes) in [
        ("one.json", r#""20.190.128.0/18", "13.64.151.161/32""#),
        (
            "two.json",
            r#""20.190.128.0/18", "40.126.0.0/18", "2603:1006:2000::/48""#,
        ),
    ] {
        let path = tour.home.write(name, &file(prefixes));
        page.fill("Service-tags file", &path.display().to_string())
            .await;
        page.press("Read the file").await;
        page.wait_for("Entries for the access list").await;
    }
    page.wait_for("New ranges (2)").await;
    page.wait_for("Ranges no longer used (1)").await;
    looks.take(page, "2-ranges").await;
    page.press("Save the entries").await;
    page.wait_for("AzureActiveDirectory-Public-341.txt").await;
    page.press("Back").await;

    page.press("Renew the token").await;
    page.find("heading", "Renew the token").await;
    page.press("Begin the renewal").await;
    page.find("heading", "Make a new token in Databricks").await;
    looks.take(page, "2-renew").await;
    let details = tour.practice.details();
    let new = tour.practice.databricks().regenerate_token(GRACE);
    page.press("Replace").await;
    page.fill("SCIM token", &new).await;
    page.press("Keep the token").await;
    page.press("Test the connection").await;
    page.wait_for("Databricks accepts it.").await;
    page.press("Make 1 change…").await;
    page.press("Make the change").await;
    page.wait_for("Entra's own test of the saved URL and token passes.")
        .await;
    assert!(tour.practice.control().tokens.revoke(&details.scim_token));
    page.press("Confirm by hand: Let the old token go").await;
    page.fill("Your name", "Ada Byron").await;
    page.press("Confirm").await;
    page.press("Look again").await;
    page.find("button", "Finish the renewal").await;
    looks.take(page, "2-renewed").await;
    page.press("Save a calendar reminder").await;
    page.wait_for("-token.ics").await;
    page.press("Finish the renewal").await;
    page.find("button", "Begin the renewal").await;

    page.press("Checklist").await;
    page.press("Export as Terraform").await;
    page.wait_for("-terraform").await;
    looks.take(page, "2-checklist").await;
    looks.end();
    for secret in [&details.scim_token, &details.client_secret] {
        assert_eq!(
            tour.home.files_holding(secret),
            Vec::<std::path::PathBuf>::new()
        );
    }
}
