// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { ReadLink } from "./ReadLink";
import type { Term } from "./Term";

/**
 * The help beside a page.
 */
export type HelpText = { 
/**
 * What this page wants to be known.
 */
about: string | null, 
/**
 * Words that need explaining.
 */
terms: Array<Term>, 
/**
 * Where to read on.
 */
read: Array<ReadLink>, };
