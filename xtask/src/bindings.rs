//! The Rust types the page uses, as TypeScript.
//!
//! The types themselves say how they look in TypeScript (ts-rs); this only writes them to a folder
//! and compares that folder with the one in the repository.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::process::{Failure, Outcome, Step};
use crate::project;

/// What to do with the generated files.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Put them into the page's sources.
    Write,
    /// Fail when the page's sources hold something else.
    Check,
}

/// Generates the bindings, and writes or compares them.
pub(crate) fn run(mode: Mode) -> Outcome {
    let fresh = project::target().join("bindings");
    if fresh.exists() {
        fs::remove_dir_all(&fresh)?;
    }
    fs::create_dir_all(&fresh)?;
    let place = fresh.display().to_string();
    let arguments = [
        &[
            "run",
            "--quiet",
            "--package",
            "usher-app",
            "--features",
            project::WINDOW_FEATURES,
        ][..],
        &["--example", "bindings", "--", &place],
    ]
    .concat();
    Step::new(
        "Types for the page",
        &project::root(),
        30,
        &project::cargo(),
        &arguments,
    )
    .run()?;

    let kept = project::ui().join("src/ipc/bindings");
    let (generated, committed) = (files(&fresh)?, files(&kept)?);
    let differing: Vec<&String> = generated
        .keys()
        .chain(
            committed
                .keys()
                .filter(|name| !generated.contains_key(*name)),
        )
        .filter(|name| generated.get(*name) != committed.get(*name))
        .collect();
    match mode {
        _ if differing.is_empty() => Ok(()),
        Mode::Check => Err(Failure::new(format!(
            "✕ The types in ui/src/ipc/bindings are not those of the Rust code: {}\n  \
             To write them anew: cargo xtask bindings",
            differing
                .iter()
                .map(|name| name.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        ))),
        Mode::Write => {
            fs::create_dir_all(&kept)?;
            for name in &differing {
                match generated.get(*name) {
                    Some(text) => fs::write(kept.join(name), text)?,
                    None => fs::remove_file(kept.join(name))?,
                }
            }
            println!("{} files written to ui/src/ipc/bindings", differing.len());
            Ok(())
        }
    }
}

/// The files of a folder and their texts; line ends do not count.
fn files(folder: &Path) -> Outcome<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    if !folder.exists() {
        return Ok(found);
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        found.insert(
            name,
            fs::read_to_string(entry.path())?.replace("\r\n", "\n"),
        );
    }
    Ok(found)
}
