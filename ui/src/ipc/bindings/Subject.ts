// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { Status } from "./Status";

/**
 * One of several things a check looked at: a workspace, a group, a person.
 */
export type Subject = { 
/**
 * Its name.
 */
subject: string, 
/**
 * How it came out.
 */
status: Status, 
/**
 * Why.
 */
note: string, };
