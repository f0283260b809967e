// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { ScenarioView } from "./ScenarioView";

/**
 * All scenarios.
 */
export type ScenarioList = { 
/**
 * In the order in which a list shows them.
 */
scenarios: Array<ScenarioView>, };
