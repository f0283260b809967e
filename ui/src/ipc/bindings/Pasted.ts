// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * A secret as it came from a paste field. It has no `Serialize`.
 */
export type Pasted = string;
