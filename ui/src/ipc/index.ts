/** The one door to Rust. Nothing else in the page knows Tauri. */
import { Channel, invoke } from "@tauri-apps/api/core";

import type { Commands } from "./bindings/Commands";
import type { Failure } from "./bindings/Failure";

export type Name = keyof Commands;
export type Request<N extends Name> = Commands[N]["request"];
export type Answer<N extends Name> = Commands[N]["answer"];
export type Event<N extends Name> = Commands[N]["event"];

/** Commands that tell their progress, and those that do not. */
export type Job = { [N in Name]: [Event<N>] extends [never] ? never : N }[Name];
export type Plain = Exclude<Name, Job>;

/** What a refused command throws: Rust's own words, and a code to decide tone by. */
export class Failed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = "Failed";
    this.failure = failure;
  }
}

/** Asks Rust, and throws `Failed` when it refuses. */
export async function call<N extends Plain>(
  name: N,
  ...[request]: Request<N> extends null ? [] : [Request<N>]
): Promise<Answer<N>> {
  try {
    return await invoke<Answer<N>>(name, { request: request ?? null });
  } catch (reason) {
    throw refused(reason);
  }
}

/** A job under way: its answer, and the way to end it early. */
export interface Running<N extends Job> {
  answer: Promise<Answer<N>>;
  cancel: () => Promise<void>;
}

/** Starts a job. Its events arrive in order, all of them before the answer. */
export function run<N extends Job>(
  name: N,
  request: Omit<Request<N>, "job">,
  onevent: (event: Event<N>) => void,
): Running<N> {
  const job = crypto.randomUUID();
  const progress = new Channel<Event<N>>();
  progress.onmessage = onevent;
  const answer = invoke<Answer<N>>(name, { request: { ...request, job }, progress }).catch((reason: unknown) => {
    throw refused(reason);
  });
  return {
    answer,
    cancel: async () => {
      await call("cancel", { job });
    },
  };
}

function isFailure(value: unknown): value is Failure {
  return typeof value === "object" && value !== null && "code" in value && "message" in value;
}

/** Tauri itself refuses with a text (an unknown command, a missing permission); everything of ours is a `Failure`. */
function refused(reason: unknown): Failed {
  if (isFailure(reason)) return new Failed(reason);
  const details = reason instanceof Error ? reason.message : String(reason);
  return new Failed({ code: "internal", message: "", meaning: "", todo: [], details });
}
