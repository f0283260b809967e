// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { Theme } from "./Theme";

/**
 * Asks for a theme.
 */
export type SetTheme = { 
/**
 * The theme.
 */
theme: Theme, };
