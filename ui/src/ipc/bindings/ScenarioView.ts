// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * A scenario one can practise.
 */
export type ScenarioView = { 
/**
 * Its name, as `--practice NAME` takes it.
 */
name: string, 
/**
 * A title.
 */
title: string, 
/**
 * A sentence.
 */
description: string, };
