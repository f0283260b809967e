// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { UndoView } from "./UndoView";

/**
 * What a rollback would do, newest first.
 */
export type RollbackView = { 
/**
 * The order it keeps, for people.
 */
order: string, 
/**
 * The changes.
 */
changes: Array<UndoView>, };
