//! Every dependency is explained: its line in ARCHITECTURE.md says what we would have to write
//! otherwise.

use std::fs;

use serde_json::Value;

use crate::process::{Failure, Outcome};
use crate::project;

/// Names every dependency of the Rust workspace and of the page that has no line.
pub(crate) fn check() -> Outcome<Vec<String>> {
    let root = project::root();
    let explained = fs::read_to_string(root.join("ARCHITECTURE.md"))?;
    let mut names = of_workspace(&fs::read_to_string(root.join("Cargo.toml"))?);
    if let Ok(text) = fs::read_to_string(root.join("ui/package.json")) {
        names.extend(of_page(&text)?);
    }
    Ok(names
        .iter()
        .filter(|name| !explained.contains(&format!("`{name}`")))
        .map(|name| format!("{name} has no line in ARCHITECTURE.md (what would we have to write?)"))
        .collect())
}

/// The names in `[workspace.dependencies]`, our own crates left out.
fn of_workspace(manifest: &str) -> Vec<String> {
    manifest
        .lines()
        .skip_while(|line| line.trim() != "[workspace.dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name.trim().to_owned())
        .filter(|name| !name.starts_with('#') && !name.starts_with("usher-"))
        .collect()
}

fn of_page(package: &str) -> Outcome<Vec<String>> {
    let package: Value =
        serde_json::from_str(package).map_err(|error| Failure::new(error.to_string()))?;
    Ok(["dependencies", "devDependencies"]
        .iter()
        .filter_map(|kind| package[*kind].as_object())
        .flat_map(|packages| packages.keys().cloned())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_from_the_workspace_table_alone() {
        let manifest = "[workspace.package]\nversion = \"1\"\n\n[workspace.dependencies]\n\
            usher-core = { path = \"x\" }\n# Features = here.\nserde = \"1\"\n\n[profile.dev]\ndebug = 1\n";
        assert_eq!(of_workspace(manifest), ["serde"]);
    }

    #[test]
    fn names_are_read_from_both_tables_of_the_page() -> Result<(), Failure> {
        let names = of_page(r#"{"dependencies":{"a":"1"},"devDependencies":{"b":"2"}}"#)?;
        assert_eq!(names, ["a", "b"]);
        Ok(())
    }
}
