// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Whether there was something to cancel.
 */
export type Cancelled = { 
/**
 * `false` when the job had ended already.
 */
running: boolean, };
