//! A move: what was found, and whom it concerns.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use usher_core::coverage::Counts;
use usher_core::inventory::Inventory;

/// What the pages of a move show besides the set-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MoveView {
    /// Connectors and workspaces.
    pub inventory: Inventory,
    /// How many people are covered, would lose access, …; `None` with `undecided`.
    pub coverage: Option<Counts>,
    /// Why coverage cannot be told.
    pub undecided: Option<String>,
}

/// The texts a move leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum MoveReport {
    /// Everybody, as a table (CSV).
    Coverage,
}

/// Writes a text of the move into a folder.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SaveMoveReport {
    /// Which.
    pub report: MoveReport,
    /// Into which folder; absent: the documents folder.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub folder: Option<String>,
}
