// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * A workspace.
 */
export type WorkspaceSetup = { 
/**
 * The workspace id, as text.
 */
id: string, 
/**
 * The workspace's URL.
 */
url: string, 
/**
 * A person's word on whether it is identity-federated; what the account says counts more.
 */
federated?: boolean | null, };
