// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { CycleEndView } from "./CycleEndView";
import type { SetupView } from "./SetupView";

/**
 * How watching a cycle ended.
 */
export type CycleWatched = { 
/**
 * How.
 */
end: CycleEndView, 
/**
 * The set-up, observed anew.
 */
setup: SetupView, };
