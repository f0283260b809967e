// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { WorkspaceSetup } from "./WorkspaceSetup";

/**
 * The Databricks side of a set-up.
 */
export type DatabricksSetup = { 
/**
 * The account id, a UUID.
 */
accountId: string | null, 
/**
 * The SCIM URL, as Entra is to hold it.
 */
scimUrl: string | null, 
/**
 * Client id of a Databricks service principal for what the SCIM token cannot see.
 */
servicePrincipalClientId: string | null, 
/**
 * On Azure, where a person signs in to Entra: that person's own sign-in is the second credential.
 */
asSignedIn?: boolean, 
/**
 * When the SCIM token was made.
 */
tokenCreatedAt: string | null, 
/**
 * When the token expires.
 */
tokenExpiresAt: string | null, 
/**
 * When the renewal of the token began that is under way.
 */
tokenRotationBeganAt: string | null, 
/**
 * The workspaces this set-up is about.
 */
workspaces: Array<WorkspaceSetup>, };
