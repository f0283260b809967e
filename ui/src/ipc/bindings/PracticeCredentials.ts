// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { PracticeValue } from "./PracticeValue";

/**
 * What an admin would copy from the consoles, on the practice tenant: worth nothing elsewhere.
 */
export type PracticeCredentials = { 
/**
 * The values, in the order in which the portal card shows them.
 */
values: Array<PracticeValue>, };
