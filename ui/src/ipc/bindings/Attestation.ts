// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * A person's word for what Usher could not see.
 */
export type Attestation = { 
/**
 * Who says it.
 */
by: string, 
/**
 * When.
 */
at: string, 
/**
 * What was seen, in the person's words.
 */
note?: string | null, };
