// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { ChecklistFormat } from "./ChecklistFormat";

/**
 * Writes the checklist.
 */
export type SaveChecklist = { 
/**
 * In which format.
 */
format: ChecklistFormat, 
/**
 * Into which folder; absent: the documents folder.
 */
folder?: string | null, };
