// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Where a finding's facts come from.
 */
export type How = "databricks" | "entra" | "attested" | "input";
