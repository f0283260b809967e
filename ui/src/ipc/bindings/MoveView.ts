// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { CoverageCounts } from "./CoverageCounts";
import type { Inventory } from "./Inventory";

/**
 * What the pages of a move show besides the set-up.
 */
export type MoveView = { 
/**
 * Connectors and workspaces.
 */
inventory: Inventory, 
/**
 * How many people are covered, would lose access, …; `None` with `undecided`.
 */
coverage: CoverageCounts | null, 
/**
 * Why coverage cannot be told.
 */
undecided: string | null, };
