// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { Due } from "./Due";

/**
 * A finding that is known before the look has ended.
 */
export type EarlyFinding = { 
/**
 * The check's id.
 */
check: string, 
/**
 * Its title.
 */
title: string, 
/**
 * When it wants something.
 */
due: Due, };
