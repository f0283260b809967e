// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * The formats.
 */
export type ChecklistFormat = "markdown" | "html" | "json" | "csv";
