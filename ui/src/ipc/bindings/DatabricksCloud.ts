// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * A Databricks cloud (facts/databricks §1.1, §1.3).
 */
export type DatabricksCloud = "azure" | "azure-us-gov" | "azure-china" | "aws" | "aws-us-gov" | "aws-us-gov-dod" | "gcp";
