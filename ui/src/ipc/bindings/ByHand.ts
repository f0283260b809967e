// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * What is wanted and cannot be done for the person: a step by hand (`contracts/cli.md`, rule 6).
 */
export type ByHand = { 
/**
 * The check that turns good by it.
 */
check: string, 
/**
 * What is to be done.
 */
title: string, 
/**
 * How, as numbered presses.
 */
fix: string, };
