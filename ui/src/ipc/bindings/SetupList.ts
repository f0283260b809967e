// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { Failure } from "./Failure";
import type { SetupSummary } from "./SetupSummary";

/**
 * All set-ups of the data folder, the last saved first.
 */
export type SetupList = { 
/**
 * The set-ups.
 */
setups: Array<SetupSummary>, 
/**
 * Why the folder itself cannot be read.
 */
failure: Failure | null, };
