// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * When a finding wants something.
 */
export type Due = "now" | "later" | "fine" | "cannot-tell";
