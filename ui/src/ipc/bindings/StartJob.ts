// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Starts a job that needs nothing but its id.
 */
export type StartJob = { 
/**
 * The job's id.
 */
job: string, };
