// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { PrincipalRow } from "./PrincipalRow";

/**
 * A window of a table.
 */
export type RowWindow = { 
/**
 * How many rows the table has.
 */
total: number, 
/**
 * How many match.
 */
matching: number, 
/**
 * From which of them on.
 */
offset: number, 
/**
 * The rows.
 */
rows: Array<PrincipalRow>, 
/**
 * When the table was read; `None`: it was not, and `load_directory` reads it.
 */
loadedAt: string | null, 
/**
 * Whether the table holds everybody; else `search_directory` asks Entra for the rest.
 */
complete: boolean, };
