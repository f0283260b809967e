// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * A request as it will be sent; secrets are `<secret>`, ids to come `{{change id.field}}`.
 */
export type RequestView = { 
/**
 * The method.
 */
method: string, 
/**
 * The URL.
 */
url: string, 
/**
 * The body; null where there is none.
 */
body: unknown, };
