// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * The checklist's formats.
 */
export type ChecklistFormat = "markdown" | "json" | "html" | "csv";
