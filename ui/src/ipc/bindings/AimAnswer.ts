// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * An answer.
 */
export type AimAnswer = { 
/**
 * A stable id.
 */
id: string, 
/**
 * What is true for the person.
 */
label: string, 
/**
 * What follows, in a line; none where nothing is decided by it.
 */
verdict: string | null, 
/**
 * Why. Portal labels stand in `**bold**`.
 */
why: string, 
/**
 * What to press instead of a set-up with SCIM.
 */
presses: Array<string>, 
/**
 * What is written down as considered, where SCIM is set up with this answer.
 */
note: string | null, };
