//! The journey from the start page to a checklist in hand, every page looked at in light and in dark.

use usher_tests::window::{Look, Page};

use crate::tour::Tour;

/// Keeps a picture and asks the accessibility rules.
struct Inspector {
    name: &'static str,
    broken: Vec<String>,
}

impl Inspector {
    async fn look(&mut self, page: &Page, what: &str) {
        page.screenshot(&format!("{}-{what}", self.name)).await;
        for violation in page.violations().await {
            self.broken.push(format!("{what}: {violation:#?}"));
        }
    }
}

async fn walk(look: Look, size: (u32, u32), name: &'static str) {
    let tour = Tour::begin("fresh", look).await;
    let page = &tour.page;
    let mut inspector = Inspector {
        name,
        broken: Vec::new(),
    };
    page.resize(size.0, size.1).await;

    page.find("heading", "What would you like to do?").await;
    inspector.look(page, "1-start").await;
    tour.create_account_setup().await;
    inspector.look(page, "2-prepare").await;
    tour.enable().await;

    inspector.look(page, "4-before-the-test").await;
    page.press("Test the connection").await;
    page.wait_for("The connection works").await;
    inspector.look(page, "5-tested").await;
    page.press("Enable provisioning").await;
    page.find("heading", "Enable provisioning").await;
    inspector.look(page, "3-enable").await;

    page.press("Checklist").await;
    page.wait_for("Save as Markdown").await;
    inspector.look(page, "6-checklist").await;
    page.press("Save as Markdown").await;
    page.wait_for("Saved").await;
    page.find_holding("button", "Findings:")
        .await
        .click()
        .await
        .expect("the findings open");
    page.find("heading", "Findings").await;
    inspector.look(page, "7-findings").await;

    assert!(
        inspector.broken.is_empty(),
        "{}",
        inspector.broken.join("\n")
    );
    assert_eq!(tour.practice.changes(), [], "nothing was changed anywhere");
    let token = &tour.practice.details().scim_token;
    assert_eq!(
        tour.home.files_holding(token),
        Vec::<std::path::PathBuf>::new()
    );
}

#[tokio::test]
async fn the_journey_in_light_on_a_small_screen() {
    walk(Look::Light, (960, 640), "light-960").await;
}

#[tokio::test]
async fn the_journey_in_dark_on_a_large_screen() {
    walk(Look::Dark, (1440, 900), "dark-1440").await;
}
