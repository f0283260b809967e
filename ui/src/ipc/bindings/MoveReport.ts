// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * The texts a move leaves behind.
 */
export type MoveReport = "coverage" | "local-groups" | "local-groups-table";
