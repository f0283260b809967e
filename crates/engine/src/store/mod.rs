//! Where set-ups live: one JSON file each in the data folder, saved after every change.
//!
//! A save is a temporary file beside the target, flushed to the disk, then renamed over it, and the folder flushed: after a crash or
//! on a full disk the file is the old one or the new one, never half of one. A file that cannot be read, or that a newer Usher
//! wrote, is left as it is. Nothing here knows a secret: [`Setup`](usher_core::model::Setup) has no place for one.

mod atomic;
mod error;
mod file;
mod folder;
mod preferences;
mod reports;
mod unknown;

pub use atomic::write_atomically;
pub use error::StoreError;
pub use file::SetupFile;
pub use folder::{SetupEntry, Store, data_folder, documents_folder};
pub use preferences::Preferences;
pub use reports::{ReportError, keep_report, last_report, read_report};
