// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { Compared } from "./Compared";
import type { ComparisonCounts } from "./ComparisonCounts";

/**
 * What changed since the last report: an additive field of `usher.report/1`.
 */
export type Comparison = { 
/**
 * When the last report was made.
 */
since: string, 
/**
 * Counts.
 */
summary: ComparisonCounts, 
/**
 * The checks that are or were a problem or have another status, in the catalogue's order.
 */
checks: Array<Compared>, };
