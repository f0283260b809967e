//! The Python environment of the clients and servers that other people wrote.

use std::path::PathBuf;

use super::{needed, version};
use crate::process::{Outcome, Step, succeeds};
use crate::project;

/// Tells the tests where the environment's interpreter is.
pub(crate) const PYTHON_VARIABLE: &str = "USHER_TESTS_PYTHON";

/// The interpreter of the environment.
pub(crate) fn interpreter() -> PathBuf {
    let folder = folder();
    if cfg!(windows) {
        folder.join("Scripts").join("python.exe")
    } else {
        folder.join("bin/python")
    }
}

fn folder() -> PathBuf {
    project::root().join(".venv")
}

/// Makes the environment of `tests/foreign/requirements.txt`, unless it is already there.
pub(crate) fn environment() -> Outcome {
    let root = project::root();
    let wanted = std::fs::read_to_string(root.join("tests/foreign/requirements.txt"))?;
    let stamp = folder().join("requirements.installed");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let Some(python) = ["python3", "python"].into_iter().find(|name| usable(name)) else {
        return Err(needed(
            "Python 3.10 or newer with its venv module",
            "On Debian and Ubuntu: apt-get install python3-venv",
        ));
    };
    let place = folder().display().to_string();
    Step::new(
        "Making the Python environment",
        &root,
        5,
        python,
        &["-m", "venv", "--clear", &place],
    )
    .aside()
    .run()?;
    let python = interpreter().display().to_string();
    let arguments = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--requirement",
        "tests/foreign/requirements.txt",
    ];
    Step::new(
        "Installing the foreign clients",
        &root,
        15,
        &python,
        &arguments,
    )
    .aside()
    .run()?;
    std::fs::write(stamp, wanted)?;
    Ok(())
}

fn usable(python: &str) -> bool {
    version(python).is_some_and(|found| found >= (3, 10))
        && succeeds(python, &["-c", "import venv, ensurepip"])
}
