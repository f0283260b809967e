// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { Fault } from "./Fault";
import type { Phase } from "./Phase";
import type { Verdict } from "./Verdict";

/**
 * The body of `usher.connection/1`.
 */
export type ConnectionReport = { 
/**
 * The URL that was tested, as Entra would hold it; what was pasted where it could not be read.
 */
url: string, 
/**
 * The URL's host; empty where it could not be read.
 */
host: string, 
/**
 * The verdict.
 */
verdict: Verdict, 
/**
 * The ten phases, in order.
 */
phases: Array<Phase>, 
/**
 * The first fault, with `verdict: fail`.
 */
fault?: Fault | null, };
