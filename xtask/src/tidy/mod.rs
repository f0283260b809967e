//! The rules about the shape of this repository that a compiler does not see.

mod arrows;
mod dependencies;
mod files;

use crate::process::{Failure, Outcome};

/// Checks every rule and names everything that breaks one.
pub(crate) fn run() -> Outcome {
    eprintln!("── Shape of the repository");
    let mut broken = arrows::check()?;
    broken.extend(dependencies::check()?);
    broken.extend(files::check()?);
    if broken.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "✕ The repository's own rules (ARCHITECTURE.md) are broken:\n  {}\n  \
         To check them alone: cargo xtask tidy",
        broken.join("\n  ")
    )))
}
