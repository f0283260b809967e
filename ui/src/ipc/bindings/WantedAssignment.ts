// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { PrincipalKind } from "./PrincipalKind";

/**
 * A user or a group that is to be assigned.
 */
export type WantedAssignment = { 
/**
 * User or group.
 */
type: PrincipalKind, 
/**
 * Entra object id.
 */
id: string, 
/**
 * For people.
 */
displayName: string | null, };
