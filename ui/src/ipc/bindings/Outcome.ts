// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { ChangeOutcome } from "./ChangeOutcome";

/**
 * The body of `usher.outcome/1`.
 */
export type Outcome = { 
/**
 * The changes, in the order in which they were taken.
 */
changes: Array<ChangeOutcome>, };
