// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * An enterprise application that provisions to Databricks.
 */
export type ConnectorView = { 
/**
 * Object id of its service principal.
 */
servicePrincipalId: string, 
/**
 * Application (client) id.
 */
appId: string, 
/**
 * Its name.
 */
displayName: string, 
/**
 * The SCIM URL that is saved in it; `None`: none is saved, or it could not be seen.
 */
target: string | null, 
/**
 * Whether that is this set-up's SCIM URL; `None`: cannot tell.
 */
sameTarget: boolean | null, 
/**
 * Whether a job of it runs, or could by itself; `None`: cannot tell.
 */
running: boolean | null, 
/**
 * Whether its job is in quarantine; `None`: no job, or cannot tell.
 */
quarantined: boolean | null, 
/**
 * How many users and groups are assigned; `None`: cannot tell.
 */
assigned: number | null, 
/**
 * Whether this is the set-up's own.
 */
chosen: boolean, };
