import type { ConnectorView } from "../ipc/types";
import { words } from "../words";

/** How a connector stands, in a line. `compared`: whether there is a SCIM URL to compare its own with. */
export function about({ sameTarget, target, running, quarantined, assigned }: ConnectorView, compared = true): string {
  const text = words.application;
  const elsewhere = compared ? `${text.otherTarget}: ${target}` : (target ?? "");
  const state = quarantined ? text.quarantined : running === null ? "" : running ? text.running : text.notRunning;
  return [
    target === null ? text.noTarget : sameTarget ? text.sameTarget : elsewhere,
    state,
    assigned === null ? "" : text.assigned(assigned),
  ]
    .filter((part) => part !== "")
    .join(" · ");
}
