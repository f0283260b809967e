//! The project's own commands, so that a newcomer needs to know `cargo xtask` and nothing else.
//!
//! Runs before anything is set up: it uses the standard library and `serde_json` alone. It decides
//! nothing about the product; it calls the tools that do the work, each with a time limit, and says
//! how to call one of them alone when it fails.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal: printing is what it does"
)]

mod bench;
mod bindings;
mod http;
mod package;
mod process;
mod project;
mod setup;
mod start;
mod test;
mod tidy;
mod walk;

use std::process::ExitCode;

use process::Outcome;

const HELP: &str = "\
Usage: cargo xtask COMMAND

  start [-- --live]     install what is missing, build, open the wizard on the practice tenant
                        (--live: on your real tenants). Without a display: the account journey
                        in the terminal
  test                  install what is missing, then every test there is
  bench [--json] [NAME…] the measurements, side by side in one run, held to their limits; all
                        of them, or those named
  bindings [--check]    the Rust types the page uses, as TypeScript
  package               .deb and .rpm in target/release/bundle
  tidy                  the rules about the shape of this repository
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match dispatch(&arguments) {
        None => {
            eprint!("{HELP}");
            ExitCode::from(2)
        }
        Some(Ok(())) => ExitCode::SUCCESS,
        Some(Err(failure)) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the command the arguments name; `None` when they name none.
fn dispatch(arguments: &[&str]) -> Option<Outcome> {
    Some(match arguments {
        ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        ["start"] | ["start", "--"] => start::run(start::World::Practice),
        ["start", "--live"] | ["start", "--", "--live"] => start::run(start::World::Live),
        ["test"] => test::run(),
        ["bench", "--json", names @ ..] => bench::run(bench::Format::Json, names),
        ["bench", names @ ..] => bench::run(bench::Format::Text, names),
        ["bindings"] => bindings::run(bindings::Mode::Write),
        ["bindings", "--check"] => bindings::run(bindings::Mode::Check),
        ["package"] => package::run(),
        ["tidy"] => tidy::run(),
        _ => return None,
    })
}
