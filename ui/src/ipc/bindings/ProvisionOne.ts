// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Provisions one person on demand.
 */
export type ProvisionOne = { 
/**
 * The job's id.
 */
job: string, 
/**
 * The person's Entra object id.
 */
userId: string, };
