// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { LinkId } from "./LinkId";

/**
 * Asks for a link.
 */
export type FollowLink = { 
/**
 * Which.
 */
link: LinkId, };
