// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { SetupChange } from "./SetupChange";

/**
 * Changes one thing.
 */
export type ChangeSetup = { 
/**
 * What.
 */
change: SetupChange, };
