// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Asks what a workspace URL gives away.
 */
export type DiscoverWorkspace = { 
/**
 * A workspace's URL, as the browser shows it.
 */
url: string, };
