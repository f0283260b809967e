// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { Failure } from "./Failure";
import type { KeyringView } from "./KeyringView";
import type { Platform } from "./Platform";
import type { Theme } from "./Theme";
import type { WorldView } from "./WorldView";

/**
 * What the bar and the start page show.
 */
export type AppInfo = { 
/**
 * Usher's version.
 */
version: string, 
/**
 * Which world Usher talks to.
 */
world: WorldView, 
/**
 * Where secrets are kept, as far as it is known.
 */
keyring: KeyringView, 
/**
 * The operating system.
 */
platform: Platform, 
/**
 * Where set-ups are saved.
 */
dataFolder: string, 
/**
 * Where a checklist or hand-over goes unless another folder is named.
 */
documentsFolder: string, 
/**
 * The theme.
 */
theme: Theme, 
/**
 * What went wrong while starting (a set-up file or scenario that was named and could not be opened).
 */
notice: Failure | null, 
/**
 * The open set-up's id.
 */
openSetup: string | null, };
