// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * What became of one change.
 */
export type ChangeState = "done" | "skipped" | "failed" | "undone" | "kept" | "manual" | "not-tried";
