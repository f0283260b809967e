// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { TableId } from "./TableId";

/**
 * Searches people or groups on Entra's side; the next window of this search shows them.
 */
export type SearchDirectory = { 
/**
 * People or groups.
 */
table: TableId, 
/**
 * The beginning of words of a name, sign-in name or address; a single letter finds nothing.
 */
search: string, };
