// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * A cause.
 */
export type Cause = { 
/**
 * Entra's error code.
 */
code: string, 
/**
 * What Entra says.
 */
reason: string, 
/**
 * What to do.
 */
remedy: string, 
/**
 * How many people and groups.
 */
count: number, 
/**
 * Names of the first few.
 */
first: Array<string>, };
