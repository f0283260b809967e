//! The window of Usher. It opens the page, hands each command to the session of the engine, and knows nothing of the domain.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod arguments;
mod commands;
mod practice;
mod window;

use std::io;
use std::process::ExitCode;

use arguments::Arguments;
use tracing_subscriber::EnvFilter;
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
    // Secrets have no Display and a redacted Debug, so no level of the log has one; the page's own traffic is not logged.
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_env("USHER_LOG").unwrap_or_else(|_| EnvFilter::new("warn")),
        )
        .with_writer(io::stderr)
        .init();
    let session = match Session::new(arguments.session) {
        Ok(session) => session,
        Err(failure) => return say(io::stderr(), &failure.message, NO_WINDOW),
    };
    tauri::async_runtime::block_on(async {
        if let Some(scenario) = arguments.practice {
            session.begin_with_practice(scenario).await;
        }
        if let Some(setup) = arguments.setup {
            session.begin_with_setup(setup).await;
        }
    });
    match window::run(session) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => say(
            io::stderr(),
            &format!("The window cannot be opened: {error}"),
            NO_WINDOW,
        ),
    }
}

/// Says a line and ends with a code. A stream that cannot be written to is no reason to fail otherwise.
fn say(mut stream: impl io::Write, text: &str, code: u8) -> ExitCode {
    let _ = writeln!(stream, "{text}");
    ExitCode::from(code)
}
