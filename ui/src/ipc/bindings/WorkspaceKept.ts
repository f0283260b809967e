// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * What the people of one workspace kept.
 */
export type WorkspaceKept = { 
/**
 * The workspace, by name and id.
 */
workspace: string, 
/**
 * What was there before and is gone; empty where nothing is.
 */
lost: Array<string>, 
/**
 * Why something could not be compared.
 */
unseen?: Array<string>, };
