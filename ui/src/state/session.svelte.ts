/** The last that Rust said, and where the person is. No rule of the domain lives here. */
import { announce } from "../parts/announce.svelte";
import type { Verdict } from "../parts/Field.svelte";
import { call, Failed } from "../ipc";
import type {
  AppInfo,
  Failure,
  FindingView,
  FollowLink,
  Journey,
  ReadMore,
  SetupChange,
  SetupList,
  SetupView,
  StepView,
  Theme,
} from "../ipc/types";
import { words } from "../words";

/** Where the person is: a place of its own, or a step of the open set-up. */
export type Place =
  | { at: "start" }
  | { at: "create"; what: Journey }
  | { at: "practise" }
  | { at: "findings" | "check" | "token" | "renew" | "ranges" }
  | { at: "step"; id: string };

/** What the start page offers to make. */
export type Choice = Journey | "check";

/** What floats over the page. */
export type Floating = "settings" | "rename" | "hand-over" | "rollback" | "open-file" | null;

class Session {
  info = $state.raw<AppInfo | null>(null);
  setups = $state.raw<SetupList | null>(null);
  setup = $state.raw<SetupView | null>(null);
  place = $state.raw<Place>({ at: "start" });
  floating = $state.raw<Floating>(null);
  help = $state.raw(false);
  /** The check whose own plan is being looked at. */
  fixing = $state.raw<string | null>(null);
  /** Whether an existing set-up is asked about: a few questions instead of the rail. */
  checking = $state.raw(false);
  /** What failed last on this page. */
  failure = $state.raw<Failure | null>(null);
  toast = $state.raw<string | null>(null);

  /** The step on the page, where the page is one. */
  get step() {
    const place = this.place;
    return place.at === "step" ? this.setup?.steps.find((step) => step.id === place.id) : undefined;
  }

  go(place: Place): void {
    this.failure = this.fixing = null;
    this.place = place;
  }

  /** Takes a set-up as Rust says it stands. */
  take(setup: SetupView): SetupView {
    this.setup = setup;
    return setup;
  }

  /** Shows a set-up at the step to go on with. */
  enter(setup: SetupView): void {
    this.take(setup);
    this.floating = null;
    this.checking = false;
    this.go({ at: "step", id: setup.nextStep });
  }

  /** What is asked before an existing set-up is checked: three things at most. */
  get questions(): readonly Place[] {
    if (!this.checking) return [];
    const byHand = this.setup?.setup.entra.signIn === "by-hand";
    return [{ at: "step", id: "sign-in" }, ...(byHand ? [] : [{ at: "check" } as const]), { at: "token" }];
  }

  /** Which of them is on the page. */
  get asked(): number {
    return this.questions.findIndex(({ at }) => at === this.place.at);
  }

  /** The step after or before the one on the page. */
  neighbour(by: 1 | -1): string | null {
    const place = this.place;
    const steps = this.setup?.steps ?? [];
    if (place.at !== "step") return null;
    const index = steps.findIndex((step) => step.id === place.id);
    return steps[index + by]?.id ?? null;
  }

  next(): void {
    const question = this.questions[this.asked + 1];
    if (this.asked >= 0 && question) return this.go(question);
    const id = this.neighbour(1);
    if (id !== null) this.go({ at: "step", id });
  }

  /** Says what was done; where the world already shows the step done, nothing is left to press on its page. */
  onward(text: string): void {
    this.say(text);
    if (this.step?.state === "done" && this.failure === null) this.next();
  }

  previous(): void {
    const question = this.questions[this.asked - 1];
    if (question) return this.go(question);
    if (this.checking) return void this.home();
    const { at } = this.place;
    if (at === "renew" || at === "ranges") return this.go({ at: "findings" });
    const id = at === "findings" ? this.setup?.nextStep : this.neighbour(-1);
    this.go(id == null ? { at: "start" } : { at: "step", id });
  }

  /** Says something that needs no action. */
  say(text: string): void {
    this.toast = text;
    announce(text);
  }

  /**
   * Does what may be refused. A refusal is shown on the page and takes the focus; a cancellation is no refusal.
   * Answers null where it was refused.
   */
  async attempt<T>(work: () => Promise<T>): Promise<T | null> {
    this.failure = null;
    try {
      return await work();
    } catch (reason) {
      this.failure = failureOf(reason);
      return null;
    }
  }

  /** Changes what the set-up wants, one thing after another. */
  async change(...changes: SetupChange[]): Promise<void> {
    await this.attempt(async () => {
      for (const change of changes) this.take(await call("change_setup", { change }));
    });
  }

  /** Saves what a field holds. A text that cannot be what the field is for is told beside it: the answer. */
  async fill(change: SetupChange): Promise<Verdict> {
    let fault: Verdict = null;
    await this.attempt(async () => {
      try {
        this.take(await call("change_setup", { change }));
      } catch (reason) {
        const failure = failureOf(reason);
        if (failure?.code !== "bad-input") throw reason;
        fault = { is: "fault", text: failure.message, more: failure.todo.join("\n") };
      }
    });
    return fault;
  }

  async start(): Promise<void> {
    await this.attempt(async () => {
      const info = await call("app_info");
      if (info.openSetup !== null) this.enter(await call("current_setup"));
      this.info = info;
    });
  }

  async home(): Promise<void> {
    await this.attempt(async () => {
      const setup = this.setup;
      if (setup !== null) {
        // A check that was left before its first answer leaves nothing behind.
        const blank = this.checking && setup.setup.entra.signIn === null;
        this.setups = blank ? await call("delete_setup", { id: setup.id }) : await call("close_setup");
        this.setup = null;
      }
      this.checking = false;
      this.go({ at: "start" });
    });
  }

  /** Two set-ups of one name are hard to tell apart: the suggestion is numbered. */
  freeName(wanted: string): string {
    const taken = new Set(this.setups?.setups.map((setup) => setup.name));
    let name = wanted;
    for (let number = 2; taken.has(name); number++) name = `${wanted} ${number}`;
    return name;
  }

  /** Begins to check what exists. What it serves and where is read from the connector. */
  async check(): Promise<void> {
    await this.attempt(async () => {
      const name = this.freeName(words.start.checkName);
      this.take(await call("create_setup", { name, journey: "account", cloud: "azure" }));
      this.setups = null;
      this.checking = true;
      this.go({ at: "step", id: "sign-in" });
    });
  }

  async open(id: string): Promise<void> {
    await this.attempt(async () => this.enter(await call("open_setup", { id })));
  }

  async theme(theme: Theme): Promise<void> {
    await this.attempt(async () => (this.info = await call("set_theme", { theme })));
  }

  /** Opens a page in the browser: a link of the table, or a page of documentation that Rust named. */
  async follow(
    ...page: [name: "open_link", request: FollowLink] | [name: "read_more", request: ReadMore]
  ): Promise<void> {
    await this.attempt(() => (page[0] === "open_link" ? call(page[0], page[1]) : call(page[0], page[1])));
  }
}

/** What a thrown value says; null for a cancellation, which is nothing to show. */
export function failureOf(reason: unknown): Failure | null {
  if (reason instanceof Failed) {
    const { failure } = reason;
    if (failure.code === "cancelled") return null;
    if (failure.message !== "") return failure;
    return { ...failure, message: words.failure.internal, meaning: words.failure.internalMeaning };
  }
  const details = reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason);
  return {
    code: "internal",
    message: words.failure.internal,
    meaning: words.failure.internalMeaning,
    todo: [],
    details,
  };
}

export const session = new Session();

/** The findings of a step that mean something for this set-up. */
export function findingsOf(step: StepView): FindingView[] {
  return (session.setup?.findings ?? []).filter(
    ({ finding }) => step.checks.includes(finding.check) && finding.status !== "not-applicable",
  );
}
