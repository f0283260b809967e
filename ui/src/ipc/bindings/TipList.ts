// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { Tip } from "./Tip";

/**
 * What to know at a step of the open set-up.
 */
export type TipList = { 
/**
 * The tips, in the order in which a page shows them.
 */
tips: Array<Tip>, };
