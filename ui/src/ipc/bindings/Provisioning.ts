// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Whether the sync is to run.
 */
export type Provisioning = "on" | "off";
