// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Takes a word back.
 */
export type WithdrawAttestation = { 
/**
 * The check's id.
 */
check: string, };
