// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Starts practice.
 */
export type StartPractice = { 
/**
 * The scenario's name.
 */
scenario: string, };
