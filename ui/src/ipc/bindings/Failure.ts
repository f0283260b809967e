// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { FailureCode } from "./FailureCode";

/**
 * What failed, in words: the fact, its meaning, and what to do. Never a secret, never a body.
 */
export type Failure = { 
/**
 * A stable code; the page decides tone by it, never by the words.
 */
code: FailureCode, 
/**
 * What happened.
 */
message: string, 
/**
 * What it means.
 */
meaning: string, 
/**
 * What to do, a line a press.
 */
todo: Array<string>, 
/**
 * Technical text for copying, without secrets.
 */
details: string | null, };
