//! The Entra half without a sign-in: instructions, a person's word, people who arrive, and what is seen later counts.

use usher_practice::ids;
use usher_tests::window::Look;

use crate::admin::{Admin, GALLERY};
use crate::looks::Looks;
use crate::tour::Tour;

const WORD: &str = "Confirm by hand: ";
const WHO: &str = "Ada Byron";

/// What nobody may confirm before it is so.
const ARRIVED: [&str; 2] = [
    "Assigned users are active in Databricks",
    "Assigned groups are in Databricks, with their people",
];

/// Gives a person's word for one thing.
async fn confirm(tour: &Tour, title: &str) {
    let page = &tour.page;
    page.press(&format!("{WORD}{title}")).await;
    if page.value_of("Your name").await.is_empty() {
        page.fill("Your name", WHO).await;
    }
    page.press("Confirm").await;
    page.gone("textbox", "Your name").await;
}

/// Gives a person's word for whatever the page asks about.
async fn confirm_all(tour: &Tour) {
    page_asks(tour).await;
    let mut asked = tour.page.names("button").await;
    asked.retain(|name| name.starts_with(WORD));
    for name in asked {
        let title = name.trim_start_matches(WORD);
        if !ARRIVED.contains(&title) {
            confirm(tour, title).await;
        }
    }
}

async fn page_asks(tour: &Tour) {
    tour.page.find_holding("button", WORD).await;
}

async fn arrive(tour: &Tour, heading: &str, instruction: &str) {
    tour.page.find("heading", heading).await;
    tour.page.wait_for(instruction).await;
}

/// The checklist, as it was saved last.
async fn saved(tour: &Tour) -> String {
    let known = tour.home.files_holding(WHO).len();
    tour.page.press("Save as Markdown").await;
    crate::tour::until("a checklist is saved", || {
        tour.home.files_holding(WHO).len() > known
    })
    .await;
    let files = tour.home.files_holding(WHO);
    let files = files
        .iter()
        .filter(|path| path.extension().is_some_and(|it| it == "md"));
    let newest = files.max_by_key(|path| path.metadata().unwrap().modified().unwrap());
    std::fs::read_to_string(newest.expect("a checklist")).unwrap()
}

#[tokio::test]
async fn from_nothing_to_people_who_have_arrived_and_what_is_seen_counts() {
    let tour = Tour::begin("fresh", Look::Light).await;
    let (page, practice) = (&tour.page, &tour.practice);
    tour.create_account_setup().await;
    confirm_all(&tour).await;
    tour.enable().await;
    page.press("Test the connection").await;
    page.wait_for("The connection works").await;
    page.press("Continue").await;
    page.choose("Not at all: I do the Entra steps by hand")
        .await;
    page.press_one("to go on", |name| name == "Continue").await;
    let mut looks = Looks::at("by-hand");
    let mut admin = Admin::sign_in(practice).await;
    let asked = |origin: &str| {
        let requests = practice.requests();
        let usher = |agent: &str| agent.to_ascii_lowercase().contains("usher");
        requests
            .iter()
            .filter(|one| one.origin == origin && usher(&one.user_agent))
            .count()
    };

    arrive(&tour, "Enterprise application", GALLERY).await;
    admin.create_application().await;
    confirm_all(&tour).await;
    page.press("Continue").await;

    arrive(&tour, "Connection from Entra", "Test connection").await;
    page.find("button", "Copy Tenant URL").await;
    admin.connect(practice).await;
    confirm_all(&tour).await;
    looks.take(page, "connection").await;
    page.press("Continue").await;

    // Of the settings the admin makes one, and says that all are made.
    arrive(&tour, "Sync settings", "Prevent accidental deletion").await;
    admin.let_everybody_sign_in().await;
    confirm_all(&tour).await;
    looks.take(page, "settings").await;
    page.press("Continue").await;

    arrive(&tour, "Users and groups", "Add user/group").await;
    admin.assign_everyone().await;
    confirm_all(&tour).await;
    page.press("Continue").await;

    // That it runs is said too early: nobody is in Databricks yet.
    arrive(&tour, "Start the sync", "Start provisioning").await;
    confirm_all(&tour).await;
    page.press("Look at both sides").await;
    page.wait_for("0 people").await;
    assert!(!page.text().await.contains("have arrived"));
    looks.take(page, "nobody-yet").await;
    admin.start().await;
    crate::tour::until("the first cycle ends", || {
        practice
            .changes()
            .iter()
            .any(|change| change.actor == "scim-token" && change.what.contains("group"))
    })
    .await;
    page.press("Look again").await;
    page.wait_for("25 people").await;
    for title in ARRIVED {
        confirm(&tour, title).await;
    }
    page.wait_for("Done, 25 people have arrived").await;
    looks.take(page, "done").await;
    assert_eq!(
        (asked("graph"), asked("login")),
        (0, 0),
        "Usher asks Entra nothing"
    );
    page.press("Continue").await;

    page.find_holding("heading", "Checklist").await;
    let checklist = saved(&tour).await;
    for said in ["25 people", "Attested: by Ada Byron"] {
        assert!(checklist.contains(said), "{said}: {checklist}");
    }
    assert!(!checklist.contains(ids::SCIM_TOKEN));
    looks.take(page, "checklist").await;

    // A colleague signs in: what was done is seen to be so, and what was only said is not.
    page.press("Sign in").await;
    tour.sign_in_as_app().await;
    page.press_one("to sign in", |name| name == "Sign in to Entra")
        .await;
    page.find("heading", "Enterprise application").await;
    page.press("Sync settings").await;
    page.find("heading", "Sync settings").await;
    page.wait_for("Usher has seen otherwise since. What is seen counts.")
        .await;
    looks.take(page, "overruled").await;
    page.press("Start").await;
    page.wait_for("Done, 25 of 25 people have arrived").await;
    page.press("Checklist").await;
    let checklist = saved(&tour).await;
    assert!(checklist.contains("25 of 25 people"), "{checklist}");
    looks.end();
}
