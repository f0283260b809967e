// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Which people a connector brings.
 */
export type Scope = "assigned" | "all";
