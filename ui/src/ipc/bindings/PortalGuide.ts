// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * A step by hand in a portal. Portal labels stand in `**bold**`.
 */
export type PortalGuide = { 
/**
 * What to press in the present portal, in order.
 */
present: Array<string>, 
/**
 * The same in the portal as the article shows it; empty where there is one way only.
 */
older: Array<string>, 
/**
 * What differs for a connector of a single workspace; for the workspace journey alone.
 */
caveat: string | null, };
