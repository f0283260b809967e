//! The Rust types the page uses, as TypeScript.
//!
//! The engine knows its types, so an example of its own writes or compares them; this only calls it.

use crate::process::{Outcome, Step};
use crate::project::{self, WINDOW_FEATURES};

/// What to do with the generated files.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Put them into the page's sources.
    Write,
    /// Fail when the page's sources hold something else.
    Check,
}

/// Writes or compares the page's types.
pub(crate) fn run(mode: Mode) -> Outcome {
    let root = project::root();
    // Built as the tests are, so that what is built for one serves the other.
    let build = [
        "build",
        "--workspace",
        "--features",
        WINDOW_FEATURES,
        "--example",
        "bindings",
    ];
    Step::new(
        "Types for the page: building",
        &root,
        30,
        &project::cargo(),
        &build,
    )
    .run()?;
    let example = project::built("examples/bindings").display().to_string();
    let arguments: &[&str] = match mode {
        Mode::Write => &[],
        Mode::Check => &["--check"],
    };
    Step::new("Types for the page", &root, 2, &example, arguments).run()
}
