// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * One of them.
 */
export type LocalGroupView = { 
/**
 * Its workspace.
 */
workspace: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Whether the account group of its name has the same people and rights, so that it can take over as it is.
 */
fits: boolean, 
/**
 * What is to know of it, a sentence each.
 */
notes: Array<string>, };
