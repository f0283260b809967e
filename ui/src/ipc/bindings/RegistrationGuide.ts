// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { PermissionView } from "./PermissionView";

/**
 * How to make the registration Usher signs in with.
 */
export type RegistrationGuide = { 
/**
 * What to press in the Entra admin center, in order. Portal labels stand in `**bold**`.
 */
presses: Array<string>, 
/**
 * The redirect address to register, for signing in with the browser.
 */
redirect: string, 
/**
 * Who may agree to the permissions.
 */
whoMayConsent: string, 
/**
 * The permissions, for the chosen way of signing in.
 */
permissions: Array<PermissionView>, };
