//! What a person prefers on this machine, beside the set-ups.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{StoreError, write_atomically};

/// The file's content, `usher.preferences/1`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Preferences {
    /// The theme's word; empty: as the system has it.
    pub theme: String,
}

impl Preferences {
    /// Reads them; a missing or unreadable file means none, and stays as it is until something is preferred.
    pub fn read(data_folder: &Path) -> Self {
        std::fs::read(path(data_folder))
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    /// Saves them.
    ///
    /// # Errors
    /// The errors of [`write_atomically`].
    pub fn save(&self, data_folder: &Path) -> Result<(), StoreError> {
        let document = serde_json::json!({ "schema": "usher.preferences/1", "theme": self.theme });
        write_atomically(&path(data_folder), format!("{document:#}\n").as_bytes())
    }
}

fn path(data_folder: &Path) -> PathBuf {
    data_folder.join("preferences.json")
}
