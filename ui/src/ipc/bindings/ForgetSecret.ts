// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { SecretSlot } from "./SecretSlot";

/**
 * Removes a secret from the vault.
 */
export type ForgetSecret = { 
/**
 * What it is for.
 */
slot: SecretSlot, 
/**
 * The origin it is bound to, as listed; absent: the one the set-up uses now.
 */
origin?: string | null, };
