// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { LocalGroupView } from "./LocalGroupView";

/**
 * Workspace-local groups, and in which order to work on them.
 */
export type LocalGroupsView = { 
/**
 * The first of them; the saved texts have all.
 */
groups: Array<LocalGroupView>, 
/**
 * How many there are.
 */
total: number, 
/**
 * The order of work, a press each.
 */
order: Array<string>, 
/**
 * Which workspaces could not be seen, and why; a sentence each.
 */
unseen: Array<string>, };
