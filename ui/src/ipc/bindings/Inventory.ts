// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { InventoryConnector } from "./InventoryConnector";
import type { InventoryWorkspace } from "./InventoryWorkspace";

/**
 * Connectors and workspaces.
 */
export type Inventory = { 
/**
 * Every connector that was found, the account connector first.
 */
connectors: Array<InventoryConnector>, 
/**
 * Why connectors could not be read, or may be missing.
 */
connectorsUnseen: string | null, 
/**
 * Every workspace that was seen.
 */
workspaces: Array<InventoryWorkspace>, 
/**
 * Whether those are all workspaces of the account.
 */
workspacesComplete: boolean, 
/**
 * Addresses that connectors provision to and whose workspace is not among these.
 */
unnamed: Array<string>, 
/**
 * Whether the second Databricks credential is an account admin's; `None`: not known.
 */
secondIsAdmin: boolean | null, 
/**
 * Why that is not known.
 */
secondUnseen: string | null, };
