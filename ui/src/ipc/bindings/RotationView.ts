// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { RotationStep } from "./RotationStep";

/**
 * How the token stands, and the renewal that is under way.
 */
export type RotationView = { 
/**
 * When the token was made.
 */
createdAt: string | null, 
/**
 * When it ends.
 */
expiresAt: string | null, 
/**
 * Whether that is only assumed: a year after it was made.
 */
expiryAssumed: boolean, 
/**
 * The steps; none: no renewal is under way.
 */
steps: Array<RotationStep>, 
/**
 * Whether all of them are done.
 */
complete: boolean, };
