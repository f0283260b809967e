// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Light, dark, or as the system has it.
 */
export type Theme = "system" | "light" | "dark";
