// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * A cloud of Microsoft Entra and Microsoft Graph (facts/entra §2.5).
 */
export type EntraCloud = "global" | "us-gov-l4" | "us-gov-l5" | "china";
