/** What Rust says of a move: asked anew whenever the set-up has changed. */
import { call } from "../ipc";
import type { MoveReport, MoveView } from "../ipc/types";
import { words } from "../words";
import { session } from "./session.svelte";

export class Moving {
  view = $state.raw<MoveView | null>(null);

  constructor() {
    $effect(() => {
      if (session.setup !== null) void this.renew();
    });
  }

  private async renew(): Promise<void> {
    this.view = await session.attempt(() => call("move_view"));
  }
}

/** Writes one of a move's texts into the documents folder. */
export async function save(report: MoveReport): Promise<void> {
  await session.attempt(async () => {
    session.say(words.checklist.saved((await call("save_move_report", { report })).path));
  });
}
