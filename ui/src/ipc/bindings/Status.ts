// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * How a check came out.
 */
export type Status = "pass" | "warn" | "fail" | "unknown" | "not-applicable";
