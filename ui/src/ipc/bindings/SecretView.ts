// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { SecretSlot } from "./SecretSlot";

/**
 * A kept secret, as far as anyone may see it.
 */
export type SecretView = { 
/**
 * What it is for.
 */
slot: SecretSlot, 
/**
 * Its kind, in words.
 */
kind: string, 
/**
 * The origin it is bound to.
 */
origin: string, 
/**
 * Whether the set-up uses it now; one kept for an earlier URL is not.
 */
inUse: boolean, 
/**
 * The last four characters, where it is long enough for that to be harmless.
 */
lastFour: string | null, 
/**
 * When it was kept.
 */
keptAt: string, 
/**
 * Whether it is in memory for this run only.
 */
memoryOnly: boolean, };
