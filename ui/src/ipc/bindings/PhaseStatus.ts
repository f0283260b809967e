// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * How a phase went.
 */
export type PhaseStatus = "pass" | "warn" | "fail" | "skipped";
