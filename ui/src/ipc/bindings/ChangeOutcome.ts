// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { ChangeKind } from "./ChangeKind";
import type { ChangeState } from "./ChangeState";

/**
 * One change's outcome.
 */
export type ChangeOutcome = { 
/**
 * The change's id.
 */
id: string, 
/**
 * Its kind.
 */
kind: ChangeKind, 
/**
 * What became of it.
 */
state: ChangeState, 
/**
 * When.
 */
at: string, 
/**
 * Why it failed.
 */
error?: string | null, 
/**
 * Why it was kept, or what a person has to do.
 */
reason?: string | null, };
