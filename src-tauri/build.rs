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
    Ok(())
}
