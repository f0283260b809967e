// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Names a set-up file anywhere.
 */
export type OpenSetupFile = { 
/**
 * Its path, or a `file://` URL as a file manager copies it.
 */
path: string, };
