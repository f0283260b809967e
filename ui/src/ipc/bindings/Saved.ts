// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Where a file went.
 */
export type Saved = { 
/**
 * Its full path.
 */
path: string, };
