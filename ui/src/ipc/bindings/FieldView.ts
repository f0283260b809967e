// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * One field of a person.
 */
export type FieldView = { 
/**
 * The SCIM attribute.
 */
name: string, 
/**
 * What the connector sends.
 */
expected: string, 
/**
 * What Databricks has.
 */
found: string | null, 
/**
 * Whether they are the same.
 */
same: boolean, };
