// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { UndoKind } from "./UndoKind";

/**
 * What a rollback would do with one change.
 */
export type UndoView = { 
/**
 * The change's id.
 */
id: string, 
/**
 * Its line for people.
 */
title: string, 
/**
 * Taken back, kept, or left to a person.
 */
undo: UndoKind, 
/**
 * Why it is kept, what a person has to do, or what stays all the same.
 */
reason: string | null, };
