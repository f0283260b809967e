// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Cancels a job.
 */
export type CancelJob = { 
/**
 * The job's id.
 */
job: string, };
