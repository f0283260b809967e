//! The Databricks endpoints and SCIM wire types.
