//! What the Databricks side knows.

/// The Databricks account with its workspaces.
#[derive(Debug, Clone, Default)]
pub struct World {}
