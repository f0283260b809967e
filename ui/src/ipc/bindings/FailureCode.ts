// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * The codes of a [`Failure`].
 */
export type FailureCode = "cancelled" | "no-setup" | "setup-missing" | "name-taken" | "bad-input" | "setup-unreadable" | "setup-newer" | "setup-changed" | "setup-locked" | "disk-full" | "folder-read-only" | "disk" | "keyring-unavailable" | "secret-too-long" | "secret-missing" | "not-ready" | "network" | "sign-in" | "permission" | "world-moved" | "refused" | "busy" | "browser" | "practice" | "internal";
