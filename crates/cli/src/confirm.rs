//! Asking a person before anything is written.

use std::io::{BufRead as _, IsTerminal as _};

use crate::failure::Failure;
use crate::output::{Loudness, Output};

/// Whether a command that writes may go on: with `--yes`, or with a terminal to ask in. Nothing was sent yet.
pub(crate) fn is_possible(yes: bool) -> Result<(), Failure> {
    if yes || std::io::stdin().is_terminal() {
        return Ok(());
    }
    let message = "This command changes Entra and asks first, and there is no terminal to ask in.";
    Err(Failure::usage(
        "not-confirmed",
        message,
        "Look at the plan, then add --yes.",
    ))
}

/// Asks, unless `--yes` was given. Anything but "yes" is a no.
pub(crate) fn ask(yes: bool, question: &str, output: &Output) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    output.tell(Loudness::Quiet, format!("{question} Type yes to go on."));
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    if read.is_ok() && answer.trim().eq_ignore_ascii_case("yes") {
        Ok(())
    } else {
        Err(Failure::Interrupted)
    }
}
