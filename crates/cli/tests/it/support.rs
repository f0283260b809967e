//! Running the command in an environment of its own.

use std::process::{Command, Output};

use serde_json::Value;

/// A command line with nothing of this machine's environment that would decide its outcome.
pub(crate) fn usher(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_usher"));
    command.args(arguments);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy().to_ascii_uppercase();
        if text.starts_with("USHER_") || text.ends_with("_PROXY") || text.starts_with("SSL_CERT") {
            command.env_remove(&name);
        }
    }
    command
}

pub(crate) fn run(arguments: &[&str]) -> Output {
    usher(arguments).output().unwrap()
}

pub(crate) fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

pub(crate) fn printed(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}
