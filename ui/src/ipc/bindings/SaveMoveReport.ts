// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { MoveReport } from "./MoveReport";

/**
 * Writes a text of the move into a folder.
 */
export type SaveMoveReport = { 
/**
 * Which.
 */
report: MoveReport, 
/**
 * Into which folder; absent: the documents folder.
 */
folder?: string | null, };
