// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { FieldView } from "./FieldView";
import type { Outcome } from "./Outcome";
import type { SetupView } from "./SetupView";

/**
 * A person provisioned on demand, read back from Databricks.
 */
export type ProvisionedOne = { 
/**
 * What Entra said.
 */
outcome: Outcome, 
/**
 * Whether the person is in Databricks.
 */
found: boolean, 
/**
 * Field by field.
 */
fields: Array<FieldView>, 
/**
 * When Databricks was read.
 */
readAt: string, 
/**
 * The set-up.
 */
setup: SetupView, };
