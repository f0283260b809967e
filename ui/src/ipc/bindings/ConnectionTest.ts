// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { ConnectionReport } from "./ConnectionReport";

/**
 * The last connection test.
 */
export type ConnectionTest = { 
/**
 * When it ended.
 */
at: string, 
/**
 * What it said.
 */
report: ConnectionReport, 
/**
 * The report as text for copying, without secrets.
 */
text: string, };
