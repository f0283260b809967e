// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { DatabricksCloud } from "./DatabricksCloud";
import type { Journey } from "./Journey";

/**
 * Makes a set-up.
 */
export type CreateSetup = { 
/**
 * Its name.
 */
name: string, 
/**
 * The journey.
 */
journey: Journey, 
/**
 * The Databricks cloud.
 */
cloud: DatabricksCloud, };
