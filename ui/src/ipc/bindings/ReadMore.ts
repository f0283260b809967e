// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Asks for a page of documentation.
 */
export type ReadMore = { 
/**
 * Its address, as a finding or a fault names it.
 */
url: string, };
