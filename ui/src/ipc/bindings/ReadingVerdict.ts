// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * How a field reads.
 */
export type ReadingVerdict = "empty" | "good" | "fault";
