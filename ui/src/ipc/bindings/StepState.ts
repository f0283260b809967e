// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * How a step of the rail stands.
 */
export type StepState = "done" | "attention" | "open" | "blocked";
