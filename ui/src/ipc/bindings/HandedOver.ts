// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Where the hand-over went.
 */
export type HandedOver = { 
/**
 * The set-up file, without secrets.
 */
setupPath: string, 
/**
 * The note.
 */
notePath: string, 
/**
 * The note's text (Markdown), to look at before it is sent.
 */
note: string, };
