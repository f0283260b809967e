//! What is interrupted in the middle, or pressed twice: nothing is done twice, nothing is lost.

use usher_practice::{FaultKind, FaultRule};
use usher_tests::window::{Driver, Look};

use crate::tour::{self, Tour};

/// The request that makes the application.
const INSTANTIATE: &str = "*/instantiate";

fn made(tour: &Tour) -> usize {
    let requests = tour.practice.requests();
    let made = |path: &str| path.ends_with("/instantiate");
    requests.iter().filter(|one| made(&one.path)).count()
}

#[tokio::test]
async fn a_window_killed_in_the_middle_of_a_change_asks_what_became_of_it() {
    let tour = Tour::with_setup("fresh", "client-secret", &[]).await;
    tour.sign_in().await;
    // Entra makes the application and its answer never comes.
    let silent = FaultRule::new("graph", INSTANTIATE, FaultKind::Never);
    tour.practice
        .control()
        .faults
        .add(silent.method("POST").after_handler());
    tour::make(&tour.page).await;
    tour::until("the application is made", || {
        tour.practice
            .changes()
            .iter()
            .any(|change| change.what.contains("application"))
    })
    .await;
    assert_eq!(made(&tour), 1);
    let Tour {
        home,
        practice,
        driver,
        page: _,
    } = tour;
    driver.kill().await;
    practice.control().faults.clear();

    let driver = Driver::start(&home, Look::Light).await;
    let page = tour::open_setup(&driver, &home, &practice).await;
    tour::sign_in(&page, &practice).await;
    page.wait_for("A run ended in the middle").await;
    page.screenshot("interrupted").await;
    page.press_one("to ask", |name| name == "Ask Entra what became of it")
        .await;
    page.wait_for("Nothing to change here").await;
    page.press("Continue").await;
    page.find("heading", "Connection from Entra").await;
    let tour = Tour {
        home,
        practice,
        driver,
        page,
    };
    assert_eq!(made(&tour), 1, "nothing is made a second time");
    // And the journey goes on from there.
    tour::make(&tour.page).await;
    tour.page.find("heading", "Sync settings").await;
}

#[tokio::test]
async fn a_connection_cut_during_a_change_is_told_and_the_change_is_not_repeated() {
    let tour = Tour::with_setup("fresh", "client-secret", &[]).await;
    tour.sign_in().await;
    // As when a laptop is closed: the change happened, the answer was lost.
    let cut = FaultRule::new("graph", INSTANTIATE, FaultKind::Cut);
    tour.practice
        .control()
        .faults
        .add(cut.method("POST").after_handler().times(1));
    let page = &tour.page;
    tour::make(page).await;
    page.find("heading", "Connection from Entra").await;
    assert_eq!(made(&tour), 1, "read back, not repeated");
}

#[tokio::test]
async fn a_double_press_starts_one_job() {
    let tour = Tour::with_setup("fresh", "client-secret", &[]).await;
    let page = &tour.page;
    page.press("Enable provisioning").await;
    page.fill("SCIM token", &tour.practice.details().scim_token)
        .await;
    page.press("Keep the token").await;
    page.wait_for("kept in memory for this run").await;
    page.press("Continue").await;
    page.find("heading", "Test the connection").await;
    page.press_twice("Test the connection").await;
    page.wait_for("The connection works").await;
    let once = tour.practice.requests().len();
    page.press("Test again").await;
    tour::until("a second test asks as much", || {
        tour.practice.requests().len() >= once * 2
    })
    .await;
    page.wait_for("The connection works").await;
    assert_eq!(
        tour.practice.requests().len(),
        once * 2,
        "a double press asks as much as one press"
    );

    page.press("Sign in").await;
    page.fill("Client secret", &tour.practice.details().client_secret)
        .await;
    page.press("Keep the token").await;
    page.wait_for("kept in memory for this run").await;
    page.press_one("to sign in", |name| name == "Sign in to Entra")
        .await;
    page.find("heading", "Enterprise application").await;
    page.press_one("that makes changes", |name| {
        name.ends_with('…') && name.starts_with("Make ")
    })
    .await;
    page.press_twice("Make the change").await;
    page.find("heading", "Connection from Entra").await;
    assert_eq!(made(&tour), 1);
}

#[tokio::test]
async fn a_lid_closed_in_the_middle_of_a_change() {
    let tour = Tour::with_setup("fresh", "client-secret", &[]).await;
    tour.sign_in().await;
    let (page, practice) = (&tour.page, &tour.practice);
    let slow = FaultRule::new("graph", INSTANTIATE, FaultKind::Slow { millis: 500 });
    let faults = &practice.control().faults;
    faults.add(slow.method("POST").after_handler());
    tour::make(page).await;
    tour::until("the application is asked for", || made(&tour) > 0).await;
    tour.driver.freeze();
    // Entra answers to a machine that sleeps.
    let answered = |path: &str| path.ends_with("/instantiate");
    tour::until("Entra answers", || {
        let requests = practice.requests();
        let mut asked = requests.iter().filter(|one| answered(&one.path));
        asked.any(|one| one.status.is_some())
    })
    .await;
    faults.clear();
    tour.driver.thaw();

    page.find("heading", "Connection from Entra").await;
    assert_eq!(made(&tour), 1, "nothing is made a second time");
    tour::make(page).await;
    page.find("heading", "Sync settings").await;
}

#[tokio::test]
async fn without_a_network_it_is_said_and_nothing_is_lost() {
    let tour = Tour::with_setup("fresh", "client-secret", &[]).await;
    tour.sign_in().await;
    let page = &tour.page;
    let faults = &tour.practice.control().faults;
    faults.add(FaultRule::new("*", "*", FaultKind::Cut));
    page.press("Test").await;
    page.press("Test again").await;
    page.wait_for("The connection was cut before an answer came")
        .await;
    page.press_one("of the findings", |name| name.starts_with("Findings:"))
        .await;
    page.press("Look again").await;
    page.find("button", "Look again").await;
    page.screenshot("no-network-findings").await;
    let broken = page.violations().await;
    assert!(broken.is_empty(), "{broken:#?}");

    faults.clear();
    page.press("Look again").await;
    page.find("button", "Look again").await;
    page.press("Test").await;
    page.press("Test again").await;
    page.wait_for("The connection works").await;
    page.press("Application").await;
    tour::make(page).await;
    page.find("heading", "Connection from Entra").await;
}
