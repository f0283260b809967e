// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { ByHand } from "./ByHand";
import type { ChangeView } from "./ChangeView";
import type { Refusal } from "./Refusal";

/**
 * The changes that would bring the world to what the set-up asks, or why there are none.
 */
export type PlanView = { 
/**
 * What a person confirms: `apply` takes this plan and no other.
 */
digest: string, 
/**
 * The changes, in order. None: everything is as it should be.
 */
changes: Array<ChangeView>, 
/**
 * Why nothing may be done.
 */
refusals: Array<Refusal>, 
/**
 * What only a person can do.
 */
byHand: Array<ByHand>, 
/**
 * Whether the sign-in may write; if not, `allow_writing` asks for it.
 */
mayWrite: boolean, 
/**
 * When the world was as the plan takes it to be.
 */
observedAt: string, };
