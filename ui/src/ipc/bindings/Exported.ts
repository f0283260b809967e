// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Where the code went.
 */
export type Exported = { 
/**
 * The folder's full path.
 */
folder: string, 
/**
 * The files in it.
 */
files: Array<string>, };
