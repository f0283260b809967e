// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { ChecklistFormat } from "./ChecklistFormat";

/**
 * Asks for the checklist.
 */
export type ChecklistRequest = { 
/**
 * In which format.
 */
format: ChecklistFormat, };
