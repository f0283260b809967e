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
 * The check whose own plan it is (`plan_fix`); absent: the whole plan.
 */
fix?: string | null, 
/**
 * Only these changes; absent: all.
 */
only?: Array<string> | null, };
