// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * How much a check matters.
 */
export type Weight = "blocks" | "risks" | "advises";
