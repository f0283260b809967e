// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { LinkId } from "./LinkId";

/**
 * A page to read on at.
 */
export type ReadLink = { 
/**
 * Which.
 */
link: LinkId, 
/**
 * Where it leads, in words.
 */
title: string, };
