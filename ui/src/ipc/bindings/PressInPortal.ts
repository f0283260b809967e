// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Presses something in the practice portal.
 */
export type PressInPortal = { 
/**
 * Its name.
 */
name: string, };
