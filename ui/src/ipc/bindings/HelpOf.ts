// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Asks for the help of a page.
 */
export type HelpOf = { 
/**
 * A step's id, or a place of the window.
 */
page: string, };
