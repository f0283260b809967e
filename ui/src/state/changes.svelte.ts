/** The plan's changes that belong to one page: comparing, confirming, making, and what became of them. */
import { call, run, type Running } from "../ipc";
import type {
  ApplyEvent,
  ChangeKind,
  ChangeOutcome,
  ChangeView,
  PlanView,
  SetupView,
  SignInEvent,
  WorkspaceKept,
} from "../ipc/types";
import { announce } from "../parts/announce.svelte";
import { words } from "../words";
import { session } from "./session.svelte";

const text = words.changes;

export class Changes {
  plan = $state.raw<PlanView | null>(null);
  planning = $state.raw(false);
  /** Whether the person is asked to confirm. */
  asking = $state.raw(false);
  /** What is being done, in words; null while nothing is. */
  doing = $state.raw<string | null>(null);
  /** How long the look that is under way still takes, in words. */
  left = $state.raw<string | null>(null);
  done = $state.raw(0);
  total = $state.raw<number | null>(null);
  outcomes = $state.raw<ReadonlyMap<string, ChangeOutcome>>(new Map());
  interrupted = $state.raw(false);
  /** What asking for consent tells: a code to enter, a browser that did not open. */
  told = $state.raw<SignInEvent | null>(null);
  /** What the workspaces' people kept over a move. */
  workspaces = $state.raw<readonly WorkspaceKept[]>([]);

  /** The changes as they were confirmed, while they are made and after. */
  private made = $state.raw<readonly ChangeView[]>([]);
  private job = $state.raw<Running<"apply"> | Running<"allow_writing"> | null>(null);
  /** The kinds that belong here, or the check whose own plan this is. */
  private readonly of: ReadonlySet<ChangeKind> | string;
  private readonly ondone: (said: string) => unknown;

  /** `ondone` is what follows when every change is made: without it, the next step where this one is done. */
  constructor(of: readonly ChangeKind[] | string, ondone: (said: string) => unknown = (said) => session.onward(said)) {
    this.of = typeof of === "string" ? of : new Set(of);
    this.ondone = ondone;
  }

  /** What is still to be made on this page. */
  get open(): readonly ChangeView[] {
    const { of } = this;
    if (this.plan?.refusals.length !== 0) return [];
    return typeof of === "string" ? this.plan.changes : this.plan.changes.filter((change) => of.has(change.kind));
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
    const { of } = this;
    this.plan = await session.attempt(() => (typeof of === "string" ? call("plan_fix", { check: of }) : call("plan")));
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
        const consent = run("allow_writing", {}, (event) => (this.told = event));
        this.job = consent;
        session.take(await consent.answer);
      }
      this.told = null;
      this.doing = text.applying;
      const job = run(
        "apply",
        {
          digest: plan.digest,
          fix: typeof this.of === "string" ? this.of : null,
          only: changes.map((change) => change.id),
        },
        (event) => this.hear(event),
      );
      this.job = job;
      return await job.answer;
    });
    this.job = null;
    this.doing = null;
    this.told = null;
    if (result === null) {
      this.made = [];
      return;
    }
    this.outcomes = new Map(result.outcome.changes.map((outcome) => [outcome.id, outcome]));
    this.interrupted = result.interrupted;
    this.workspaces = result.workspaces;
    const failed = result.outcome.changes.some((outcome) => outcome.state === "failed");
    session.take(result.setup);
    await this.compare(result.setup);
    if (result.notice !== null) session.failure = result.notice;
    if (failed) announce(text.states.failed);
    else if (result.interrupted) announce(text.interrupted);
    else this.ondone(text.allDone);
  }

  private hear(event: ApplyEvent): void {
    this.left = event.event === "looking" ? event.left : null;
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
      case "looking":
        this.doing = event.done === null ? event.what : `${event.what}: ${words.progress(event.done, event.total)}`;
        break;
      case "cycle":
        this.doing = text.cycle(event.state);
        break;
    }
  }
}
