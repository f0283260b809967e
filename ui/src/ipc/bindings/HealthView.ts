// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { Cause } from "./Cause";
import type { Clock } from "./Clock";
import type { Comparison } from "./Comparison";
import type { RestartChoice } from "./RestartChoice";

/**
 * What is wrong with a sync that runs, beside the findings.
 */
export type HealthView = { 
/**
 * The quarantine; `None`: in none, or not seen.
 */
clock: Clock | null, 
/**
 * The ways to set the job going again, with a quarantine.
 */
restarts: Array<RestartChoice>, 
/**
 * Failures of the provisioning log by cause, the most frequent first.
 */
causes: Array<Cause>, 
/**
 * From when on the log was read.
 */
logSince: string | null, 
/**
 * What changed since the last look; `None`: there is none to compare with.
 */
comparison: Comparison | null, };
