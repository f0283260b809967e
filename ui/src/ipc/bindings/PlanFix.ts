// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Plans exactly what puts one check right.
 */
export type PlanFix = { 
/**
 * The check's id.
 */
check: string, };
