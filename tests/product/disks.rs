//! Disks that take nothing more. The mounts live in a namespace of their own and go with the program.

#![cfg(target_os = "linux")]

use std::path::Path;

use tokio::process::Command;
use usher_practice::Practice;
use usher_tests::process::run;
use usher_tests::{Home, Ran, place};

use crate::practice;

/// A set-up of the account journey, as far as the command line asks for one.
fn setup(practice: &Practice) -> String {
    let details = practice.details();
    serde_json::json!({
        "schema": "usher.setup/1", "name": "Contoso", "journey": "account", "cloud": "azure",
        "entra": { "tenantId": details.tenant_id, "signIn": "client-secret", "clientId": details.client_id },
        "databricks": { "accountId": details.account_id, "scimUrl": details.scim_url, "workspaces": [] },
    })
    .to_string()
}

async fn may_mount() -> bool {
    let tried = Command::new("unshare")
        .args(["--mount", "true"])
        .output()
        .await;
    tried.is_ok_and(|output| output.status.success())
}

/// Runs `usher` with `folder` mounted as the shell words say.
async fn usher_on_mount(practice: &Practice, home: &Home, mount: &str, arguments: &[&str]) -> Ran {
    let plain = home.usher_on(practice, arguments);
    // What lies on the disk afterwards is told after everything else: the mount goes with the shell.
    let script = format!("{mount} && {{ \"$@\"; code=$?; ls -A disk >&2; exit $code; }}");
    let mut command = Command::new("unshare");
    if !may_mount().await {
        // In a user namespace of one's own even a person without rights may.
        command.args(["--user", "--map-root-user"]);
    }
    command.args(["--mount", "sh", "-c", &script, "sh"]);
    command
        .arg(place::program("usher"))
        .args(arguments)
        .current_dir(home.path());
    for (name, value) in plain.as_std().get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    run(command).await
}

async fn save_checklist(mount: &str) -> (Ran, Practice) {
    let practice = practice("fresh").await;
    let home = Home::new();
    std::fs::create_dir(home.path().join("disk")).expect("a folder can be made");
    let file = home.write("setup.json", &setup(&practice));
    let file = file.display().to_string();
    let out = Path::new("disk/checklist.md").display().to_string();
    let arguments = [
        "--setup",
        &file,
        "--json",
        "checklist",
        "--format",
        "md",
        "-o",
        &out,
    ];
    let ran = usher_on_mount(&practice, &home, mount, &arguments).await;
    (ran, practice)
}

#[tokio::test]
async fn a_full_disk_is_named_and_leaves_no_half_file() {
    let mount = "mount -t tmpfs -o size=16k none disk && head -c 16384 /dev/zero > disk/full";
    let (ran, practice) = save_checklist(mount).await;
    assert_eq!(ran.code, Some(3), "{ran:#?}");
    assert_eq!(ran.json()["schema"], "usher.error/1", "{ran:#?}");
    assert!(
        ran.err.ends_with("\nfull\n") || ran.err == "full\n",
        "only what was there: {ran:#?}"
    );
    assert!(!ran.printed().contains(&practice.details().scim_token));
}

#[tokio::test]
async fn a_read_only_disk_is_named() {
    let (ran, practice) = save_checklist("mount -t tmpfs -o ro none disk").await;
    assert_eq!(ran.code, Some(3), "{ran:#?}");
    assert_eq!(ran.json()["schema"], "usher.error/1", "{ran:#?}");
    assert!(!ran.printed().contains(&practice.details().scim_token));
}
