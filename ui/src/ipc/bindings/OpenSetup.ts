// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Names a set-up of the data folder.
 */
export type OpenSetup = { 
/**
 * The set-up's id.
 */
id: string, };
