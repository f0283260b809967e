//! Every test there is, in the order in which a fault shows soonest.

use crate::bindings;
use crate::process::{Outcome, Step, on_path};
use crate::project::{self, SCREEN, WINDOW_FEATURES};
use crate::setup::{self, PYTHON_VARIABLE};
use crate::tidy;

/// Sets the machine up and runs everything.
pub(crate) fn run() -> Outcome {
    tidy::run()?;
    setup::for_tests()?;
    rust_form()?;
    page()?;
    rust_lints()?;
    products()?;
    bindings::run(bindings::Mode::Check)?;
    rust_tests()?;
    window()?;
    println!("\n✓ Everything passed. Screenshots of the window are in build/screenshots.");
    Ok(())
}

fn cargo(title: &str, minutes: u64, arguments: &[&str]) -> Step {
    Step::new(
        title,
        &project::root(),
        minutes,
        &project::cargo(),
        arguments,
    )
}

fn rust_form() -> Outcome {
    cargo("Rust: format", 2, &["fmt", "--all", "--check"]).run()
}

fn rust_lints() -> Outcome {
    let arguments = [
        &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--features",
            WINDOW_FEATURES,
        ][..],
        &["--", "--deny", "warnings"],
    ]
    .concat();
    cargo("Rust: lints", 30, &arguments).run()
}

/// Types, lints and tests of the page.
fn page() -> Outcome {
    for (title, script) in [
        ("Page: types", "check"),
        ("Page: lints", "lint"),
        ("Page: tests", "test"),
    ] {
        Step::new(title, &project::ui(), 10, project::npm(), &["run", script]).run()?;
    }
    Ok(())
}

/// Builds the programs the whole-product tests start, together with the tests: alone they would need some dependencies with
/// fewer features, and those would be compiled twice.
fn products() -> Outcome {
    let arguments = [
        "build",
        "--workspace",
        "--all-targets",
        "--features",
        WINDOW_FEATURES,
    ];
    cargo("Rust: programs and tests", 45, &arguments).run()
}

fn rust_tests() -> Outcome {
    let nextest = [
        "nextest",
        "run",
        "--workspace",
        "--features",
        WINDOW_FEATURES,
        "--profile",
        "ci",
        "--no-fail-fast",
    ];
    cargo("Rust: tests", 45, &nextest)
        .env(PYTHON_VARIABLE, setup::foreign_python())
        .run()?;
    let documentation = [
        "test",
        "--workspace",
        "--doc",
        "--features",
        WINDOW_FEATURES,
        "--quiet",
    ];
    cargo("Rust: examples in the documentation", 20, &documentation).run()
}

/// The real window, driven through WebDriver on a display of its own.
fn window() -> Outcome {
    if !on_path("WebKitWebDriver") {
        println!(
            "\n── Window: skipped. It is driven through WebKitGTK's WebDriver, on Linux alone."
        );
        return Ok(());
    }
    let cargo = project::cargo();
    let arguments = [
        &[
            "--auto-servernum",
            "--server-args",
            SCREEN,
            &cargo,
            "nextest",
            "run",
        ][..],
        &[
            "--workspace",
            "--features",
            WINDOW_FEATURES,
            "--profile",
            "window",
            "--no-fail-fast",
        ],
    ]
    .concat();
    Step::new(
        "Window: journeys",
        &project::root(),
        30,
        "xvfb-run",
        &arguments,
    )
    .run()
}
