/** The way out of a finding that Usher offers: its words, and what pressing it does. */
import type { FindingView, Remedy } from "../ipc/types";
import { words } from "../words";
import { session } from "./session.svelte";

export interface Way {
  label: string;
  press: () => unknown;
}

const WAYS: Record<Remedy, (check: string) => Way> = {
  change: (check) => ({ label: words.health.fix, press: () => (session.fixing = check) }),
  token: () => ({ label: words.health.renew.title, press: () => session.go({ at: "renew" }) }),
  ranges: () => ({ label: words.health.ranges.title, press: () => session.go({ at: "ranges" }) }),
  people: () => ({ label: words.health.people, press: () => session.go({ at: "step", id: "people" }) }),
};

export function wayOut({ remedy, finding }: FindingView): Way | null {
  return remedy && WAYS[remedy](finding.check);
}

/** The way to the step a finding belongs to. */
export function wayToStep({ step, due }: FindingView): Way | null {
  const there = session.setup?.steps.find(({ id }) => id === step);
  if (!there || due === "fine") return null;
  return { label: words.findings.goTo(there.heading), press: () => session.go({ at: "step", id: there.id }) };
}
