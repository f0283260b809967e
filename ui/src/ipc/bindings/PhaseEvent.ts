// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { Phase } from "./Phase";
import type { PhaseId } from "./PhaseId";

/**
 * What the connection doctor tells while it works.
 */
export type PhaseEvent = { "event": "started", 
/**
 * Which.
 */
phase: PhaseId, } | { "event": "ended", 
/**
 * Its outcome.
 */
phase: Phase, } | { "event": "waiting", 
/**
 * How long.
 */
seconds: number, 
/**
 * Who asked and why, for people.
 */
reason: string, };
