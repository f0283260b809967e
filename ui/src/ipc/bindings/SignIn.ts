// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * How Usher signs in to Microsoft Graph.
 */
export type SignIn = "client-secret" | "browser" | "device-code" | "by-hand";
