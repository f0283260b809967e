//! What may stand in the files of this repository.

use std::fs;
use std::path::{Path, PathBuf};

use crate::process::Outcome;
use crate::project;

/// A file longer than this has more than one reason to change.
const LONGEST: usize = 600;

/// Folders that hold what was built, installed or generated.
const NOT_OURS: &[&str] = &[
    ".git",
    "target",
    "node_modules",
    "dist",
    ".venv",
    "build",
    "__pycache__",
    "bindings",
];

/// Files somebody's tool writes, or that are data.
const GENERATED: &[&str] = &["Cargo.lock", "package-lock.json"];

/// Texts that belong to one machine. Written in halves, so that this file does not hold them.
const MACHINE_PATHS: &[&str] = &[concat!("/wor", "k/"), concat!("/ro", "ot/")];

/// What the core may not say: it reads no clock and touches no file or network.
const NOT_IN_CORE: &[&str] = &[
    "std::fs",
    "TcpStream",
    "UdpSocket",
    "ToSocketAddrs",
    "std::thread",
    "SystemTime::now",
    "Timestamp::now",
    "Zoned::now",
];

/// Modules of the core that tests alone are made of: they read what they compare with.
const CORE_TESTS: &[&str] = &[
    "crates/core/src/golden.rs",
    "crates/core/src/published_schemas.rs",
];

/// One file, as the rules see it.
struct Text<'a> {
    /// Its place below the root, with `/`.
    place: &'a str,
    text: &'a str,
}

/// Reads every file of ours and names what breaks a rule.
pub(crate) fn check() -> Outcome<Vec<String>> {
    let root = project::root();
    let mut paths = Vec::new();
    collect(&root, &mut paths)?;
    paths.sort();
    let mut broken = Vec::new();
    for path in paths {
        // What is not UTF-8 is a picture.
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        let place = path
            .strip_prefix(&root)
            .unwrap_or(&path)
            .display()
            .to_string();
        let place = place.replace('\\', "/");
        broken.extend(complaints(&Text {
            place: &place,
            text: &text,
        }));
    }
    Ok(broken)
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Outcome {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type()?;
        if kind.is_dir() && !NOT_OURS.contains(&name.as_str()) {
            collect(&entry.path(), found)?;
        } else if kind.is_file() && !GENERATED.contains(&name.as_str()) {
            found.push(entry.path());
        }
    }
    Ok(())
}

fn complaints(file: &Text<'_>) -> Vec<String> {
    [
        too_long(file),
        machine_path(file),
        tauri_outside_ipc(file),
        impure_core(file),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn has_ending(place: &str, endings: &[&str]) -> bool {
    Path::new(place).extension().is_some_and(|ending| {
        endings
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    })
}

fn too_long(file: &Text<'_>) -> Option<String> {
    // All words of a language in one catalogue: it is long, and has one reason to change.
    if file.place.starts_with("ui/src/words/") {
        return None;
    }
    let lines = file.text.lines().count();
    let code = has_ending(file.place, &["rs", "ts", "svelte", "css", "py", "js"]);
    (code && lines > LONGEST)
        .then(|| format!("{} has {lines} lines; at most {LONGEST}", file.place))
}

fn machine_path(file: &Text<'_>) -> Option<String> {
    let found = MACHINE_PATHS
        .iter()
        .find(|path| file.text.contains(**path))?;
    Some(format!(
        "{} holds a path of one machine ({found})",
        file.place
    ))
}

/// The page talks to Tauri in one folder, so that the rest can be shown and tested without it;
/// `dev` stands in for it and is in no bundle.
fn tauri_outside_ipc(file: &Text<'_>) -> Option<String> {
    let page = file.place.starts_with("ui/src/")
        && !["ui/src/ipc/", "ui/src/dev/"]
            .iter()
            .any(|door| file.place.starts_with(door));
    (page && file.text.contains("@tauri-apps/"))
        .then(|| format!("{} imports @tauri-apps; only ui/src/ipc may", file.place))
}

fn impure_core(file: &Text<'_>) -> Option<String> {
    if !file.place.starts_with("crates/core/src/") || CORE_TESTS.contains(&file.place) {
        return None;
    }
    let found = NOT_IN_CORE.iter().find(|word| file.text.contains(**word))?;
    Some(format!("{} uses {found}; the core is pure", file.place))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(place: &str, text: &str) -> Vec<String> {
        complaints(&Text { place, text })
    }

    #[test]
    fn this_repository_keeps_the_rules() -> Result<(), crate::process::Failure> {
        let broken = check()?;
        assert!(broken.is_empty(), "{broken:#?}");
        Ok(())
    }

    #[test]
    fn each_rule_names_what_breaks_it() {
        assert_eq!(said("a.rs", &"x\n".repeat(601)).len(), 1);
        assert_eq!(said("a.yaml", &"x\n".repeat(601)).len(), 0);
        assert_eq!(said("README.md", concat!("see /ro", "ot/x")).len(), 1);
        assert_eq!(
            said("ui/src/App.svelte", "import '@tauri-apps/api'").len(),
            1
        );
        assert_eq!(
            said("ui/src/ipc/call.ts", "import '@tauri-apps/api'").len(),
            0
        );
        assert_eq!(
            said("crates/core/src/plan/mod.rs", "std::fs::read").len(),
            1
        );
        assert_eq!(
            said("crates/engine/src/store/mod.rs", "std::fs::read").len(),
            0
        );
    }
}
