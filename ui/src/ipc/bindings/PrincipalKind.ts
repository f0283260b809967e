// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * What can be assigned to an enterprise application.
 */
export type PrincipalKind = "user" | "group" | "service-principal";
