// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * The operating system, for words and shortcuts.
 */
export type Platform = "linux" | "macos" | "windows";
