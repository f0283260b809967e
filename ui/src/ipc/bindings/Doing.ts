// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * What is being done about a change.
 */
export type Doing = "looking" | "testing" | "sending" | "reading-back" | "asking";
