// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * What is known of the keyring.
 */
export type KeyringState = "unknown" | "ready" | "unavailable" | "memory";
