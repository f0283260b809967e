// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Writes a file.
 */
export type SaveInto = { 
/**
 * Into which folder; absent: the documents folder.
 */
folder?: string | null, };
