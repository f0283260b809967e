// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * The kinds of change (`contracts/cli.md`).
 */
export type ChangeKind = "create-application" | "set-property" | "save-credentials" | "save-settings" | "create-job" | "repair-mapping" | "assign" | "unassign" | "start" | "pause" | "restart" | "provision-one";
