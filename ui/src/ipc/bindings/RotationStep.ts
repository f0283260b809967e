// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { StepState } from "./StepState";

/**
 * A step of a renewal.
 */
export type RotationStep = { 
/**
 * A stable id: `make`, `keep`, `test`, `save`, `prove`, `retire`, `last`.
 */
id: string, 
/**
 * What is done in it.
 */
title: string, 
/**
 * How it stands.
 */
state: StepState, 
/**
 * What was seen of it; with `attention` what is wrong.
 */
said: string | null, 
/**
 * When that was.
 */
at: string | null, 
/**
 * What to press, where a person does it.
 */
presses: Array<string>, 
/**
 * The check whose attestation stands for the step where Usher cannot see it.
 */
attest: string | null, };
