// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { Attestation } from "./Attestation";
import type { DatabricksCloud } from "./DatabricksCloud";
import type { DatabricksSetup } from "./DatabricksSetup";
import type { EntraSetup } from "./EntraSetup";
import type { Journey } from "./Journey";
import type { Wanted } from "./Wanted";

/**
 * A set-up.
 */
export type Setup = { 
/**
 * `usher.setup/1`.
 */
schema: string, 
/**
 * The name people gave it.
 */
name: string, 
/**
 * The journey.
 */
journey: Journey, 
/**
 * The Databricks cloud.
 */
cloud: DatabricksCloud, 
/**
 * The Entra side.
 */
entra: EntraSetup, 
/**
 * The Databricks side.
 */
databricks: DatabricksSetup, 
/**
 * What is wanted.
 */
want: Wanted, 
/**
 * What a person attested, by check id.
 */
attested: { [key in string]: Attestation }, };
