// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { Pasted } from "./Pasted";
import type { SecretSlot } from "./SecretSlot";

/**
 * Puts a secret into the vault.
 */
export type KeepToken = { 
/**
 * What it is for.
 */
slot: SecretSlot, 
/**
 * The secret.
 */
text: Pasted, 
/**
 * When it was made, where the person knows.
 */
createdAt?: string | null, 
/**
 * When it expires, where the person knows.
 */
expiresAt?: string | null, };
