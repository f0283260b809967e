// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * A quarantine and its clock.
 */
export type Clock = { 
/**
 * The reason, as Entra writes it.
 */
reason: string, 
/**
 * What it means.
 */
meaning: string, 
/**
 * Since when.
 */
since: string | null, 
/**
 * When Entra switches the job off.
 */
ends: string | null, 
/**
 * Whole days until then, of [`QUARANTINE_DAYS`].
 */
daysLeft: number | null, 
/**
 * When Entra tries again by itself.
 */
nextAttempt: string | null, };
