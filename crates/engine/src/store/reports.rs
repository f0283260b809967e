//! Reports on disk: the last one of a set-up, kept beside its file, and any that was saved from the command line.

use std::path::{Path, PathBuf};

use serde_json::Value;
use usher_core::document::{Document, Schema};
use usher_core::finding::Report;

use super::{StoreError, write_atomically};

/// What the last report is called beside a set-up file: `NAME.report.json`.
pub(super) const ENDING: &str = "report.json";

/// Why there is no report to be had from a file.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The file cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file is not a report.
    #[error("{} is not a report of `usher check --json`: {why}", path.display())]
    NotOne {
        /// The file.
        path: PathBuf,
        /// What is wrong, with the field.
        why: String,
    },
}

/// Reads a saved `usher.report/1`.
///
/// # Errors
/// [`StoreError::Missing`] and the file system's faults; [`ReportError::NotOne`] with what is wrong.
pub fn read_report(path: &Path) -> Result<Document<Report>, ReportError> {
    let bytes = std::fs::read(path).map_err(|error| StoreError::reading(path, error))?;
    let refused = |why: String| ReportError::NotOne {
        path: path.to_owned(),
        why,
    };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let value: Value = serde_json::from_slice(bytes).map_err(|error| refused(error.to_string()))?;
    match value.get("schema").and_then(Value::as_str) {
        Some(Report::SCHEMA) => {}
        Some(other) => {
            return Err(refused(format!(
                "the schema is {other:?}, not {:?}",
                Report::SCHEMA
            )));
        }
        None => return Err(refused("the field schema is missing".to_owned())),
    }
    serde_path_to_error::deserialize(value)
        .map_err(|error| refused(format!("{}: {}", error.path(), error.inner())))
}

/// The last report that was kept beside a set-up file, if there is one that can be read: what cannot be read compares with
/// nothing, and is no reason to stop.
pub fn last_report(setup: &Path) -> Option<Document<Report>> {
    read_report(&beside(setup))
        .inspect_err(|error| tracing::debug!(%error, "there is no last report"))
        .ok()
}

/// Keeps a report beside a set-up file, in place of the last one.
///
/// # Errors
/// The errors of [`write_atomically`].
pub fn keep_report(setup: &Path, report: &Document<Report>) -> Result<(), StoreError> {
    let path = beside(setup);
    let text =
        serde_json::to_vec(report).map_err(|error| StoreError::writing(&path, error.into()))?;
    write_atomically(&path, &text)
}

fn beside(setup: &Path) -> PathBuf {
    setup.with_extension(ENDING)
}
