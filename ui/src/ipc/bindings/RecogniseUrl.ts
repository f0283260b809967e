// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * A SCIM URL as it stands in the field.
 */
export type RecogniseUrl = { 
/**
 * The field's text.
 */
text: string, };
