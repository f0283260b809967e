/** Looking at both sides: one look at a time, whoever asked for it. */
import { run, type Running } from "../ipc";
import type { EarlyFinding } from "../ipc/types";
import { announce } from "../parts/announce.svelte";
import { words } from "../words";
import { session } from "./session.svelte";

class Look {
  running = $state.raw<Running<"observe"> | null>(null);
  what = $state("");
  /** What is known already, while the look goes on. */
  early = $state.raw<readonly EarlyFinding[]>([]);
  done = $state<number | null>(null);
  total = $state<number | null>(null);

  async start(): Promise<void> {
    if (this.running !== null) return;
    this.what = words.findings.looking;
    this.done = this.total = null;
    this.early = [];
    const job = run("observe", {}, (event) => {
      if (event.event === "looking") {
        this.what = event.what;
        this.done = event.done;
        this.total = event.total;
      } else if (event.event === "found") {
        this.early = event.findings;
      } else {
        this.what = words.test.asked(event.seconds.toFixed(0), event.reason);
      }
    });
    this.running = job;
    const setup = await session.attempt(() => job.answer);
    this.running = null;
    if (setup !== null) {
      session.take(setup);
      announce(words.rail.findings(setup.counts.dueNow, setup.counts.dueLater));
    }
  }

  cancel(): void {
    void this.running?.cancel();
  }
}

export const look = new Look();
