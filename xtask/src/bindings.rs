//! The Rust types the page uses, as TypeScript.
//!
//! The engine knows its types, so an example of its own writes or compares them; this only calls it.

use crate::process::{Outcome, Step};
use crate::project;

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
    let mut arguments = vec!["run", "--package", "usher-engine", "--example", "bindings"];
    if mode == Mode::Check {
        arguments.extend(["--", "--check"]);
    }
    let step = Step::new(
        "Types for the page",
        &project::root(),
        30,
        &project::cargo(),
        &arguments,
    );
    step.run()
}
