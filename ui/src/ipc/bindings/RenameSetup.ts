// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Renames the open set-up.
 */
export type RenameSetup = { 
/**
 * The new name.
 */
name: string, };
