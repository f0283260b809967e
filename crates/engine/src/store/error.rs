//! Why a set-up could not be read or saved.

use std::io;
use std::path::{Path, PathBuf};

/// Why the store refused or failed. Whatever happened, the file on disk is as it was.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such file.
    #[error("{} is not there", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The file is not a set-up.
    #[error("{} is not a set-up file: {why}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong, with the field.
        why: String,
    },
    /// A newer Usher wrote it.
    #[error("{} was written by a newer Usher ({schema})", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema.
        schema: String,
    },
    /// The file was changed from outside since it was read.
    #[error("{} was changed by another program since it was opened", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// The disk or the quota is full.
    #[error("there is no room left to save {}", path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// The folder or file may not be written.
    #[error("{} may not be written", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// Another fault of the file system.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl StoreError {
    /// A fault while reading.
    pub(crate) fn reading(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound => Self::Missing { path },
            _ => Self::Io { path, source },
        }
    }

    /// A fault while writing.
    pub(crate) fn writing(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { path },
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
                Self::ReadOnly { path }
            }
            _ => Self::Io { path, source },
        }
    }
}
