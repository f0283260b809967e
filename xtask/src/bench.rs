//! The measurements of the whole product, side by side in one run.

use crate::process::{Outcome, Step, on_path};
use crate::project::{self, SCREEN, WINDOW_FEATURES};
use crate::setup::{self, PYTHON_VARIABLE};

/// How the figures are told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// A table.
    Text,
    /// One JSON document on standard output.
    Json,
}

/// The programs that are measured, beside those that people install.
const EXAMPLES: &[&str] = &["read_users", "rows", "judging", "coverage", "empty-window"];

/// Builds what is measured and measures it; all of it, or what is named.
pub(crate) fn run(format: Format, names: &[&str]) -> Outcome {
    setup::for_tests()?;
    let root = project::root();
    let mut build = vec![
        "build",
        "--release",
        "--workspace",
        "--bins",
        "--features",
        WINDOW_FEATURES,
    ];
    for example in EXAMPLES {
        build.extend(["--example", example]);
    }
    Step::new(
        "Building what is measured",
        &root,
        60,
        &project::cargo(),
        &build,
    )
    .aside()
    .run()?;
    let bench = project::target().join("release/bench");
    let bench = bench.display().to_string();
    // A window is measured as well, on a display of its own where xvfb-run is.
    let display = if on_path("xvfb-run") {
        vec!["xvfb-run", "--auto-servernum", "--server-args", SCREEN]
    } else {
        Vec::new()
    };
    let options: &[&str] = match format {
        Format::Text => &[],
        Format::Json => &["--json"],
    };
    let words = [&display[..], &[&bench], options, names].concat();
    Step::new("Measuring", &root, 15, words[0], &words[1..])
        .env(PYTHON_VARIABLE, setup::foreign_python())
        .run()
}
