// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Writes the hand-over.
 */
export type HandOver = { 
/**
 * Into which folder; absent: the documents folder.
 */
folder?: string | null, };
