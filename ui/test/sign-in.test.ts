import { screen, within } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";

import { words } from "../src/words";
import { filled, openWindow, violations, type Open } from "./window";

const text = words.signIn;
const PAGE = { at: "step", id: "sign-in" } as const;

async function choose({ user }: Open, way: keyof typeof text.ways): Promise<void> {
  await user.click(await screen.findByRole("radio", { name: new RegExp(`^${text.ways[way]}`) }));
}

describe("sign in to Entra", () => {
  it("needs nothing by hand", async () => {
    const open = await openWindow(filled, PAGE);
    await choose(open, "by-hand");
    expect(open.asked("change_setup")).toEqual([{ change: { set: "sign-in", to: "by-hand" } }]);
    await open.user.click(await screen.findByRole("button", { name: words.next }));
    expect(await screen.findByRole("heading", { level: 1, name: "Enterprise application" })).toBeVisible();
  });

  it("says what is still missing, and signs in with the browser", async () => {
    const open = await openWindow(filled, PAGE);
    await choose(open, "browser");
    expect(await screen.findByText(text.needTenant)).toBeVisible();
    await open.user.type(screen.getByRole("textbox", { name: text.tenant }), "contoso.example");
    expect(await screen.findByText(text.needClient)).toBeVisible();
    await open.user.type(screen.getByRole("textbox", { name: text.client }), "5eed0000");
    await vi.waitFor(() => expect(screen.queryByText(text.needClient)).toBeNull());
    await open.user.click(screen.getByRole("button", { name: text.go }));
    const list = await screen.findByRole("list", { name: text.permissions });
    expect(within(list).getAllByRole("listitem")).toHaveLength(3);
    expect(within(list).getByText(text.notHeld)).toBeInTheDocument();
    expect(await violations()).toEqual([]);
  });

  it("tells beside the field what cannot be saved, and leaves the focus to who is typing", async () => {
    const open = await openWindow(filled, PAGE);
    await choose(open, "browser");
    const field = await screen.findByRole("textbox", { name: text.client });
    await open.user.type(field, "5eed 0000");
    await vi.waitFor(() => expect(open.asked("change_setup")).toHaveLength(2));
    expect(field).toHaveFocus();
    expect(field).not.toHaveAttribute("aria-invalid");
    await open.user.tab();
    await vi.waitFor(() => expect(field).toHaveAccessibleDescription(/has blanks in it/));
    expect(screen.queryByRole("region", { name: /has blanks in it/ })).toBeNull();
  });

  it("keeps what is half typed when something else is saved", async () => {
    const open = await openWindow(filled, PAGE);
    await choose(open, "client-secret");
    const tenant = await screen.findByRole("textbox", { name: text.tenant });
    await open.user.type(tenant, "conto");
    await open.user.click(screen.getByLabelText(text.secret));
    await open.user.paste("a-client-secret-of-some-length");
    expect(await screen.findByText(/Client secret, ends in/)).toBeVisible();
    expect(tenant).toHaveValue("conto");
  });

  it("shows the code of another device to copy", async () => {
    const open = await openWindow((at) => {
      filled(at);
      if (at.open) {
        Object.assign(at.open.setup.entra, {
          signIn: "device-code",
          tenantId: "contoso.example",
          clientId: "5eed0000",
        });
      }
      at.pace = 50;
    }, PAGE);
    await open.user.click(await screen.findByRole("button", { name: text.go }));
    expect(await screen.findByText("HJ4KQ7XLB")).toBeVisible();
    expect(screen.getByRole("button", { name: words.copy(text.code) })).toBeVisible();
    expect(await screen.findByRole("list", { name: text.permissions }, { timeout: 3000 })).toBeVisible();
  });
});

const HEADINGS = {
  application: "Enterprise application",
  connection: "Connection from Entra",
  settings: "Sync settings",
  people: "Users and groups",
  start: "Start the sync",
};

describe("the Entra steps by hand", () => {
  it.each(["application", "connection", "settings", "people", "start"] as const)(
    "%s says what to press in both portals, and axe finds nothing",
    async (id) => {
      const { user } = await openWindow(filled, { at: "step", id });
      expect(await screen.findByRole("heading", { level: 1, name: HEADINGS[id] })).toBeVisible();
      const presses = () => screen.getAllByRole("listitem").map((item) => item.textContent);
      const present = presses();
      await user.click(screen.getByRole("radio", { name: words.guide.older }));
      expect(presses()).not.toEqual(present);
      expect(await violations()).toEqual([]);
    },
  );
});
