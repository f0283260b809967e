// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * The tables.
 */
export type TableId = "users" | "groups" | "coverage";
