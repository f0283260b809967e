//! Files of this repository that are made from code: tests compare them, and write them when asked.

use std::path::{Path, PathBuf};

/// Compares a file, named from the repository's root, with what it has to hold; with `USHER_WRITE` set, writes it.
#[track_caller]
pub(crate) fn holds(name: &str, text: &str) {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(name);
    if std::env::var_os("USHER_WRITE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    // A checkout may have turned the line ends of this system.
    let same = found == text || found.replace("\r\n", "\n") == text.replace("\r\n", "\n");
    assert!(
        same,
        "{name} is not what the code makes; with USHER_WRITE=1 this test writes it"
    );
}
