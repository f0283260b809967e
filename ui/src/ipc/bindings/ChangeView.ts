// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { ChangeKind } from "./ChangeKind";
import type { RequestView } from "./RequestView";
import type { Undo } from "./Undo";

/**
 * One change as it is shown, in the window and in `usher.plan/1`: with its exact request.
 */
export type ChangeView = { 
/**
 * Its id, the same in two plans of the same world.
 */
id: string, 
/**
 * Its kind.
 */
kind: ChangeKind, 
/**
 * A line for people.
 */
title: string, 
/**
 * What is changed, by name.
 */
target: string, 
/**
 * As found, in words; empty where nothing was.
 */
before: string, 
/**
 * As it will be, in words.
 */
after: string, 
/**
 * The exact request; `None` with `request_note`.
 */
request: RequestView | null, 
/**
 * Why the request cannot be shown yet.
 */
requestNote?: string | null, 
/**
 * Whether it can be taken back.
 */
undo: Undo, 
/**
 * What must hold right before it is done, in words.
 */
guard?: string | null, };
