// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { ConnectorPart } from "./ConnectorPart";

/**
 * A connector.
 */
export type InventoryConnector = { 
/**
 * Object id of its service principal.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Where it provisions to, for people; `None`: not known.
 */
target: string | null, 
/**
 * Whether it runs; `None`: not known.
 */
running: boolean | null, 
/**
 * Whether it is in quarantine.
 */
quarantined: boolean, 
/**
 * How many users and groups are assigned.
 */
assigned: number | null, 
/**
 * How many people it carries: assigned ones and direct members of assigned groups, after its rules.
 */
people: number | null, 
/**
 * What the move makes of it.
 */
part: ConnectorPart, 
/**
 * Why it stays, or what is not known of it.
 */
why: string | null, };
