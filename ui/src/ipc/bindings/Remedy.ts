// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * A way out of a finding.
 */
export type Remedy = "change" | "token" | "ranges" | "people";
