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
url: string, };
