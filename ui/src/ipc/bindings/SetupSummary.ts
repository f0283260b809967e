// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { DatabricksCloud } from "./DatabricksCloud";
import type { Failure } from "./Failure";
import type { Journey } from "./Journey";

/**
 * A line of the list of set-ups.
 */
export type SetupSummary = { 
/**
 * The set-up's id: its file's stem.
 */
id: string, 
/**
 * Its name; the id where the file cannot be read.
 */
name: string, 
/**
 * The journey.
 */
journey: Journey | null, 
/**
 * The cloud.
 */
cloud: DatabricksCloud | null, 
/**
 * When it was saved last.
 */
savedAt: string | null, 
/**
 * Why it cannot be opened; the file is left as it is.
 */
failure: Failure | null, };
