// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * What a move makes of a connector.
 */
export type ConnectorPart = "takes-over" | "retires" | "stays" | "unknown";
