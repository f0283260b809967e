// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * What a set-up is exported as.
 */
export type CodeFormat = "terraform" | "graph-script";
