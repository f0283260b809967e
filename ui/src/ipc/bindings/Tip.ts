// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * A text beside a step.
 */
export type Tip = { 
/**
 * A stable id.
 */
id: string, 
/**
 * The step it stands beside, by its id.
 */
step: string, 
/**
 * What there is to know, a few sentences; labels between `**`.
 */
text: string, };
