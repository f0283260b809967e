//! The account journey in the terminal, for a machine without a display.

use crate::process::Outcome;

pub(crate) fn run() -> Outcome {
    Ok(())
}
