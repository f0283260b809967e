// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Something an admin would press in a console, and the practice portal does in its place.
 */
export type PracticePress = { 
/**
 * Its name.
 */
name: string, 
/**
 * What is done, in the console's words.
 */
title: string, 
/**
 * Which console: `Databricks account console`, `Microsoft Entra admin center`, …
 */
portal: string, 
/**
 * Whether it was pressed already; a second press does nothing.
 */
pressed: boolean, };
