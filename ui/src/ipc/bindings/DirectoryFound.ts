// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * What a search on Entra's side found.
 */
export type DirectoryFound = { 
/**
 * How many.
 */
found: number, 
/**
 * Whether there are more: writing more of the name finds them.
 */
more: boolean, };
