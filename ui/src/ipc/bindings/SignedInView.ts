// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { PermissionView } from "./PermissionView";

/**
 * Who is signed in, as far as the token tells.
 */
export type SignedInView = { 
/**
 * An application rather than a person.
 */
appOnly: boolean, 
/**
 * The tenant's id.
 */
tenantId: string | null, 
/**
 * Whether the token carries what changes need.
 */
mayWrite: boolean, 
/**
 * Whether the same person is signed in to Azure Databricks; `None`: that cannot be, for an app or on another cloud.
 */
databricks: boolean | null, 
/**
 * What Usher asks for, and whether the token carries it.
 */
permissions: Array<PermissionView>, };
