// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * The enterprise application of the connector.
 */
export type EntraApp = { 
/**
 * Its display name, given or wanted.
 */
displayName: string | null, 
/**
 * The service principal's object id, once it is known.
 */
servicePrincipalId: string | null, };
