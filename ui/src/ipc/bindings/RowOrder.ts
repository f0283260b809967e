// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * In which order.
 */
export type RowOrder = "name" | "name-reversed" | "detail" | "detail-reversed";
