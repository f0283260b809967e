// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * A person's word for a check.
 */
export type Attest = { 
/**
 * The check's id.
 */
check: string, 
/**
 * Who says it.
 */
by: string, 
/**
 * What was seen.
 */
note?: string | null, };
