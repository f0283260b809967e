// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * What becomes of a change in a rollback.
 */
export type UndoKind = "take-back" | "keep" | "manual";
