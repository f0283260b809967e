//! The legacy journey: one workspace, one connector.

use usher_tests::window::Look;

use crate::looks::Looks;
use crate::tour::{self, Tour};

#[tokio::test]
async fn a_workspace_from_the_start_page_to_people_who_have_arrived() {
    let tour = Tour::begin("legacy-workspace", Look::Light).await;
    let page = &tour.page;
    let mut looks = Looks::at("workspace");
    page.find("heading", "What would you like to do?").await;
    page.press("Set up a workspace").await;
    page.press("Start the set-up").await;
    page.find("heading", "Prepare").await;
    page.press("Continue").await;
    page.find("heading", "Enable provisioning").await;
    looks.take(page, "enable").await;
    let details = tour.practice.details();
    let (id, origin) = details
        .endpoints
        .workspaces
        .iter()
        .next()
        .expect("a workspace");
    page.fill("Workspace URL or SCIM URL", origin).await;
    page.press("Use").await;
    page.fill("Personal access token", &details.pats[id]).await;
    page.press("Keep the token").await;
    page.wait_for("kept in memory for this run").await;
    page.press("Continue").await;
    page.press("Test the connection").await;
    page.wait_for("The connection works").await;
    page.press("Continue").await;
    page.find("heading", "Sign in to Entra").await;
    tour.sign_in_as_app().await;
    page.press_one("to sign in", |name| name == "Sign in to Entra")
        .await;
    for (from, to) in [
        ("Enterprise application", "Connection from Entra"),
        ("Connection from Entra", "Sync settings"),
        ("Sync settings", "Users and groups"),
    ] {
        page.find("heading", from).await;
        tour::make(page).await;
        page.find("heading", to).await;
    }
    page.activate("checkbox", "Choose databricks-users").await;
    page.press_one("to look", |name| name == "See who would travel")
        .await;
    tour::make(page).await;
    page.find("heading", "Start the sync").await;
    tour::make(page).await;
    page.wait_for("Done, 25 of 25 people have arrived").await;
    looks.take(page, "done").await;
    looks.end();

    // The workspace has the people, the account's other workspaces do not, and the owner of the access token is not assigned.
    let id: u64 = id.parse().expect("a workspace's id is a number");
    let world = tour.practice.databricks().world();
    let seated = |workspace: u64| world.workspaces[&workspace].seats.len();
    let others = world.workspaces.keys().filter(|other| **other != id);
    for other in others {
        assert!(
            seated(*other) + 25 <= seated(id),
            "{other}: {}",
            seated(*other)
        );
    }
}
