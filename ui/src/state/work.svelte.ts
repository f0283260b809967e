/** A job that is waited for: what it does now, how far it is, and the way to end it early. */
import { run, type Answer, type Event, type Job, type Request, type Running } from "../ipc";
import { words } from "../words";
import { session } from "./session.svelte";

/** What many jobs tell alike. */
type Told =
  | { event: "looking"; what: string; done: number | null; total: number | null; left?: string | null }
  | { event: "waiting"; seconds: number; reason: string };

export class Work<N extends Job> {
  running = $state.raw<Running<N> | null>(null);
  what = $state.raw("");
  done = $state.raw<number | null>(null);
  total = $state.raw<number | null>(null);
  /** How long it still takes, in words. */
  left = $state.raw<string | null>(null);

  private readonly name: N;

  constructor(name: N) {
    this.name = name;
  }

  /** Starts it, unless it is under way. Answers null where it was refused, cancelled or not started. */
  async start(
    request: Omit<Request<N>, "job">,
    what: string,
    onevent?: (event: Event<N>) => void,
  ): Promise<Answer<N> | null> {
    if (this.running !== null) return null;
    this.tell(what);
    const job = run(this.name, request, (event) => {
      const told = event as Told;
      if (told.event === "looking") this.tell(told.what, told.done, told.total, told.left);
      else if (told.event === "waiting") this.what = words.test.asked(told.seconds, told.reason);
      onevent?.(event);
    });
    this.running = job;
    const answer = await session.attempt(() => job.answer);
    this.running = null;
    return answer;
  }

  /** Says what is done now, and how far it is. */
  tell(what: string, done: number | null = null, total: number | null = null, left: string | null = null): void {
    this.what = what;
    this.done = done;
    this.total = total;
    this.left = left;
  }

  cancel(): void {
    void this.running?.cancel();
  }
}
