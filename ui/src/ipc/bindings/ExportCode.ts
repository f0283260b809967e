// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { CodeFormat } from "./CodeFormat";

/**
 * Writes the set-up as code.
 */
export type ExportCode = { 
/**
 * As what.
 */
format: CodeFormat, 
/**
 * Into a new folder in which folder; absent: the documents folder.
 */
folder?: string | null, };
