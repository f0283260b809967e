// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { Failure } from "./Failure";
import type { Outcome } from "./Outcome";
import type { SetupView } from "./SetupView";
import type { WorkspaceKept } from "./WorkspaceKept";

/**
 * What became of a run, with the set-up as it stands after it.
 */
export type ApplyResult = { 
/**
 * The changes, in the order in which they were taken.
 */
outcome: Outcome, 
/**
 * Whether it was cancelled before its end. What was begun is in the journal.
 */
interrupted: boolean, 
/**
 * What the people of each workspace kept over a move; empty unless a connector was paused.
 */
workspaces: Array<WorkspaceKept>, 
/**
 * What could not be kept afterwards (the set-up file, or a fresh look), although the changes were made.
 */
notice: Failure | null, 
/**
 * The set-up, observed anew.
 */
setup: SetupView, };
