//! Declares every command to Tauri, so that the window may call only those its capability names.

include!("../crates/engine/src/session/command_table.rs");

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident($($type:ident),*) -> $answer:ident;)*) => {
        &[$(stringify!($name)),*]
    };
}

const COMMANDS: &[&str] = for_each_command!(names);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let commands = tauri_build::AppManifest::new().commands(COMMANDS);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands))?;
    fold_what_is_the_same();
    Ok(())
}

/// In a release, functions that came out as the same code are kept once: a tenth of the program. Rust promises nobody that
/// different functions have different addresses. Rust links with LLD on this target, which can do it.
#[allow(
    clippy::print_stdout,
    reason = "it is how a build script speaks to Cargo"
)]
fn fold_what_is_the_same() {
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|found| found == value);
    if is("PROFILE", "release") && is("TARGET", "x86_64-unknown-linux-gnu") {
        println!("cargo:rustc-link-arg-bins=-Wl,--icf=all");
    }
}
