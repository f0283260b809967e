// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { ChangeOutcome } from "./ChangeOutcome";
import type { Doing } from "./Doing";

/**
 * What applying tells.
 */
export type ApplyEvent = { "event": "begun", 
/**
 * How many changes it is about to make.
 */
total: number, } | { "event": "change", 
/**
 * Its id.
 */
id: string, 
/**
 * Its line for people.
 */
title: string, 
/**
 * What is being done about it.
 */
doing: Doing, } | { "event": "settled", 
/**
 * The outcome.
 */
outcome: ChangeOutcome, } | { "event": "looking", 
/**
 * For people, for instance "Reading users from the account".
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
 * How long it still takes, as a range in words, where that can be told.
 */
left: string | null, } | { "event": "cycle", 
/**
 * Pages done, where Entra tells.
 */
done: number | null, 
/**
 * Pages in all, where Entra tells.
 */
total: number | null, 
/**
 * How the job is, in words.
 */
state: string, };
