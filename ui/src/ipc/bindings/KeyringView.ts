// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { Failure } from "./Failure";
import type { KeyringState } from "./KeyringState";

/**
 * Where secrets are kept.
 */
export type KeyringView = { 
/**
 * What is known of it.
 */
state: KeyringState, 
/**
 * Why there is none; with `unavailable`.
 */
failure: Failure | null, };
