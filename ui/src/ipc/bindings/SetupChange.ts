// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { DatabricksCloud } from "./DatabricksCloud";
import type { EntraApp } from "./EntraApp";
import type { EntraCloud } from "./EntraCloud";
import type { Journey } from "./Journey";
import type { Provisioning } from "./Provisioning";
import type { Scope } from "./Scope";
import type { SignIn } from "./SignIn";
import type { WantedAssignment } from "./WantedAssignment";
import type { WorkspaceSetup } from "./WorkspaceSetup";

/**
 * One thing of a set-up. `null` takes a value away.
 */
export type SetupChange = { "set": "journey", "to": Journey } | { "set": "cloud", "to": DatabricksCloud } | { "set": "entra-cloud", "to": EntraCloud } | { "set": "tenant-id", "to": string | null } | { "set": "sign-in", "to": SignIn | null } | { "set": "client-id", "to": string | null } | { "set": "app-name", "to": string | null } | { "set": "app-id", "to": string | null } | { "set": "app", "to": EntraApp } | { "set": "account-id", "to": string | null } | { "set": "databricks-client-id", "to": string | null } | { "set": "as-signed-in", "to": boolean } | { "set": "token-created-at", "to": string | null } | { "set": "token-expires-at", "to": string | null } | { "set": "token-rotation-began-at", "to": string | null } | { "set": "workspaces", "to": Array<WorkspaceSetup> } | { "set": "assignment-required", "to": boolean | null } | { "set": "scope", "to": Scope | null } | { "set": "provisioning", "to": Provisioning | null } | { "set": "notification-email", "to": string | null } | { "set": "delete-threshold", "to": number | null } | { "set": "assign", "to": Array<WantedAssignment> } | { "set": "add-assignment", "to": WantedAssignment } | { "set": "remove-assignment", "to": string } | { "set": "repair-mappings", "to": boolean } | { "set": "cover-gaps", "to": boolean } | { "set": "retire", "to": Array<string> | null } | { "set": "unassign-retired", "to": boolean } | { "set": "safety-belt", "to": boolean };
