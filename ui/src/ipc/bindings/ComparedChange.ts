// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * What became of a check since the last report.
 */
export type ComparedChange = "new" | "changed" | "still-there" | "gone";
