//! The Python environment of foreign clients and servers.

use std::path::PathBuf;

use tokio::process::Command;

use crate::Home;
use crate::place;

/// The environment's interpreter.
///
/// # Panics
/// When the environment has not been made.
pub fn interpreter() -> PathBuf {
    let path = std::env::var_os("USHER_TESTS_PYTHON")
        .map_or_else(|| place::root().join(".venv/bin/python"), PathBuf::from);
    assert!(
        path.exists(),
        "there is no Python environment; cargo xtask test makes it"
    );
    path
}

/// A script of `tests/foreign`, to be run in this home.
pub fn script(home: &Home, name: &str) -> Command {
    let mut command = home.command(interpreter());
    command
        .arg(place::root().join("tests/foreign").join(name))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONUNBUFFERED", "1");
    command
}
