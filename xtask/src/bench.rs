//! The measurements of the whole product, side by side in one run.

use crate::process::{Outcome, Step};
use crate::project::{self, WINDOW_FEATURES};
use crate::setup::{self, PYTHON_VARIABLE};

/// How the figures are told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// A table.
    Text,
    /// One JSON document on standard output.
    Json,
}

/// Builds what is measured and measures it.
pub(crate) fn run(format: Format) -> Outcome {
    setup::for_tests()?;
    let root = project::root();
    let cargo = project::cargo();
    let build = [
        "build",
        "--release",
        "--workspace",
        "--bins",
        "--example",
        "read_users",
        "--features",
        WINDOW_FEATURES,
    ];
    Step::new("Building what is measured", &root, 60, &cargo, &build)
        .aside()
        .run()?;
    let mut arguments = vec![
        "run",
        "--quiet",
        "--release",
        "--package",
        "usher-tests",
        "--bin",
        "bench",
    ];
    if format == Format::Json {
        arguments.extend(["--", "--json"]);
    }
    Step::new("Measuring", &root, 60, &cargo, &arguments)
        .env(PYTHON_VARIABLE, setup::foreign_python())
        .run()
}
