// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { Pasted } from "./Pasted";
import type { SecretSlot } from "./SecretSlot";

/**
 * A token as it stands in the field.
 */
export type RecogniseToken = { 
/**
 * What the field is for.
 */
slot: SecretSlot, 
/**
 * The field's text.
 */
text: Pasted, };
