// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Asks what to know at a step.
 */
export type TipsOf = { 
/**
 * The step's id.
 */
step: string, };
