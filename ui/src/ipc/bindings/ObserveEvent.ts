// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { EarlyFinding } from "./EarlyFinding";

/**
 * What observing tells while it works.
 */
export type ObserveEvent = { "event": "looking", 
/**
 * For people, for instance "Reading users from Databricks".
 */
what: string, 
/**
 * How many came so far, where it is counted.
 */
done: number | null, 
/**
 * How many there are, where it is known.
 */
total: number | null, 
/**
 * How long it still takes, in words, where that can be told.
 */
left: string | null, } | { "event": "found", 
/**
 * What is wrong or wants to be known, the most urgent first.
 */
findings: Array<EarlyFinding>, } | { "event": "waiting", 
/**
 * How long.
 */
seconds: number, 
/**
 * Who asked and why, for people.
 */
reason: string, };
