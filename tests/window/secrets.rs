//! What the window prints and writes at its most talkative holds no secret.

use usher_practice::TokenKind;

use crate::tour::{self, Tour};

/// Where the window's own lines go: into a file of its home, where every file is searched.
const LINES: &str = "printed";

#[tokio::test]
async fn a_talkative_window_prints_and_writes_no_secret() {
    let script = format!("exec \"$@\" >\"$HOME/{LINES}\" 2>&1");
    let before = [
        "env",
        "USHER_LOG=trace",
        "RUST_LOG=trace",
        "sh",
        "-c",
        &script,
        "sh",
    ]
    .map(str::to_owned);
    let tour = Tour::with_setup("fresh", "client-secret", &before).await;
    tour.sign_in().await;
    let page = &tour.page;
    tour::make(page).await;
    page.find("heading", "Connection from Entra").await;
    tour::make(page).await;
    page.find("heading", "Sync settings").await;

    // What people paste into the wrong field.
    let details = tour.practice.details();
    page.press("Enable provisioning").await;
    page.fill("Account SCIM URL", &details.client_secret).await;
    page.wait_for("This is not a complete URL").await;
    page.press("Checklist").await;
    page.press("Save as JSON").await;
    page.wait_for("Saved").await;

    let printed = std::fs::read_to_string(tour.home.path().join(LINES)).expect("it was written");
    assert!(
        printed.contains("DEBUG") && printed.contains("usher"),
        "{printed}"
    );
    let issued = tour.practice.control().tokens.of_kind(&TokenKind::Entra);
    assert!(!issued.is_empty(), "somebody signed in");
    let issued = issued.into_iter().map(|(token, _)| token);
    for secret in issued.chain([details.scim_token.clone(), details.client_secret.clone()]) {
        assert_eq!(
            tour.home.files_holding(&secret),
            Vec::<std::path::PathBuf>::new(),
            "…{}",
            &secret[secret.len() - 4..]
        );
    }
}
