// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * What Usher may do in the tenant.
 */
export type Access = "read" | "write";
