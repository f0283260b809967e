// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Takes a connector over as it stands: its name, and what the address in it says.
 */
export type UseConnector = { 
/**
 * The service principal's object id.
 */
servicePrincipalId: string, };
