// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Which of the three journeys a set-up is on.
 */
export type Journey = "account" | "workspace" | "migrate";
