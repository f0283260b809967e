// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { Access } from "./Access";

/**
 * A permission, and why Usher asks for it.
 */
export type PermissionView = { 
/**
 * Its name, as the portal lists it.
 */
name: string, 
/**
 * Why.
 */
why: string, 
/**
 * For looking, or for changing.
 */
access: Access, 
/**
 * Whether Usher works without it, with some checks unknown.
 */
optional: boolean, 
/**
 * Whether the token carries it; `None`: nobody is signed in.
 */
held: boolean | null, };
