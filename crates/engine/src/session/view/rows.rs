//! Long tables live in Rust; the page asks for windows of them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use usher_core::coverage::Fate;
use usher_core::model::setup::PrincipalKind;

/// The tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum TableId {
    /// The tenant's people.
    Users,
    /// The tenant's groups.
    Groups,
    /// Everybody a move concerns.
    Coverage,
}

/// Which rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum RowFilter {
    /// Every one.
    #[default]
    All,
    /// Those the set-up wants assigned.
    Wanted,
    /// Those that are assigned now.
    Assigned,
    /// Those that cannot be provisioned as they are: disabled people, groups that are not security-enabled.
    Unfit,
    /// Coverage: those who would lose access.
    LosesAccess,
    /// Coverage: those whom only the account connector brings.
    NewlyReached,
    /// Coverage: those whom no connector brings.
    CannotTravel,
    /// Coverage: those whom both bring.
    Covered,
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum RowOrder {
    /// By name.
    #[default]
    Name,
    /// By name, from the end.
    NameReversed,
    /// By sign-in name (people) or kind (groups).
    Detail,
    /// The same from the end.
    DetailReversed,
}

/// Asks for a window of a table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RowsRequest {
    /// The table.
    pub table: TableId,
    /// Words that must all be in a row's name, sign-in name or address; empty: any.
    pub search: String,
    /// Which rows.
    pub filter: RowFilter,
    /// In which order.
    pub order: RowOrder,
    /// From which row of the matching ones on.
    pub offset: u32,
    /// How many, at most 500.
    pub limit: u32,
}

/// A window of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RowWindow {
    /// How many rows the table has.
    pub total: u32,
    /// How many match.
    pub matching: u32,
    /// From which of them on.
    pub offset: u32,
    /// The rows.
    pub rows: Vec<PrincipalRow>,
    /// When the table was read; `None`: it was not, and `load_directory` reads it.
    #[ts(type = "string | null")]
    pub loaded_at: Option<Timestamp>,
    /// Whether the table holds everybody; else `search_directory` asks Entra for the rest.
    pub complete: bool,
}

/// Searches people or groups on Entra's side; the next window of this search shows them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SearchDirectory {
    /// People or groups.
    pub table: TableId,
    /// The beginning of words of a name, sign-in name or address; a single letter finds nothing.
    pub search: String,
}

/// What a search on Entra's side found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DirectoryFound {
    /// How many.
    pub found: u32,
    /// Whether there are more: writing more of the name finds them.
    pub more: bool,
}

/// A person or a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PrincipalRow {
    /// Entra object id.
    pub id: String,
    /// Person or group.
    pub kind: PrincipalKind,
    /// Its name.
    pub display_name: String,
    /// Sign-in name of a person; kind of a group.
    pub detail: String,
    /// A guest of the tenant.
    pub guest: bool,
    /// Why it cannot be provisioned as it is.
    pub unfit: Option<String>,
    /// Whether the set-up wants it assigned.
    pub wanted: bool,
    /// Whether it is assigned now; `None`: not observed.
    pub assigned: Option<bool>,
    /// Coverage: what a move means for somebody.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub fate: Option<Fate>,
    /// Coverage: what brings somebody, or why nothing does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<String>,
}
