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

/// Workspace-local groups, and in which order to work on them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LocalGroupsView {
    /// The first of them; the saved texts have all.
    pub groups: Vec<LocalGroupView>,
    /// How many there are.
    #[ts(type = "number")]
    pub total: usize,
    /// The order of work, a press each.
    pub order: Vec<String>,
    /// Which workspaces could not be seen, and why; a sentence each.
    pub unseen: Vec<String>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LocalGroupView {
    /// Its workspace.
    pub workspace: String,
    /// Its name.
    pub name: String,
    /// Whether the account group of its name has the same people and rights, so that it can take over as it is.
    pub fits: bool,
    /// What is to know of it, a sentence each.
    pub notes: Vec<String>,
}

/// The texts a move leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum MoveReport {
    /// Everybody, as a table (CSV).
    Coverage,
    /// Local groups with the order of work (Markdown).
    LocalGroups,
    /// Local groups as a table (CSV).
    LocalGroupsTable,
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
