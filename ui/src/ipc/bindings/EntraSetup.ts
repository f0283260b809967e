// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { DeepScan } from "./DeepScan";
import type { EntraApp } from "./EntraApp";
import type { EntraCloud } from "./EntraCloud";
import type { SignIn } from "./SignIn";

/**
 * The Entra side of a set-up.
 */
export type EntraSetup = { 
/**
 * The Entra cloud.
 */
cloud: EntraCloud, 
/**
 * The tenant: a GUID or a verified domain.
 */
tenantId: string | null, 
/**
 * How Usher signs in; `None` until it is chosen.
 */
signIn: SignIn | null, 
/**
 * Application (client) id of the registration Usher signs in with.
 */
clientId: string | null, 
/**
 * The enterprise application.
 */
app: EntraApp, 
/**
 * What the last scan of every enterprise application found; absent: there was none to the end.
 */
deepScan?: DeepScan, };
