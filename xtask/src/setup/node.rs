//! The page's packages and its build.

use super::{needed, version};
use crate::process::{Outcome, Step};
use crate::project;

/// The oldest Node the page's tools run on.
const OLDEST: (u32, u32) = (20, 19);

/// Installs the packages of the lock file, unless they are already there.
pub(crate) fn packages() -> Outcome {
    match version("node") {
        Some(found) if found >= OLDEST => {}
        found => {
            let found = found.map_or("none".to_owned(), |(major, minor)| {
                format!("{major}.{minor}")
            });
            return Err(needed(
                "Node 20.19 or newer",
                &format!(
                    "Found: {found}. Get it from https://nodejs.org or your system's packages."
                ),
            ));
        }
    }
    let ui = project::ui();
    let changed = |file: &str| {
        ui.join(file)
            .metadata()
            .and_then(|data| data.modified())
            .ok()
    };
    // npm writes this file when it has finished, so it stands for a complete installation.
    let installed = changed("node_modules/.package-lock.json");
    if installed.is_some() && installed >= changed("package-lock.json") {
        return Ok(());
    }
    Step::new(
        "Installing the page's packages",
        &ui,
        10,
        project::npm(),
        &["ci", "--no-fund"],
    )
    .aside()
    .run()
}

/// Builds the page. The window's crate does not compile without it.
pub(crate) fn build() -> Outcome {
    Step::new(
        "Building the page",
        &project::ui(),
        5,
        project::npm(),
        &["run", "build"],
    )
    .aside()
    .run()
}
