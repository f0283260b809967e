// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { Due } from "./Due";
import type { Finding } from "./Finding";
import type { LinkId } from "./LinkId";
import type { Remedy } from "./Remedy";

/**
 * A finding with its place on the rail.
 */
export type FindingView = { 
/**
 * The finding.
 */
finding: Finding, 
/**
 * When it wants something.
 */
due: Due, 
/**
 * The step it belongs to.
 */
step: string | null, 
/**
 * Whether a person may attest it.
 */
attestable: boolean, 
/**
 * The way out that Usher offers beside the words; `None`: the words, at its step.
 */
remedy: Remedy | null, 
/**
 * The page of a console where it is put right by hand; with what is wrong.
 */
link: LinkId | null, };
