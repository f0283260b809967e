// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { PracticePress } from "./PracticePress";
import type { PracticeValue } from "./PracticeValue";

/**
 * What an admin would copy from the consoles, on the practice tenant: worth nothing elsewhere.
 */
export type PracticeCredentials = { 
/**
 * What the portal is for, in a sentence or two.
 */
more: string, 
/**
 * The values, in the order in which the portal card shows them.
 */
values: Array<PracticeValue>, 
/**
 * What is pressed there in this scenario, in the order of use.
 */
presses: Array<PracticePress>, 
/**
 * After a press: what was done, and what is new to copy.
 */
said: string | null, };
