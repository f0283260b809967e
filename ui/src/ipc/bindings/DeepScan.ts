// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * A scan of every enterprise application of the tenant, for connectors that were not made from the gallery's template.
 */
export type DeepScan = { 
/**
 * When it ended.
 */
at: string, 
/**
 * Object ids of the service principals that provision to Databricks.
 */
found: Array<string>, 
/**
 * How many applications did not answer, so that nothing is known of them.
 */
unreadable: number, };
