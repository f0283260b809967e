// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { Provisioning } from "./Provisioning";
import type { Scope } from "./Scope";
import type { WantedAssignment } from "./WantedAssignment";

/**
 * What the set-up asks for. `None` means: not asked, leave as found.
 */
export type Wanted = { 
/**
 * Entra's "Assignment required?".
 */
assignmentRequired: boolean | null, 
/**
 * Entra's scope setting.
 */
scope: Scope | null, 
/**
 * Entra's "Provisioning Status".
 */
provisioning: Provisioning | null, 
/**
 * Where failures are reported.
 */
notificationEmail: string | null, 
/**
 * Accidental-deletion prevention: the number of deletions in a cycle above which they are held.
 */
deleteThreshold: number | null, 
/**
 * Who is to be assigned.
 */
assign: Array<WantedAssignment>, 
/**
 * Put wrong attribute mappings right.
 */
repairMappings: boolean, 
/**
 * Migrate: assign to the account app what only old connectors assign.
 */
coverGaps: boolean, 
/**
 * Migrate: service principal ids of the connectors to pause; `None`: every connector of a federated workspace.
 */
retire: Array<string> | null, 
/**
 * Migrate: take assignments off connectors already paused.
 */
unassignRetired: boolean, 
/**
 * Migrate: while old connectors are paused, people who leave the account connector's scope keep their accounts.
 */
safetyBelt: boolean, };
