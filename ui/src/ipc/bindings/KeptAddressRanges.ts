// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { AddressRangesView } from "./AddressRangesView";

/**
 * Entra's address ranges, as far as a file was read on this machine.
 */
export type KeptAddressRanges = { 
/**
 * The ranges; `None`: no file was read yet.
 */
ranges: AddressRangesView | null, };
