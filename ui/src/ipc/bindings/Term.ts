// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * A word and what it means. Portal labels stand in `**bold**`.
 */
export type Term = { 
/**
 * The word.
 */
term: string, 
/**
 * What it means.
 */
meaning: string, };
