// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * How many findings are due when.
 */
export type Counts = { 
/**
 * Due now.
 */
dueNow: number, 
/**
 * Due later.
 */
dueLater: number, 
/**
 * Fine.
 */
fine: number, 
/**
 * Cannot tell.
 */
cannotTell: number, };
