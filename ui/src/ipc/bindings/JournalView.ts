// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * What the journal beside the set-up tells.
 */
export type JournalView = { 
/**
 * Changes that were begun and whose outcome is not known: a run ended in the middle. `resume` asks the world.
 */
unfinished: Array<string>, 
/**
 * How many changes stand that a rollback would look at.
 */
standing: number, };
