// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * One value of the practice portal.
 */
export type PracticeValue = { 
/**
 * A stable key: `scimUrl`, `scimToken`, `tenantId`, `clientId`, `clientSecret`, `accountId`, `databricksClientId`,
 * `databricksClientSecret`, `workspace:1001`, `pat:1001`, …
 */
key: string, 
/**
 * Its label in the console.
 */
label: string, 
/**
 * The value.
 */
value: string, };
