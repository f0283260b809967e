// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * What a move means for somebody.
 */
export type CoverageFate = "loses-access" | "newly-reached" | "cannot-travel" | "covered";
