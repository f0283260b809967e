//! The Databricks connectors that were found in the tenant.

use serde::Serialize;
use ts_rs::TS;

/// An enterprise application that provisions to Databricks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectorView {
    /// Object id of its service principal.
    pub service_principal_id: String,
    /// Application (client) id.
    pub app_id: String,
    /// Its name.
    pub display_name: String,
    /// The SCIM URL that is saved in it; `None`: none is saved, or it could not be seen.
    pub target: Option<String>,
    /// Whether that is this set-up's SCIM URL; `None`: cannot tell.
    pub same_target: Option<bool>,
    /// Whether a job of it runs, or could by itself; `None`: cannot tell.
    pub running: Option<bool>,
    /// Whether its job is in quarantine; `None`: no job, or cannot tell.
    pub quarantined: Option<bool>,
    /// How many users and groups are assigned; `None`: cannot tell.
    #[ts(type = "number | null")]
    pub assigned: Option<usize>,
    /// Whether this is the set-up's own.
    pub chosen: bool,
}
