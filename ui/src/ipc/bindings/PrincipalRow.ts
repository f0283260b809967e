// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { CoverageFate } from "./CoverageFate";
import type { PrincipalKind } from "./PrincipalKind";

/**
 * A person or a group.
 */
export type PrincipalRow = { 
/**
 * Entra object id.
 */
id: string, 
/**
 * Person or group.
 */
kind: PrincipalKind, 
/**
 * Its name.
 */
displayName: string, 
/**
 * Sign-in name of a person; kind of a group.
 */
detail: string, 
/**
 * A guest of the tenant.
 */
guest: boolean, 
/**
 * Why it cannot be provisioned as it is.
 */
unfit: string | null, 
/**
 * Whether the set-up wants it assigned.
 */
wanted: boolean, 
/**
 * Whether it is assigned now; `None`: not observed.
 */
assigned: boolean | null, 
/**
 * Coverage: what a move means for somebody.
 */
fate?: CoverageFate, 
/**
 * Coverage: what brings somebody, or why nothing does.
 */
note?: string, };
