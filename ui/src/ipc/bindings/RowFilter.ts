// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Which rows.
 */
export type RowFilter = "all" | "wanted" | "assigned" | "unfit" | "loses-access" | "newly-reached" | "cannot-travel" | "covered";
