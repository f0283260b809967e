// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * The text of a service-tags file.
 */
export type ServiceTags = { 
/**
 * All of it.
 */
text: string, };
