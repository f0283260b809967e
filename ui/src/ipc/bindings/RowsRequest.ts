// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { RowFilter } from "./RowFilter";
import type { RowOrder } from "./RowOrder";
import type { TableId } from "./TableId";

/**
 * Asks for a window of a table.
 */
export type RowsRequest = { 
/**
 * The table.
 */
table: TableId, 
/**
 * Words that must all be in a row's name, sign-in name or address; empty: any.
 */
search: string, 
/**
 * Which rows.
 */
filter: RowFilter, 
/**
 * In which order.
 */
order: RowOrder, 
/**
 * From which row of the matching ones on.
 */
offset: number, 
/**
 * How many, at most 500.
 */
limit: number, };
