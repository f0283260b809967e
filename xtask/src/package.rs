//! Packages for Debian and Red Hat systems, made here; the rest is made by the release workflow.

use crate::process::{Outcome, Step};
use crate::project;
use crate::setup;

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
    // The Tauri tool of the page's own packages: it builds the page first, then the program.
    let arguments = [
        "exec",
        "--prefix",
        "ui",
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
