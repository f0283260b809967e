// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { ScenarioView } from "./ScenarioView";

/**
 * Which world Usher talks to.
 */
export type WorldView = { "is": "live" } | { "is": "endpoints", 
/**
 * The file's name for itself.
 */
name: string, } | { "is": "practice", 
/**
 * The scenario that runs.
 */
scenario: ScenarioView, };
