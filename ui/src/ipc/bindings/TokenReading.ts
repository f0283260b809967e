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
 * What is wrong; with `fault`.
 */
fault: Fault | null, };
