//! A real keyring: GNOME Keyring in a private D-Bus session, unlocked, locked, without a keyring, and absent.
//!
//! The keyring belongs to a session, so each case runs this test binary again inside a session of its own; the child is the
//! test [`within_the_session`], which does nothing unless it was told its case.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use usher_core::model::Secret;
use usher_vault::{KeyringOptions, SecretId, SecretKind, Vault};

const CASE: &str = "USHER_TEST_KEYRING_CASE";
const UNLOCK: &str =
    "echo -n test | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1";
const START: &str = "gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1";

/// Runs the child within a session whose home is `home`, after `prepare`; gives what the child printed.
fn session(home: &Path, prepare: &str, case: &str) -> String {
    let binary = std::env::current_exe().unwrap();
    let script = format!("{prepare}; exec \"$0\" --exact real::within_the_session --nocapture");
    let run = home.join("run");
    std::fs::create_dir_all(&run).unwrap();
    let output = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", &script])
        .arg(binary)
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", &run)
        .env("XDG_DATA_HOME", home.join("data"))
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env(CASE, case)
        .output()
        .expect("dbus-run-session is installed (package dbus-daemon)");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{printed}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    printed
}

#[tokio::test]
async fn within_the_session() {
    if std::env::var_os(CASE).is_none() {
        return;
    }
    let patience = Duration::from_secs(30);
    let vault = Vault::keyring(KeyringOptions {
        patience,
        events: None,
    });
    match vault.probe().await {
        Err(error) => println!("outcome: {}", error.code()),
        Ok(()) => {
            let id = SecretId {
                setup: "practice".to_owned(),
                origin: "http://127.0.0.1:9".parse().unwrap(),
                kind: SecretKind::ScimToken,
            };
            let secret = Secret::new("dsapi0123456789abcdef");
            vault.put(id.clone(), secret.clone()).await.unwrap();
            assert_eq!(vault.get(id.clone()).await.unwrap(), Some(secret));
            assert_eq!(vault.list("practice").await.unwrap().len(), 1);
            vault.remove(id.clone()).await.unwrap();
            assert_eq!(vault.get(id).await.unwrap(), None);
            println!("outcome: works");
        }
    }
}

#[test]
fn an_unlocked_keyring_works_and_a_locked_one_says_so() {
    let home = tempfile::tempdir().unwrap();
    assert!(session(home.path(), UNLOCK, "unlocked").contains("outcome: works"));
    assert!(session(home.path(), START, "locked").contains("outcome: keyring-locked"));
}

#[test]
fn a_service_without_a_keyring_is_told() {
    let home = tempfile::tempdir().unwrap();
    let printed = session(home.path(), START, "none-yet");
    assert!(printed.contains("outcome: keyring-none-yet"), "{printed}");
}

#[test]
fn no_session_bus_is_no_service() {
    let home = tempfile::tempdir().unwrap();
    let printed = session(
        home.path(),
        "export DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent",
        "absent",
    );
    assert!(printed.contains("outcome: keyring-no-service"), "{printed}");
}
