// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Account or workspace.
 */
export type UrlLevel = "account" | "workspace";
