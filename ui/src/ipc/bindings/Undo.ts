// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Whether a change can be taken back.
 */
export type Undo = "yes" | "no" | "manual";
