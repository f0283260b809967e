// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { DevicePrompt } from "./DevicePrompt";

/**
 * What signing in tells while it waits for a person.
 */
export type SignInEvent = { "event": "browser", 
/**
 * The page, to copy where no browser opened.
 */
url: string, 
/**
 * Whether a browser opened.
 */
opened: boolean, } | { "event": "code", 
/**
 * The code, and where.
 */
prompt: DevicePrompt, };
