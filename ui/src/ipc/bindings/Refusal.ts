// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Why a plan is refused.
 */
export type Refusal = { 
/**
 * The check or guard.
 */
check: string, 
/**
 * What is wrong, with names.
 */
title: string, 
/**
 * What to do.
 */
fix: string, };
