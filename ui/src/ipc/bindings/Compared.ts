// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { ComparedChange } from "./ComparedChange";
import type { Status } from "./Status";
import type { Subject } from "./Subject";
import type { Weight } from "./Weight";

/**
 * One check, then and now.
 */
export type Compared = { 
/**
 * The check's id.
 */
check: string, 
/**
 * The check's title.
 */
title: string, 
/**
 * How much it matters.
 */
weight: Weight, 
/**
 * What became of it.
 */
change: ComparedChange, 
/**
 * Its status then; none where the last report did not have the check.
 */
was?: Status, 
/**
 * Its status now; none where this report does not have the check.
 */
is?: Status, 
/**
 * Its people, groups or workspaces that have become a problem, as they are now.
 */
newSubjects?: Array<Subject>, 
/**
 * Those that are no problem any longer, as they were then.
 */
goneSubjects?: Array<Subject>, 
/**
 * How many of them are a problem still.
 */
stillThere: number, };
