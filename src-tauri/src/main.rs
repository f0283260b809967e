//! The window of Usher. It opens the page, hands each command to the session of the engine, and knows nothing of the domain.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod arguments;
mod commands;
mod practice;
mod window;

use std::io;
use std::process::ExitCode;

use arguments::Arguments;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::prelude::*;
use usher_engine::session::Session;

/// Wrong usage, or input that cannot be read.
const WRONG_USAGE: u8 = 2;
/// The window could not be opened.
const NO_WINDOW: u8 = 3;

fn main() -> ExitCode {
    let arguments = match Arguments::read(std::env::args_os().skip(1)) {
        Ok(Some(arguments)) => arguments,
        Ok(None) => return say(io::stdout(), arguments::HELP, 0),
        Err(problem) => return say(io::stderr(), &problem, WRONG_USAGE),
    };
    log_to_stderr();
    let session = match Session::new(arguments.session) {
        Ok(session) => session,
        Err(failure) => return say(io::stderr(), &failure.message, NO_WINDOW),
    };
    let opens_setup = arguments.setup.is_some();
    tauri::async_runtime::block_on(async {
        if let Some(scenario) = arguments.practice {
            session.begin_with_practice(scenario).await;
        }
        if let Some(setup) = arguments.setup {
            session.begin_with_setup(setup).await;
        }
    });
    match window::run(session, opens_setup) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => say(
            io::stderr(),
            &format!("The window cannot be opened: {error}"),
            NO_WINDOW,
        ),
    }
}

/// Usher's own lines at the level that `USHER_LOG` names (`warn` unless it does), and what libraries report as errors. Secrets have
/// no Display and a redacted Debug, so no line of ours has one; what libraries say at lower levels nobody has looked at.
fn log_to_stderr() {
    let level = std::env::var("USHER_LOG")
        .ok()
        .and_then(|level| level.parse().ok())
        .unwrap_or(LevelFilter::WARN);
    let targets = Targets::new()
        .with_default(LevelFilter::ERROR)
        .with_target("usher", level);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_filter(targets);
    tracing_subscriber::registry().with(lines).init();
}

/// Says a line and ends with a code. A stream that cannot be written to is no reason to fail otherwise.
fn say(mut stream: impl io::Write, text: &str, code: u8) -> ExitCode {
    let _ = writeln!(stream, "{text}");
    ExitCode::from(code)
}
