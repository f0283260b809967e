//! Secrets from a real keyring, and from nowhere else: the whole journey goes by them, and no secret comes out anywhere, however
//! much is told.
//!
//! The keyring belongs to a session on a bus of its own, so this test binary runs again inside one; the child is the test
//! [`within_the_session`], which does nothing unless it was told to.

#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::json;
use usher_core::model::{Endpoints, Secret, World};
use usher_engine::session::secret_place;
use usher_engine::session::view::SecretSlot;
use usher_engine::store::SetupFile;
use usher_practice::{Options, Practice};
use usher_vault::{KeyringOptions, Vault};

use crate::support::{json, printed, usher};

const HOME: &str = "USHER_TEST_KEYRING_HOME";

#[test]
fn the_journey_goes_by_the_keyring_and_no_secret_comes_out() {
    let home = tempfile::tempdir().unwrap();
    let run = home.path().join("run");
    std::fs::create_dir_all(&run).unwrap();
    let script = "printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; \
                  exec \"$0\" --exact keyring::within_the_session --nocapture";
    let output = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", script])
        .arg(std::env::current_exe().unwrap())
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", &run)
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env(HOME, home.path())
        .output()
        .expect("dbus-run-session is installed (package dbus-daemon)");
    let told = printed(&output);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("the journey is done"), "{told}");
}

/// The set-up's place, and every secret that belongs to it.
struct Kept {
    practice: Practice,
    folder: PathBuf,
    secrets: Vec<(SecretSlot, String)>,
}

impl Kept {
    async fn begin(home: &Path) -> Self {
        let practice = Practice::start(Options::default()).await.unwrap();
        let details = practice.details().clone();
        let folder = home.join("work");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("endpoints.json"), practice.endpoints_json()).unwrap();
        let workspace = &details.endpoints.workspaces["1001"];
        let setup = json!({
            "schema": "usher.setup/1", "name": "Practice", "journey": "account", "cloud": "azure",
            "entra": { "tenantId": details.tenant_id, "signIn": "client-secret", "clientId": details.client_id },
            "databricks": { "accountId": details.account_id, "scimUrl": details.scim_url,
                            "servicePrincipalClientId": details.databricks_client_id,
                            "workspaces": [{ "id": "1001", "url": workspace }] },
            "want": { "assignmentRequired": false, "scope": "assigned", "provisioning": "on",
                      "notificationEmail": "iam@contoso.example", "deleteThreshold": 500 },
        });
        std::fs::write(folder.join("setup.json"), setup.to_string()).unwrap();
        let pat = SecretSlot::WorkspaceToken {
            workspace_id: "1001".to_owned(),
        };
        let secrets = vec![
            (SecretSlot::ScimToken, details.scim_token.clone()),
            (SecretSlot::EntraClientSecret, details.client_secret.clone()),
            (
                SecretSlot::DatabricksClientSecret,
                details.databricks_client_secret.clone(),
            ),
            (pat, details.pats["1001"].clone()),
        ];
        Self {
            practice,
            folder,
            secrets,
        }
    }

    /// Puts every secret where the window would.
    async fn fill_the_keyring(&self) {
        let vault = Vault::keyring(KeyringOptions::default());
        let file = SetupFile::read(&self.folder.join("setup.json")).unwrap();
        let world = World::Mapped(Endpoints::parse(&self.practice.endpoints_json()).unwrap());
        for (slot, text) in &self.secrets {
            let place = secret_place(slot, &file, &world).unwrap();
            vault.put(place, Secret::new(text.clone())).await.unwrap();
        }
    }

    /// The command, as loud as it can be, with nothing but the keyring to find secrets in.
    async fn run(&self, arguments: &[&str]) -> Output {
        let mut command = usher(arguments);
        command
            .args(["-vvv", "--setup"])
            .arg(self.folder.join("setup.json"))
            .current_dir(&self.folder)
            .env("USHER_ENDPOINTS", self.folder.join("endpoints.json"))
            .env("USHER_WAIT_SCALE", "0.01")
            .env("RUST_LOG", "trace")
            .env("RUST_BACKTRACE", "full");
        let ran = tokio::task::spawn_blocking(move || command.output().unwrap());
        let output = ran.await.unwrap();
        let told = printed(&output);
        for (slot, secret) in &self.secrets {
            assert!(!told.contains(secret), "{arguments:?}, {slot:?}: {told}");
        }
        output
    }

    /// Below the home, the keyring's own files included.
    fn no_file_holds_a_secret(&self, home: &Path) {
        let mut open = vec![home.to_path_buf()];
        let mut seen = 0;
        while let Some(path) = open.pop() {
            if path.is_dir() {
                open.extend(
                    std::fs::read_dir(&path)
                        .unwrap()
                        .map(|entry| entry.unwrap().path()),
                );
            } else if path.is_file() {
                seen += 1;
                let bytes = std::fs::read(&path).unwrap_or_default();
                for (slot, secret) in &self.secrets {
                    let secret = secret.as_bytes();
                    let found = bytes.windows(secret.len()).any(|part| part == secret);
                    assert!(!found, "{slot:?} is in {}", path.display());
                }
            }
        }
        assert!(seen >= 6, "only {seen} files were looked at");
    }
}

#[tokio::test]
async fn within_the_session() {
    let Some(home) = std::env::var_os(HOME).map(PathBuf::from) else {
        return;
    };
    let kept = Kept::begin(&home).await;
    let without = kept.run(&["check", "--json"]).await;
    assert_eq!(json(&without)["code"], "secret-missing", "{without:?}");
    kept.fill_the_keyring().await;

    let alone = kept.run(&["check", "--json", "--no-keyring"]).await;
    assert_eq!(json(&alone)["code"], "secret-missing", "{alone:?}");
    let check = kept.run(&["check", "--json"]).await;
    assert_eq!(check.status.code(), Some(1), "{check:?}");
    let findings = json(&check)["findings"].clone();
    let mut findings = findings.as_array().unwrap().iter();
    let connection = findings.find(|one| one["check"] == "connection-from-here");
    assert_eq!(connection.unwrap()["status"], "pass", "the token was found");
    let applied = kept.run(&["apply", "--yes", "--json", "--wait", "0"]).await;
    assert_eq!(applied.status.code(), Some(0), "{applied:?}");
    for arguments in [
        &["plan"][..],
        &["check", "--deep", "--strict"],
        &["checklist", "--format", "md", "-o", "checklist.md"],
        &["export", "--as", "terraform", "-o", "terraform"],
        &["export", "--as", "graph-script", "-o", "script"],
        &["rollback", "--yes"],
    ] {
        let ran = kept.run(arguments).await;
        assert!(matches!(ran.status.code(), Some(0 | 1)), "{ran:?}");
    }
    kept.no_file_holds_a_secret(&home);
    println!("the journey is done");
}
