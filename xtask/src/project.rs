//! Where things are in this repository.

use std::path::{Path, PathBuf};

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// The page's own project.
pub(crate) fn ui() -> PathBuf {
    root().join("ui")
}

/// Where Cargo puts what it builds.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// A program of this workspace, as a debug build leaves it.
pub(crate) fn built(name: &str) -> PathBuf {
    target()
        .join("debug")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// The folder as seen from the root; `None` for the root itself.
pub(crate) fn relative(folder: &Path) -> Option<String> {
    let inside = folder.strip_prefix(root()).ok()?;
    (!inside.as_os_str().is_empty()).then(|| inside.display().to_string())
}

/// Cargo, as it called us.
pub(crate) fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

/// npm, under its name on this system.
pub(crate) fn npm() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}

/// Features of a build whose window shows its page from the binary.
pub(crate) const WINDOW_FEATURES: &str = "usher-app/custom-protocol";

/// Screen of the display the window is tested on; the larger of the two sizes it is designed for
/// fits with room for a frame.
pub(crate) const SCREEN: &str = "-screen 0 1600x1000x24";
