/** The plan's changes that belong to one page: comparing, confirming, making, and what became of them. */
import { call, run, type Running } from "../ipc";
import type { ApplyEvent, ChangeKind, ChangeOutcome, ChangeView, PlanView, SetupView } from "../ipc/types";
import { announce } from "../parts/announce.svelte";
import { words } from "../words";
import { session } from "./session.svelte";

const text = words.changes;

export class Changes {
  plan = $state.raw<PlanView | null>(null);
  planning = $state(false);
  /** Whether the person is asked to confirm. */
  asking = $state(false);
  /** What is being done, in words; null while nothing is. */
  doing = $state<string | null>(null);
  done = $state(0);
  total = $state<number | null>(null);
  outcomes = $state.raw<ReadonlyMap<string, ChangeOutcome>>(new Map());
  interrupted = $state(false);

  /** The changes as they were confirmed, while they are made and after. */
  private made = $state.raw<readonly ChangeView[]>([]);
  private job = $state.raw<Running<"apply"> | Running<"allow_writing"> | null>(null);
  private readonly kinds: ReadonlySet<ChangeKind>;

  constructor(kinds: readonly ChangeKind[]) {
    this.kinds = new Set(kinds);
  }

  /** What is still to be made on this page. */
  get open(): readonly ChangeView[] {
    return this.plan?.refusals.length === 0 ? this.plan.changes.filter((change) => this.kinds.has(change.kind)) : [];
  }

  /** What the page shows: what was made here, then what is open. */
  get shown(): readonly ChangeView[] {
    const made = new Set(this.made.map((change) => change.id));
    return [...this.made, ...this.open.filter((change) => !made.has(change.id))];
  }

  get busy(): boolean {
    return this.doing !== null;
  }

  /** Compares anew. The plan rests on what was observed last: without a look there is none. */
  async compare(setup: SetupView | null): Promise<void> {
    if (setup === null || setup.signedIn === null || setup.observedAt === null || this.busy) {
      if (!this.busy) this.plan = null;
      return;
    }
    this.planning = true;
    this.plan = await session.attempt(() => call("plan"));
    this.planning = false;
  }

  cancel(): void {
    void this.job?.cancel();
  }

  /** Makes the confirmed changes: consent first where it is missing, then change by change. */
  async make(): Promise<void> {
    const plan = this.plan;
    if (plan === null || this.busy) return;
    const changes = this.open;
    this.asking = false;
    this.interrupted = false;
    this.outcomes = new Map();
    this.made = changes;
    this.done = 0;
    this.total = changes.length;
    this.doing = plan.mayWrite ? text.applying : text.asking;
    const result = await session.attempt(async () => {
      if (!plan.mayWrite) {
        const consent = run("allow_writing", {}, () => undefined);
        this.job = consent;
        session.take(await consent.answer);
      }
      this.doing = text.applying;
      const job = run("apply", { digest: plan.digest, only: changes.map((change) => change.id) }, (event) =>
        this.hear(event),
      );
      this.job = job;
      return await job.answer;
    });
    this.job = null;
    this.doing = null;
    if (result === null) {
      this.made = [];
      return;
    }
    this.outcomes = new Map(result.outcome.changes.map((outcome) => [outcome.id, outcome]));
    this.interrupted = result.interrupted;
    const failed = result.outcome.changes.some((outcome) => outcome.state === "failed");
    announce(failed ? text.states.failed : result.interrupted ? text.interrupted : text.allDone);
    session.take(result.setup);
    await this.compare(result.setup);
    if (result.notice !== null) session.failure = result.notice;
  }

  private hear(event: ApplyEvent): void {
    switch (event.event) {
      case "begun":
        this.total = event.total;
        break;
      case "change":
        this.doing = text.doingNow(event.title, text.doing[event.doing]);
        break;
      case "settled":
        this.done += 1;
        this.outcomes = new Map(this.outcomes).set(event.outcome.id, event.outcome);
        break;
      case "cycle":
        this.doing = text.cycle(event.state);
        break;
    }
  }
}
