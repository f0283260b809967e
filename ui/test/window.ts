/** The whole window in jsdom, with the stand-in for Rust behind it. */
import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { render } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { tick } from "svelte";
import { vi } from "vitest";

import App from "../src/App.svelte";
import { readUrl, scene, answerer, type Scene } from "../src/dev/rust";
import { SCIM_URL, setup } from "../src/dev/samples";
import { session, type Place } from "../src/state/session.svelte";

export interface Open {
  at: Scene;
  user: ReturnType<typeof userEvent.setup>;
  /** The requests of a command, in order. */
  asked: (name: string) => unknown[];
}

/** Opens the window: on the start page, or at a place of an open set-up. */
export async function openWindow(prepare: (at: Scene) => void = () => undefined, place?: Place): Promise<Open> {
  clearMocks();
  localStorage.clear();
  const at = scene();
  prepare(at);
  mockIPC(answerer(at));
  Object.assign(session, {
    info: null,
    setups: null,
    setup: null,
    floating: null,
    fixing: null,
    checking: false,
    help: false,
    failure: null,
    toast: null,
  });
  session.place = { at: "start" };
  const user = userEvent.setup();
  render(App);
  await vi.waitUntil(() => session.info !== null && (at.open === null || session.setup !== null));
  if (place) session.go(place);
  await tick();
  return { at, user, asked: (name) => at.log.filter((one) => one.name === name).map((one) => one.request) };
}

/** A set-up whose URL is known and whose token is kept. */
export function filled(at: Scene): void {
  const made = setup();
  made.url = readUrl(SCIM_URL);
  made.setup.databricks.scimUrl = SCIM_URL;
  made.secrets = [
    {
      slot: { slot: "scim-token" },
      kind: "Account SCIM token",
      origin: "https://accounts.azuredatabricks.net",
      lastFour: "cdef",
      keptAt: new Date().toISOString(),
      memoryOnly: false,
      inUse: true,
    },
  ];
  at.open = made;
}

export function opened(at: Scene): void {
  at.open = setup();
}

/** What axe finds wrong in the window. Colours are not jsdom's to see: contrast.test.ts holds those. */
export async function violations(): Promise<string[]> {
  const result = await axe.run(document, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
}
