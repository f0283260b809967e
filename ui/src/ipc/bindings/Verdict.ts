// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * The verdict.
 */
export type Verdict = "pass" | "fail";
