//! Writing a file whole or not at all.

use std::io::Write as _;
use std::path::Path;

use super::StoreError;

/// Writes `bytes` to `path`, whole or not at all: a temporary file beside it, flushed, renamed over it, the folder flushed. The
/// folder is made where it is missing. What was there stays when anything fails.
///
/// # Errors
/// A full disk, a read-only folder, or another fault of the file system, with the path.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let fault = |error| StoreError::writing(path, error);
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
