//! The system's keyring, a real one on a bus of its own: unlocked, locked, absent.

use usher_practice::{Options, Practice};
use usher_tests::Home;
use usher_tests::window::{Driver, Look, Page};

/// Where the driver, and with it the window, finds its keyring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keyring {
    /// On the bus, and open.
    Unlocked,
    /// On the bus, with no keyring in it that could be opened without a person.
    Locked,
    /// No session bus at all.
    Absent,
}

/// A window that has come to the token field.
struct AtToken {
    home: Home,
    practice: Practice,
    page: Page,
    _driver: Driver,
}

async fn at_token(keyring: Keyring) -> AtToken {
    let practice = Practice::start(Options::default())
        .await
        .expect("the practice tenant starts");
    let home = Home::new();
    let endpoints = home.endpoints(&practice).display().to_string();
    let driver = Driver::start_under(&home, Look::Light, &before(keyring)).await;
    let page = driver.open(&["--endpoints", &endpoints]).await;
    page.press("Set up account provisioning").await;
    page.press("Start the set-up").await;
    page.find("heading", "Prepare").await;
    page.press("Enable provisioning").await;
    page.fill("Account SCIM URL", &practice.details().scim_url)
        .await;
    page.fill("SCIM token", &practice.details().scim_token)
        .await;
    page.press("Keep the token").await;
    AtToken {
        home,
        practice,
        page,
        _driver: driver,
    }
}

/// The words of a shell that come before the driver.
fn before(keyring: Keyring) -> Vec<String> {
    let script = match keyring {
        Keyring::Absent => return Vec::new(),
        Keyring::Unlocked => {
            "printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null; exec \"$@\""
        }
        Keyring::Locked => {
            "gnome-keyring-daemon --start --components=secrets >/dev/null; exec \"$@\""
        }
    };
    ["dbus-run-session", "--", "sh", "-c", script, "sh"]
        .map(str::to_owned)
        .to_vec()
}

#[tokio::test]
async fn an_open_keyring_keeps_the_token_and_no_file_does() {
    let at = at_token(Keyring::Unlocked).await;
    at.page.wait_for("kept in the keyring").await;
    at.page.screenshot("keyring-kept").await;
    let token = &at.practice.details().scim_token;
    assert_eq!(
        at.home.files_holding(token),
        Vec::<std::path::PathBuf>::new()
    );
    at.page.press("Continue").await;
    at.page.press("Test the connection").await;
    at.page.wait_for("The connection works").await;
}

#[tokio::test]
async fn without_a_keyring_the_person_chooses_memory() {
    let at = at_token(Keyring::Absent).await;
    at.page.press("Keep secrets in memory for this run").await;
    at.page.wait_for("kept in memory for this run").await;
}

#[tokio::test]
async fn a_keyring_that_does_not_open_leaves_the_choice_to_the_person() {
    let at = at_token(Keyring::Locked).await;
    at.page.press("Keep secrets in memory for this run").await;
    at.page.wait_for("kept in memory for this run").await;
    let token = &at.practice.details().scim_token;
    assert_eq!(
        at.home.files_holding(token),
        Vec::<std::path::PathBuf>::new()
    );
}
