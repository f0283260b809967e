import type { Choice } from "../state/session.svelte";

/** What the start page offers to make: a journey stands here once the engine can walk it. */
export const OFFERED: readonly Choice[] = ["account", "workspace", "migrate", "check"];
