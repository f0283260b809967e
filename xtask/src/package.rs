//! Packages for Debian and Red Hat systems, made here; the rest is made by the release workflow.

mod contents;

use serde_json::{Value, json};

use crate::process::{Outcome, Step};
use crate::project::{self, WINDOW_FEATURES};
use crate::setup;

/// The version of Tauri's packing tool: the same minor version as the crate `tauri`.
const PACKING_TOOL: &str = "2.12.5";

/// Builds the release and packs it.
pub(crate) fn run() -> Outcome {
    setup::for_packages()?;
    let root = project::root();
    let build = [
        "build",
        "--release",
        "--workspace",
        "--features",
        WINDOW_FEATURES,
        "--bin",
        "usher-window",
        "--bin",
        "usher",
    ];
    Step::new("Building", &root, 60, &project::cargo(), &build).run()?;
    let bundles = if cfg!(target_os = "linux") {
        "deb,rpm"
    } else if cfg!(windows) {
        "nsis"
    } else {
        "dmg"
    };
    // Its own packages differ by system and npm's lock file would have to hold them all, so npm brings it for this one command.
    let tool = format!("--package=@tauri-apps/cli@{PACKING_TOOL}");
    let also = also().to_string();
    let arguments = [
        "exec",
        "--yes",
        &tool,
        "--",
        "tauri",
        "bundle",
        "--bundles",
        bundles,
        "--config",
        &also,
    ];
    Step::new("Packing", &root, 30, project::npm(), &arguments).run()?;
    let folder = project::target().join("release/bundle");
    if cfg!(target_os = "linux") {
        contents::check(&folder)?;
    }
    println!("\n✓ The packages are in {}", folder.display());
    Ok(())
}

/// What else goes into a package: the command for terminals and servers, which needs no window, and the licences.
fn also() -> Value {
    let root = project::root();
    let command = project::target().join("release/usher");
    let files = json!({
        "/usr/bin/usher": command,
        "/usr/share/doc/usher/LICENSE-APACHE": root.join("LICENSE-APACHE"),
        "/usr/share/doc/usher/LICENSE-MIT": root.join("LICENSE-MIT"),
    });
    json!({ "bundle": { "linux": { "deb": { "files": files }, "rpm": { "files": files } } } })
}
