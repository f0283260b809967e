//! From a fresh clone to the wizard on the screen.

use crate::process::{Outcome, Step};
use crate::project::{self, WINDOW_FEATURES};
use crate::setup;
use crate::walk;

/// Which tenants the wizard works on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum World {
    /// The practice tenant: everything real but the tenant.
    Practice,
    /// The person's own tenants.
    Live,
}

/// A wizard may stay open for a working week; it is the person who closes it.
const OPEN_MINUTES: u64 = 7 * 24 * 60;

/// Sets the machine up, builds and opens the wizard.
pub(crate) fn run(world: World) -> Outcome {
    if !setup::has_display() {
        println!("There is no display here, so the window cannot open.");
        return match world {
            World::Practice => walk::run(),
            World::Live => {
                println!(
                    "The same engine runs without a window: cargo run --package usher-cli -- --help"
                );
                Ok(())
            }
        };
    }
    setup::for_window()?;
    let root = project::root();
    let build = [
        "build",
        "--workspace",
        "--features",
        WINDOW_FEATURES,
        "--bin",
        "usher-window",
    ];
    Step::new("Building the wizard", &root, 30, &project::cargo(), &build).run()?;
    let wizard = project::built("usher-window").display().to_string();
    let arguments: &[&str] = match world {
        World::Practice => &["--practice"],
        World::Live => &[],
    };
    Step::new("The wizard", &root, OPEN_MINUTES, &wizard, arguments).run()
}
