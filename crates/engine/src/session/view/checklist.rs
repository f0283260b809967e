//! The checklist and the hand-over.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use usher_core::checklist::Format;

/// Asks for the checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChecklistRequest {
    /// In which format.
    pub format: Format,
}

/// The checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChecklistText {
    /// In which format.
    pub format: Format,
    /// The file name it would be saved under.
    pub file_name: String,
    /// The text.
    pub text: String,
}

/// Writes the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SaveChecklist {
    /// In which format.
    pub format: Format,
    /// Into which folder; absent: the documents folder.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub folder: Option<String>,
}

/// Where a file went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Saved {
    /// Its full path.
    pub path: String,
}

/// Writes the hand-over.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HandOver {
    /// Into which folder; absent: the documents folder.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub folder: Option<String>,
}

/// Where the hand-over went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HandedOver {
    /// The set-up file, without secrets.
    pub setup_path: String,
    /// The note.
    pub note_path: String,
    /// The note's text (Markdown), to look at before it is sent.
    pub note: String,
}
