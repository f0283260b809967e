// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Carries the confirmed plan out.
 */
export type ApplyRequest = { 
/**
 * The job's id.
 */
job: string, 
/**
 * The plan that was confirmed.
 */
digest: string, 
/**
 * Only these changes; absent: all.
 */
only?: Array<string> | null, };
