/** Looking at both sides: one look at a time, whoever asked for it. */
import type { EarlyFinding } from "../ipc/types";
import { announce } from "../parts/announce.svelte";
import { words } from "../words";
import { session } from "./session.svelte";
import { Work } from "./work.svelte";

class Look {
  readonly work = new Work("observe");
  /** What is known already, while the look goes on. */
  early = $state.raw<readonly EarlyFinding[]>([]);

  get running(): boolean {
    return this.work.running !== null;
  }

  async start(): Promise<void> {
    if (this.running) return;
    this.early = [];
    const setup = await this.work.start({}, words.findings.looking, (event) => {
      if (event.event === "found") this.early = event.findings;
    });
    if (setup === null) return;
    session.take(setup);
    announce(words.rail.findings(setup.counts.dueNow, setup.counts.dueLater));
  }
}

export const look = new Look();
