// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { Evidence } from "./Evidence";
import type { How } from "./How";
import type { Status } from "./Status";
import type { Subject } from "./Subject";
import type { Weight } from "./Weight";

/**
 * One check's outcome.
 */
export type Finding = { 
/**
 * The check's id.
 */
check: string, 
/**
 * The check's title, the same whatever the outcome.
 */
title: string, 
/**
 * What is there when all is right.
 */
wanted?: string, 
/**
 * Why it matters.
 */
why?: string, 
/**
 * The outcome.
 */
status: Status, 
/**
 * How much it matters.
 */
weight: Weight, 
/**
 * What was found.
 */
evidence: Array<Evidence>, 
/**
 * The things it looked at, where there are several.
 */
subjects?: Array<Subject>, 
/**
 * What to do, a line a press; with `warn` and `fail`.
 */
fix?: string | null, 
/**
 * Why it could not be observed, and what would tell; with `unknown`.
 */
reason?: string | null, 
/**
 * What the rule rests on, for people: a document's name and section.
 */
source: string, 
/**
 * Where the vendor writes about it.
 */
link?: string, 
/**
 * When its facts were observed.
 */
observedAt: string, 
/**
 * Where its facts come from.
 */
how: How, };
