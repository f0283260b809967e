// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { PhaseId } from "./PhaseId";
import type { PhaseStatus } from "./PhaseStatus";

/**
 * One phase's outcome.
 */
export type Phase = { 
/**
 * Which phase.
 */
id: PhaseId, 
/**
 * How it went.
 */
status: PhaseStatus, 
/**
 * How long it took, in milliseconds.
 */
millis: number, 
/**
 * A line for people.
 */
summary: string, 
/**
 * More, where there is more; never a secret, never a body.
 */
detail?: string | null, };
