// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * A piece of evidence: what was looked at, and what was there.
 */
export type Evidence = { 
/**
 * What was looked at.
 */
label: string, 
/**
 * What was there.
 */
value: string, };
