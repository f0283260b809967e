// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * The ten phases, in order.
 */
export type PhaseId = "input" | "resolve" | "connect" | "tls" | "reach" | "authenticate" | "users" | "groups" | "filter" | "token-control";
