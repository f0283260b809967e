// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { StepState } from "./StepState";

/**
 * A step of the rail.
 */
export type StepView = { 
/**
 * A stable id: `prepare`, `enable`, `test`, `sign-in`, `application`, `connection`, `settings`, `people`, `start`, `checklist`, …
 */
id: string, 
/**
 * The rail's label.
 */
title: string, 
/**
 * How it stands.
 */
state: StepState, 
/**
 * Why it cannot be done yet; with `blocked`.
 */
why: string | null, 
/**
 * The checks that belong to it.
 */
checks: Array<string>, };
