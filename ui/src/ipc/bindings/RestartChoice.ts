// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * A way to set a job going again.
 */
export type RestartChoice = { 
/**
 * A stable id.
 */
id: string, 
/**
 * What it is called.
 */
title: string, 
/**
 * What it does, and what it costs.
 */
does: string, 
/**
 * Whether Usher offers it now.
 */
offered: boolean, 
/**
 * Why it is not offered, or what holds before it is.
 */
note: string, };
