//! Writes the page's types to `ui/src/ipc/bindings`, or with `--check` compares them with what is there.
//!
//! Exit 0: written, or the same. Exit 1: they differ, and the files are named.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use usher_engine::session::commands::{CommandRow, export_types, typescript_rows};

const HEADER: &str = "// Made by `cargo xtask bindings`; changed in Rust, not here.\n";

fn main() -> ExitCode {
    let check = std::env::args().any(|argument| argument == "--check");
    match run(check) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "the bindings cannot be made: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(check: bool) -> Result<bool, Box<dyn std::error::Error>> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/ipc/bindings");
    let fresh = tempfile::tempdir()?;
    let config = ts_rs::Config::new()
        .with_large_int("number")
        .with_out_dir(fresh.path());
    export_types(&config)?;
    fs::write(
        fresh.path().join("Commands.ts"),
        command_map(&typescript_rows(&config)),
    )?;
    let made = files(fresh.path())?;
    let present = if home.exists() {
        files(&home)?
    } else {
        BTreeMap::new()
    };

    if check {
        let names = made
            .keys()
            .chain(present.keys())
            .collect::<std::collections::BTreeSet<_>>();
        let differing: Vec<_> = names
            .into_iter()
            .filter(|name| made.get(*name) != present.get(*name))
            .collect();
        for name in &differing {
            writeln!(
                io::stderr(),
                "ui/src/ipc/bindings/{} is not what Rust says",
                name.display()
            )?;
        }
        return Ok(differing.is_empty());
    }
    for name in present.keys().filter(|name| !made.contains_key(*name)) {
        fs::remove_file(home.join(name))?;
    }
    for (name, text) in &made {
        if present.get(name) != Some(text) {
            let path = home.join(name);
            fs::create_dir_all(path.parent().unwrap_or(&home))?;
            fs::write(path, text)?;
        }
    }
    Ok(true)
}

/// Every `.ts` file under a folder, by its path relative to it, with our own header.
fn files(folder: &Path) -> io::Result<BTreeMap<PathBuf, String>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "ts") {
                let text = fs::read_to_string(&path)?;
                let body = text
                    .split_once('\n')
                    .filter(|(first, _)| first.starts_with("//"))
                    .map_or(text.as_str(), |(_, rest)| rest);
                let name = path.strip_prefix(folder).unwrap_or(&path).to_owned();
                found.insert(name, format!("{HEADER}{body}"));
            }
        }
    }
    Ok(found)
}

/// `Commands.ts`: each command with its request, answer and event.
fn command_map(rows: &[CommandRow]) -> String {
    let names = rows
        .iter()
        .flat_map(|row| [Some(&row.request), Some(&row.answer), row.event.as_ref()])
        .flatten();
    let mut text = HEADER.to_owned();
    for name in names
        .filter(|name| *name != "null")
        .collect::<std::collections::BTreeSet<_>>()
    {
        text.push_str(&format!("import type {{ {name} }} from \"./{name}\";\n"));
    }
    text.push_str("\n/** What the page may ask Rust for; `never` where no progress is sent. */\nexport type Commands = {\n");
    for row in rows {
        let event = row.event.as_deref().unwrap_or("never");
        for line in row.doc.trim_end().lines() {
            text.push_str(&format!("  /** {} */\n", line.trim()));
        }
        text.push_str(&format!(
            "  {}: {{ request: {}; answer: {}; event: {event} }};\n",
            row.name, row.request, row.answer
        ));
    }
    text.push_str("};\n");
    text
}
