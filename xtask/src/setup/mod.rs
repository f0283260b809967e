//! Getting a bare machine ready: what is missing is installed, or named.

mod node;
mod python;
mod system;

use std::process::Command;

use crate::process::{Failure, Outcome, Step, on_path, succeeds};
use crate::project;

pub(crate) use python::{PYTHON_VARIABLE, interpreter as foreign_python};
pub(crate) use system::has_display;

/// What the Rust parts need to compile, without the window.
pub(crate) fn for_terminal() -> Outcome {
    system::install(system::TERMINAL)
}

/// What the window needs to be built and shown.
pub(crate) fn for_window() -> Outcome {
    system::install(system::WINDOW)?;
    node::packages()?;
    node::build()
}

/// What every test there is needs.
pub(crate) fn for_tests() -> Outcome {
    components()?;
    system::install(system::TESTS)?;
    node::packages()?;
    node::build()?;
    nextest()?;
    python::environment()
}

/// What building a package needs.
pub(crate) fn for_packages() -> Outcome {
    for_window()
}

/// The parts of Rust that an installation may have left out.
fn components() -> Outcome {
    let missing: Vec<&str> = [("clippy", "clippy"), ("fmt", "rustfmt")]
        .into_iter()
        .filter(|(command, _)| !succeeds(&project::cargo(), &[command, "--version"]))
        .map(|(_, component)| component)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(needed(
        &format!("Rust's {}", missing.join(" and ")),
        &format!("To install: rustup component add {}", missing.join(" ")),
    ))
}

/// Uses the nextest that is there, else compiles one.
fn nextest() -> Outcome {
    if succeeds(&project::cargo(), &["nextest", "--version"]) {
        return Ok(());
    }
    Step::new(
        "Installing cargo-nextest",
        &project::root(),
        30,
        &project::cargo(),
        &["install", "cargo-nextest", "--locked"],
    )
    .aside()
    .run()
}

/// The version a program tells with `--version`, as `(major, minor)`.
fn version(program: &str) -> Option<(u32, u32)> {
    if !on_path(program) {
        return None;
    }
    let output = Command::new(program).arg("--version").output().ok()?;
    numbers(&String::from_utf8_lossy(&output.stdout))
}

fn numbers(text: &str) -> Option<(u32, u32)> {
    let digits = text.find(|letter: char| letter.is_ascii_digit())?;
    let mut parts = text[digits..].split(|letter: char| !letter.is_ascii_digit());
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// A failure that names what a person has to install.
fn needed(what: &str, how: &str) -> Failure {
    Failure::new(format!("✕ {what} is needed.\n  {how}"))
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn versions_are_read_from_what_programs_say() {
        assert_eq!(numbers("v20.19.4\n"), Some((20, 19)));
        assert_eq!(numbers("Python 3.11.7"), Some((3, 11)));
        assert_eq!(numbers("nothing"), None);
    }
}
