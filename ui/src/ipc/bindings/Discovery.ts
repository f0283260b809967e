// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { DatabricksCloud } from "./DatabricksCloud";

/**
 * What a workspace told without a token.
 */
export type Discovery = { 
/**
 * The workspace's origin.
 */
url: string, 
/**
 * The workspace id.
 */
workspaceId: string | null, 
/**
 * The Databricks account it belongs to.
 */
accountId: string | null, 
/**
 * The cloud.
 */
cloud: DatabricksCloud | null, 
/**
 * The Entra tenant it signs in with; Azure only.
 */
tenantId: string | null, 
/**
 * The account SCIM URL that follows from it.
 */
accountScimUrl: string | null, 
/**
 * What disagrees with the open set-up, a line each.
 */
disagreements: Array<string>, };
