// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * What a secret is for. Each set-up has at most one a slot.
 */
export type SecretSlot = { "slot": "scim-token" } | { "slot": "workspace-token", 
/**
 * The workspace's id.
 */
workspaceId: string, } | { "slot": "entra-client-secret" } | { "slot": "databricks-client-secret" };
