//! Packages for Debian and Red Hat systems, made here; the rest is made by the release workflow.

use crate::process::{Outcome, Step};
use crate::project;
use crate::setup;

/// The version of Tauri's packing tool: the same minor version as the crate `tauri`.
const PACKING_TOOL: &str = "2.12.5";

/// Builds the release and packs it.
pub(crate) fn run() -> Outcome {
    setup::for_packages()?;
    let bundles = if cfg!(target_os = "linux") {
        "deb,rpm"
    } else if cfg!(windows) {
        "nsis"
    } else {
        "dmg"
    };
    // It builds the page first, then the program. Its own packages differ by system and npm's lock
    // file would have to hold them all, so npm brings it for this one command.
    let tool = format!("--package=@tauri-apps/cli@{PACKING_TOOL}");
    let arguments = [
        "exec",
        "--yes",
        &tool,
        "--",
        "tauri",
        "build",
        "--bundles",
        bundles,
    ];
    Step::new(
        "Building and packing",
        &project::root(),
        60,
        project::npm(),
        &arguments,
    )
    .run()?;
    println!(
        "\n✓ The packages are in {}",
        project::target().join("release/bundle").display()
    );
    Ok(())
}
