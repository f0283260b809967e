// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { FaultCode } from "./FaultCode";

/**
 * A fault with its words.
 */
export type Fault = { 
/**
 * The code.
 */
code: FaultCode, 
/**
 * What happened, in a line.
 */
title: string, 
/**
 * What it means and why it happens.
 */
cause: string, 
/**
 * What to do, as numbered presses, a line each.
 */
fix: string, 
/**
 * Where to read more.
 */
docs?: string | null, };
