// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { LinkId } from "./LinkId";

/**
 * A link, filled in for the open set-up.
 */
export type LinkView = { 
/**
 * Which.
 */
link: LinkId, 
/**
 * Where it leads, in words.
 */
title: string, 
/**
 * The URL; `None` while something it needs is not known (the reason says what).
 */
url: string | null, 
/**
 * Why there is no URL yet, or that it leads one level above the place.
 */
note: string | null, };
