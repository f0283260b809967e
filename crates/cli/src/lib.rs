//! The `usher` command: the engine without a window (`contracts/cli.md`).
//!
//! What a script may rely on is fixed there: one JSON document on standard output with `--json`, everything else on standard
//! error, and the exit status. Secrets come from standard input, the environment or the keyring, never from arguments, and go
//! to no output at any level.

mod arguments;
mod commands;
mod confirm;
mod failure;
mod interrupt;
mod output;
mod planned;
mod run;
mod secrets;
mod setup;
mod sides;
mod world;

use std::ffi::OsString;
use std::io::Write;
use std::sync::Arc;

use clap::Parser as _;

use arguments::{Arguments, Command};
use output::Output;

pub use failure::Exit;

/// Runs the command line and gives its exit status.
pub async fn run(
    arguments: impl IntoIterator<Item = OsString>,
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let parsed = match Arguments::try_parse_from(&arguments) {
        Ok(parsed) => parsed,
        Err(error) => return arguments::refused(&error, &arguments, out, err),
    };
    let output = Arc::new(Output::new(
        out,
        err,
        parsed.global.json,
        parsed.global.loudness(),
    ));
    let global = &parsed.global;
    let outcome = match parsed.command {
        Command::TestConnection(options) => {
            commands::test_connection::run(options, global, &output).await
        }
        Command::Check(options) => commands::check::run(&options, global, &output).await,
        Command::Plan => commands::plan::run(global, &output).await,
        Command::Apply(options) => commands::apply::run(options, global, &output).await,
        Command::Rollback(options) => commands::rollback::run(&options, global, &output).await,
        Command::Checklist(options) => commands::checklist::run(options, global, &output).await,
        Command::Export(options) => commands::export::run(options, global, &output).await,
        Command::Practice(options) => commands::practice::run(options, &output).await,
    };
    outcome.unwrap_or_else(|failure| output.failure(&failure))
}
