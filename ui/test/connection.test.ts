import { screen, within } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";

import { failure, type Scene } from "../src/dev/rust";
import { words } from "../src/words";
import { filled, openWindow } from "./window";

const text = words.test;
const PAGE = { at: "step", id: "test" } as const;

function failing(at: Scene): void {
  filled(at);
  at.connection = "fail";
}

describe("test the connection", () => {
  it("shows the ten phases with their times, and goes on when it works", async () => {
    const { user } = await openWindow(filled, PAGE);
    await user.click(await screen.findByRole("button", { name: text.go }));
    expect(await screen.findByRole("heading", { name: new RegExp(text.passTitle) })).toBeVisible();
    const rows = within(screen.getByRole("list", { name: text.list })).getAllByRole("listitem");
    expect(rows).toHaveLength(10);
    expect(rows[5]).toHaveTextContent(/Token accepted.*88 ms/);
    await user.click(screen.getByRole("button", { name: words.next }));
    expect(screen.queryByRole("heading", { level: 1, name: "Test the connection" })).toBeNull();
  });

  it("gives the first fault the focus, with cause, presses and details to copy", async () => {
    const { user, asked } = await openWindow(failing, PAGE);
    await user.click(await screen.findByRole("button", { name: text.go }));
    const heading = await screen.findByRole("heading", { name: /does not accept the token/ });
    await vi.waitFor(() => expect(heading).toHaveFocus());
    const card = screen.getByRole("region", { name: "Databricks does not accept the token" });
    expect(within(card).getAllByRole("listitem")).toHaveLength(4);
    expect(within(card).getByRole("button", { name: words.copy(text.copyDetails) })).toBeVisible();
    expect(screen.getByRole("button", { name: text.again })).toBeVisible();
    await user.click(within(card).getByRole("button", { name: /^Read more/ }));
    expect(asked("read_more")).toEqual([{ url: expect.stringMatching("azure-databricks-provisioning-tutorial$") }]);
  });

  it("runs once for a double press, and on Enter from anywhere", async () => {
    const { at, user, asked } = await openWindow(filled, PAGE);
    at.pace = 5;
    await user.dblClick(await screen.findByRole("button", { name: text.go }));
    expect(asked("test_connection")).toHaveLength(1);
    await screen.findByRole("heading", { name: new RegExp(text.passTitle) });
  });

  it("starts on Enter while the heading has the focus", async () => {
    const { user, asked } = await openWindow(failing, PAGE);
    const heading = await screen.findByRole("heading", { level: 1 });
    await vi.waitFor(() => expect(heading).toHaveFocus());
    await user.keyboard("{Enter}");
    await screen.findByRole("heading", { name: /does not accept the token/ });
    await user.keyboard("{Enter}");
    await vi.waitFor(() => expect(asked("test_connection")).toHaveLength(2));
  });

  it("says what is waited for, can be cancelled, and a cancellation is no fault", async () => {
    const { at, user, asked } = await openWindow(filled, PAGE);
    let end: (reason: unknown) => void = () => undefined;
    const never = new Promise<never>((_, reject) => (end = reject));
    Object.defineProperty(at, "connection", {
      get: () => {
        throw never;
      },
    });
    // The stand-in rejects with a promise that is still open: the page waits as it would for a silent server.
    void never.catch(() => undefined);
    const { mockIPC } = await import("@tauri-apps/api/mocks");
    const { answerer } = await import("../src/dev/rust");
    const rest = answerer(at);
    mockIPC((name, payload) => {
      if (name !== "test_connection") return rest(name, payload);
      at.log.push({ name, request: payload });
      return never;
    });
    await user.click(await screen.findByRole("button", { name: text.go }));
    expect(await screen.findByText(text.testing)).toBeVisible();
    await user.click(await screen.findByRole("button", { name: words.cancel }));
    expect(asked("cancel")).toHaveLength(1);
    end(failure("cancelled", "Cancelled"));
    const told = await screen.findAllByText(text.cancelled);
    expect(told.length).toBeGreaterThan(0);
    expect(screen.queryByRole("region", { name: "Cancelled" })).toBeNull();
  });
});
