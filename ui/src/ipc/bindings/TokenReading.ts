// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { Fault } from "./Fault";
import type { ReadingVerdict } from "./ReadingVerdict";

/**
 * What the token turned out to be.
 */
export type TokenReading = { 
/**
 * The verdict.
 */
verdict: ReadingVerdict, 
/**
 * What kind of token it looks like, in words.
 */
kind: string | null, 
/**
 * The last four characters.
 */
lastFour: string | null, 
/**
 * What is worth knowing, a line each (blanks were trimmed, an unusual shape).
 */
warnings: Array<string>, 
/**
 * Whether a warning says that it may be something else: then it is kept only when the person says so.
 */
doubtful: boolean, 
/**
 * What is wrong; with `fault`.
 */
fault: Fault | null, };
