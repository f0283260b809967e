// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { ChecklistFormat } from "./ChecklistFormat";

/**
 * The checklist.
 */
export type ChecklistText = { 
/**
 * In which format.
 */
format: ChecklistFormat, 
/**
 * The file name it would be saved under.
 */
fileName: string, 
/**
 * The text.
 */
text: string, };
