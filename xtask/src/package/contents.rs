//! What has to be in a Debian package for it to work where nothing of Usher was before.

use std::path::{Path, PathBuf};

use crate::process::{Failure, Outcome, Step, on_path};
use crate::project;

/// The files, without the `./` that some tools write before them.
const FILES: &[&str] = &[
    "usr/bin/usher",
    "usr/bin/usher-window",
    "usr/share/applications/Usher.desktop",
    "usr/share/doc/usher/LICENSE-APACHE",
    "usr/share/doc/usher/LICENSE-MIT",
    "usr/share/icons/hicolor/32x32/apps/usher-window.png",
    "usr/share/icons/hicolor/128x128/apps/usher-window.png",
];

/// Fields of the package and what has to stand in them.
const FIELDS: &[(&str, &str)] = &[
    ("Package", "usher"),
    ("Depends", "libwebkit2gtk-4.1-0"),
    ("Depends", "libgtk-3-0"),
    // Without them there is no trust store, and no client that speaks TLS.
    ("Depends", "ca-certificates"),
    ("Section", "admin"),
    ("Description", "SCIM provisioning"),
];

/// Looks into the Debian package that was just made, where there is a program to do it.
pub(crate) fn check(bundle: &Path) -> Outcome {
    if !on_path("dpkg-deb") {
        println!("── Contents: not looked at, there is no dpkg-deb here.");
        return Ok(());
    }
    let package = newest(&bundle.join("deb"))?;
    let package = package.display().to_string();
    let ask = |title: &str, arguments: &[&str]| {
        Step::new(title, &project::root(), 2, "dpkg-deb", arguments).output()
    };
    let listed = ask("Contents", &["--contents", &package])?;
    let fields = ask("Fields", &["--field", &package])?;
    let missing = missing(&listed, &fields);
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "✕ {package} lacks:\n  {}",
        missing.join("\n  ")
    )))
}

/// What a listing and the fields do not have.
fn missing(listed: &str, fields: &str) -> Vec<String> {
    let there = |file: &str| {
        listed.lines().any(|line| {
            line.split_whitespace()
                .any(|word| word.trim_start_matches("./") == file)
        })
    };
    let says = |name: &str, words: &str| {
        fields.lines().any(|line| {
            line.split_once(':')
                .is_some_and(|(field, value)| field == name && value.contains(words))
        })
    };
    let files = FILES.iter().filter(|file| !there(file));
    let fields = FIELDS.iter().filter(|(name, words)| !says(name, words));
    files
        .map(|file| (*file).to_owned())
        .chain(fields.map(|(name, words)| format!("{words:?} in the field {name}")))
        .collect()
}

fn newest(folder: &Path) -> Outcome<PathBuf> {
    let mut packages: Vec<_> = std::fs::read_dir(folder)?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "deb"))
        .collect();
    packages.sort_by_key(|path| path.metadata().and_then(|data| data.modified()).ok());
    packages
        .pop()
        .ok_or_else(|| Failure::new(format!("✕ There is no package in {}.", folder.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_package_lacks_is_named() {
        let listed: String = FILES
            .iter()
            .map(|file| format!("-rwxr-xr-x 0/0 1 2026-01-01 00:00 ./{file}\n"))
            .collect();
        let fields: String = FIELDS
            .iter()
            .map(|(name, words)| format!("{name}: {words} and more\n"))
            .collect();
        assert_eq!(missing(&listed, &fields), Vec::<String>::new());
        let without = listed.replace("usr/bin/usher\n", "usr/bin/other\n");
        assert_eq!(missing(&without, &fields), ["usr/bin/usher"]);
        assert_eq!(missing(&listed, "").len(), FIELDS.len());
    }
}
