//! Writing a file whole or not at all.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::StoreError;

/// Writes `bytes` to `path`, whole or not at all: a temporary file beside it, flushed, renamed over it, the folder flushed. The
/// folder is made where it is missing. What was there stays when anything fails. A link stays a link: what it points to is
/// written. What is no file, such as a pipe or the standard output under its name, is written to as it is.
///
/// # Errors
/// A full disk, a read-only folder, or another fault of the file system, with the path.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let fault = |error| StoreError::writing(path, error);
    if std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        let opened = std::fs::OpenOptions::new().write(true).open(path);
        return opened
            .and_then(|mut opened| opened.write_all(bytes))
            .map_err(fault);
    }
    let linked = behind_a_link(path);
    let path = linked.as_deref().unwrap_or(path);
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(fault)?;
    let mut temporary = tempfile::Builder::new()
        .prefix(".saving-")
        .suffix(".tmp")
        .tempfile_in(folder)
        .map_err(fault)?;
    temporary.write_all(bytes).map_err(fault)?;
    temporary.as_file().sync_all().map_err(fault)?;
    temporary
        .persist(path)
        .map_err(|error| fault(error.error))?;
    flush_folder(folder);
    Ok(())
}

/// What a link points to, where `path` is a link to something that is there.
pub(crate) fn behind_a_link(path: &Path) -> Option<PathBuf> {
    path.is_symlink()
        .then(|| std::fs::canonicalize(path).ok())
        .flatten()
}

/// Makes the rename itself durable. The file is already whole by its new name, so a system that cannot flush a folder costs
/// durability of the last save alone, and is no failure.
fn flush_folder(folder: &Path) {
    #[cfg(unix)]
    if let Err(error) = std::fs::File::open(folder).and_then(|opened| opened.sync_all()) {
        tracing::debug!(%error, "the folder could not be flushed");
    }
    #[cfg(not(unix))]
    let _ = folder;
}
