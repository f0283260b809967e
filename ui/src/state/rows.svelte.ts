/** Windows of a table that lives in Rust: the page holds those around what is seen, and no more. */
import { call } from "../ipc";
import type { PrincipalRow, RowFilter, RowOrder, TableId } from "../ipc/types";
import { session } from "./session.svelte";

const WINDOW = 100;
const HELD = 6;

export class Rows {
  search = $state.raw("");
  filter = $state.raw<RowFilter>("all");
  order = $state.raw<RowOrder>("name");
  total = $state.raw(0);
  matching = $state.raw(0);
  loadedAt = $state.raw<string | null>(null);
  complete = $state.raw(false);

  readonly table: TableId;
  /** The windows held, by number; the order of insertion is that of their last use. */
  private windows = $state.raw<ReadonlyMap<number, readonly PrincipalRow[]>>(new Map());
  private readonly asked = new Set<number>();
  private generation = 0;

  constructor(table: TableId) {
    this.table = table;
  }

  row(index: number): PrincipalRow | undefined {
    return this.windows.get(Math.floor(index / WINDOW))?.[index % WINDOW];
  }

  /** Forgets what is held: the question has changed, or the world. */
  async renew(): Promise<void> {
    this.generation += 1;
    this.asked.clear();
    this.windows = new Map();
    await this.ask(0);
  }

  /** Sees to it that the rows of a stretch are there. */
  see(first: number, last: number): void {
    for (let number = Math.floor(first / WINDOW); number <= Math.floor(last / WINDOW); number++) {
      if (!this.windows.has(number)) void this.ask(number);
    }
  }

  /** Shows a choice at once; Rust's answer follows with the next window. */
  choose(id: string, wanted: boolean): void {
    this.windows = new Map(
      [...this.windows].map(([number, rows]) => [
        number,
        rows.map((row) => (row.id === id ? { ...row, wanted } : row)),
      ]),
    );
  }

  private async ask(number: number): Promise<void> {
    if (this.asked.has(number)) return;
    this.asked.add(number);
    const generation = this.generation;
    const answer = await session.attempt(() =>
      call("rows", {
        table: this.table,
        search: this.search,
        filter: this.filter,
        order: this.order,
        offset: number * WINDOW,
        limit: WINDOW,
      }),
    );
    this.asked.delete(number);
    if (answer === null || generation !== this.generation) return;
    this.total = answer.total;
    this.matching = answer.matching;
    this.loadedAt = answer.loadedAt;
    this.complete = answer.complete;
    const held = [...this.windows].filter(([other]) => other !== number).slice(1 - HELD);
    this.windows = new Map([...held, [number, answer.rows]]);
  }
}
