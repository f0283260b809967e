// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * How many have which fate.
 */
export type CoverageCounts = { 
/**
 * [`Fate::LosesAccess`].
 */
losesAccess: number, 
/**
 * [`Fate::NewlyReached`].
 */
newlyReached: number, 
/**
 * [`Fate::CannotTravel`].
 */
cannotTravel: number, 
/**
 * [`Fate::Covered`].
 */
covered: number, };
