// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Counts by [`Change`], of checks.
 */
export type ComparisonCounts = { 
/**
 * Problems that were none.
 */
new: number, 
/**
 * Other statuses.
 */
changed: number, 
/**
 * Problems as before.
 */
stillThere: number, 
/**
 * Problems no longer.
 */
gone: number, };
