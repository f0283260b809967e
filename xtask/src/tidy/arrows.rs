//! Who may depend on whom.

use serde_json::Value;

use crate::process::{Failure, Outcome, Step};
use crate::project;

/// The crates of this workspace and those of them they may depend on. Arrows point down only.
const MAY_USE: &[(&str, &[&str])] = &[
    ("usher-core", &[]),
    ("usher-practice", &[]),
    ("usher-transport", &["usher-core"]),
    ("usher-vault", &["usher-core"]),
    ("usher-databricks", &["usher-core", "usher-transport"]),
    ("usher-entra", &["usher-core", "usher-transport"]),
    (
        "usher-engine",
        &[
            "usher-core",
            "usher-databricks",
            "usher-entra",
            "usher-transport",
            "usher-vault",
        ],
    ),
    (
        "usher-cli",
        &[
            "usher-core",
            "usher-engine",
            "usher-entra",
            "usher-practice",
            "usher-transport",
            "usher-vault",
        ],
    ),
    (
        "usher-app",
        &[
            "usher-core",
            "usher-engine",
            "usher-practice",
            "usher-vault",
        ],
    ),
    ("usher-tests", &["usher-practice"]),
    ("xtask", &[]),
];

/// Tests alone may use these as well: they need something to talk to.
const TESTS_MAY_USE: &str = "usher-practice";

/// Other people's crates that only some of ours may know, outside tests.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("tauri", &["usher-app"]),
    ("tauri-build", &["usher-app"]),
    ("open", &["usher-app", "usher-cli", "usher-engine"]),
    ("axum", &["usher-practice"]),
    ("reqwest", &["usher-transport", "usher-practice"]),
    ("oauth2", &["usher-entra"]),
    ("keyring", &["usher-vault"]),
    ("keyring-core", &["usher-vault"]),
    ("clap", &["usher-cli"]),
];

/// What `usher-core` may not depend on: it does no input or output and starts nothing.
const NOT_IN_CORE: &[&str] = &[
    "tokio",
    "tokio-util",
    "futures",
    "reqwest",
    "tempfile",
    "tracing",
];

/// Asks Cargo for the dependencies and compares them with the tables.
pub(crate) fn check() -> Outcome<Vec<String>> {
    let arguments = [
        "metadata",
        "--format-version",
        "1",
        "--no-deps",
        "--offline",
    ];
    let text = Step::new(
        "Cargo's metadata",
        &project::root(),
        2,
        &project::cargo(),
        &arguments,
    )
    .output()?;
    let metadata: Value =
        serde_json::from_str(&text).map_err(|error| Failure::new(error.to_string()))?;
    let mut broken = Vec::new();
    for package in items(&metadata["packages"]) {
        let name = package["name"].as_str().unwrap_or_default();
        for dependency in items(&package["dependencies"]) {
            let other = dependency["name"].as_str().unwrap_or_default();
            let for_tests = dependency["kind"] == "dev";
            broken.extend(complaint(name, other, for_tests));
        }
    }
    Ok(broken)
}

/// What is wrong with `name` depending on `other`, if anything is.
fn complaint(name: &str, other: &str, for_tests: bool) -> Option<String> {
    let arrow = format!("{name} depends on {other}");
    let Some((_, below)) = MAY_USE.iter().find(|(known, _)| *known == name) else {
        return Some(format!(
            "{name} is not in the table of arrows (xtask/src/tidy/arrows.rs)"
        ));
    };
    if MAY_USE.iter().any(|(known, _)| *known == other) {
        let allowed = below.contains(&other) || (for_tests && other == TESTS_MAY_USE);
        return (!allowed).then(|| format!("{arrow}: that arrow does not point down"));
    }
    if for_tests {
        return None;
    }
    if name == "usher-core" && NOT_IN_CORE.contains(&other) {
        return Some(format!("{arrow}: the core does no input or output"));
    }
    let (_, owners) = ONLY_IN.iter().find(|(known, _)| *known == other)?;
    (!owners.contains(&name)).then(|| format!("{arrow}: only {} may", owners.join(", ")))
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_workspace_keeps_the_arrows() -> Result<(), Failure> {
        let broken = check()?;
        assert!(broken.is_empty(), "{broken:#?}");
        Ok(())
    }

    #[test]
    fn an_arrow_that_points_up_is_named() {
        assert!(complaint("usher-core", "usher-engine", false).is_some());
        assert!(complaint("usher-practice", "usher-core", true).is_some());
        assert!(complaint("usher-engine", "usher-practice", false).is_some());
        assert!(complaint("usher-engine", "usher-practice", true).is_none());
        assert!(complaint("usher-engine", "usher-core", false).is_none());
    }

    #[test]
    fn the_window_alone_knows_tauri() {
        assert!(complaint("usher-engine", "tauri", false).is_some());
        assert!(complaint("usher-app", "tauri", false).is_none());
    }

    #[test]
    fn the_core_does_no_input_or_output() {
        assert!(complaint("usher-core", "tokio", false).is_some());
        assert!(complaint("usher-core", "serde", false).is_none());
    }

    #[test]
    fn a_crate_nobody_placed_is_named() {
        assert!(complaint("usher-new", "serde", false).is_some());
    }
}
