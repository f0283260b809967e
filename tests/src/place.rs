//! Where things are: this repository, the programs built from it, and what the tests leave behind.

use std::path::{Path, PathBuf};

/// The repository's root.
pub fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests
        .parent()
        .expect("the tests are a folder of the repository")
        .to_path_buf()
}

/// A program of this workspace.
///
/// # Panics
/// When it has not been built.
pub fn program(name: &str) -> PathBuf {
    let executable = std::env::current_exe().expect("a running test has a path");
    // A test lies in target/debug/deps; the programs, and the measurements among them, beside that.
    let beside = executable.parent().expect("a program lies in a folder");
    let folder = match beside.ends_with("deps") {
        true => beside.parent().expect("deps lies in a folder"),
        false => beside,
    };
    let path = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(
        path.exists(),
        "{name} has not been built: cargo build --workspace --bins --features usher-app/custom-protocol"
    );
    path
}

/// Where screenshots of the window go.
pub fn screenshots() -> PathBuf {
    let folder = root().join("build").join("screenshots");
    std::fs::create_dir_all(&folder).expect("the build folder can be written");
    folder
}

/// The accessibility rules, as a script to run inside a page.
///
/// # Panics
/// When the page's packages are not installed.
pub fn axe() -> String {
    std::fs::read_to_string(root().join("ui/node_modules/axe-core/axe.min.js"))
        .expect("axe-core is one of the page's packages: cd ui && npm ci")
}
