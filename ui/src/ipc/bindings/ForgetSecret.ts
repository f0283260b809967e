// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { SecretSlot } from "./SecretSlot";

/**
 * Removes a secret from the vault.
 */
export type ForgetSecret = { 
/**
 * What it is for.
 */
slot: SecretSlot, };
