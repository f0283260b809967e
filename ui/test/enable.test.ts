import { fireEvent, screen } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";

import { failure } from "../src/dev/rust";
import { SCIM_TOKEN, SCIM_URL } from "../src/dev/samples";
import { words } from "../src/words";
import { filled, opened, openWindow } from "./window";

const text = words.enable;
const PAGE = { at: "step", id: "enable" } as const;

const urlField = () => screen.findByRole("textbox", { name: text.url });
const tokenField = () => screen.findByLabelText(text.token);

describe("enable provisioning", () => {
  it("holds a fault back while it is typed for the first time, and tells it on leaving", async () => {
    const { user } = await openWindow(opened, PAGE);
    const field = await urlField();
    await user.type(field, "https://acc");
    expect(field).not.toHaveAttribute("aria-invalid");
    await user.tab();
    await vi.waitFor(() => expect(field).toHaveAttribute("aria-invalid", "true"));
    expect(field).toHaveAccessibleDescription(/address of a page/);
  });

  it("tells a fault on pasting at once, and takes the URL that is offered", async () => {
    const { user, asked } = await openWindow(opened, PAGE);
    const field = await urlField();
    await user.click(field);
    await user.paste("https://accounts.azuredatabricks.net/login?account_id=7d0d1f4e-5a1b-4c0e-9d5a-3f1f6f0c2b11");
    await vi.waitFor(() => expect(field).toHaveAttribute("aria-invalid", "true"));
    await user.click(await screen.findByRole("button", { name: words.use }));
    expect(asked("use_url")).toEqual([{ text: SCIM_URL }]);
    await vi.waitFor(() => expect(field).toHaveValue(SCIM_URL));
    expect(field).not.toHaveAttribute("aria-invalid");
  });

  it("says what to press where no text can be had from the clipboard, and pastes where it can", async () => {
    const { user } = await openWindow(opened, PAGE);
    const field = await urlField();
    const paste = screen.getByRole("button", { name: words.pasteInto(text.url) });
    await user.click(paste);
    expect(await screen.findByText(words.pasteByHand("Ctrl+V"))).toBeVisible();
    await navigator.clipboard.writeText(SCIM_URL);
    await user.click(paste);
    await vi.waitFor(() => expect(field).toHaveValue(SCIM_URL));
    expect(screen.queryByText(words.pasteByHand("Ctrl+V"))).toBeNull();
  });

  it("waits for a word where what was pasted may be no token", async () => {
    const { user, asked } = await openWindow(opened, PAGE);
    await user.click(await tokenField());
    await user.paste("https://accounts.azuredatabricks.net");
    expect(await screen.findByText(/does not look like a token/)).toBeVisible();
    expect(asked("keep_token")).toEqual([]);
    await user.click(screen.getByRole("button", { name: text.keep }));
    expect(asked("keep_token")).toHaveLength(1);
  });

  it("tells a day that was not or is still to come beside its field", async () => {
    const { user, asked } = await openWindow(filled, PAGE);
    await user.click(await screen.findByRole("radio", { name: text.madeOther }));
    const field = screen.getByRole("textbox", { name: text.madeOn });
    for (const day of ["2026-13-77", "9999-01-01"]) {
      await user.clear(field);
      await user.type(field, day);
      await user.tab();
      expect(field).toHaveAccessibleDescription(text.madeFault);
    }
    await user.clear(field);
    await user.type(field, "2026-01-31");
    await vi.waitFor(() => expect(field).not.toHaveAttribute("aria-invalid"));
    const last = asked("change_setup").at(-1);
    expect(last).toEqual({ change: { set: "token-created-at", to: "2026-01-31T00:00:00.000Z" } });
  });

  it("puts a pasted token into the vault at once and keeps none of it in the page", async () => {
    const { user, asked } = await openWindow(opened, PAGE);
    const field = await tokenField();
    expect(field).toHaveAttribute("type", "password");
    await user.click(field);
    await user.paste(SCIM_TOKEN);
    expect(await screen.findByText(/ends in cdef/)).toBeVisible();
    expect(asked("keep_token")).toHaveLength(1);
    expect(document.body.innerHTML).not.toContain(SCIM_TOKEN);
    expect([...document.querySelectorAll("input")].map((input) => input.value)).not.toContain(SCIM_TOKEN);
    await vi.waitFor(() => expect(screen.getByRole("group", { name: text.token })).toHaveFocus());
  });

  it("offers memory when no keyring answers, and never by itself", async () => {
    const { at, user, asked } = await openWindow(opened, PAGE);
    const gone = failure("keyring-unavailable", "No keyring answers");
    const before = at.open;
    Object.defineProperty(at, "open", {
      configurable: true,
      get: () => before,
      set: () => {
        throw gone;
      },
    });
    const field = await tokenField();
    await user.click(field);
    await user.paste(SCIM_TOKEN);
    const memory = await screen.findByRole("button", { name: words.keyring.memory });
    expect(asked("use_memory_vault")).toEqual([]);
    Object.defineProperty(at, "open", { value: before, writable: true, configurable: true });
    await user.click(memory);
    expect(asked("use_memory_vault")).toHaveLength(1);
    expect(await screen.findByText(/kept in memory for this run/)).toBeVisible();
  });

  it("goes on only with a good URL and a kept token, and says which is missing", async () => {
    const { user } = await openWindow(opened, PAGE);
    const next = await screen.findByRole("button", { name: words.next });
    expect(next).toHaveAttribute("aria-disabled", "true");
    expect(screen.getByText(text.needUrl)).toBeVisible();
    await user.click(await urlField());
    await user.paste(SCIM_URL);
    expect(await screen.findByText(text.needToken)).toBeVisible();
    await user.click(next);
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Enable provisioning");
    await user.click(await tokenField());
    await user.paste(SCIM_TOKEN);
    await vi.waitFor(() => expect(next).not.toHaveAttribute("aria-disabled"));
    await user.click(next);
    expect(await screen.findByRole("heading", { level: 1, name: "Test the connection" })).toBeVisible();
  });

  it("shows only the last answer when answers overtake each other", async () => {
    const { user } = await openWindow(opened, PAGE);
    const field = await urlField();
    await user.click(field);
    await user.paste("https://x");
    await fireEvent.input(field, { target: { value: SCIM_URL } });
    await vi.waitFor(() => expect(field).not.toHaveAttribute("aria-invalid"));
    expect(await screen.findByText("Account SCIM URL · Azure")).toBeVisible();
  });

  it("names the older console's way as well", async () => {
    const { user } = await openWindow(opened, PAGE);
    await user.click(await screen.findByRole("radio", { name: text.older }));
    expect(screen.getByText("Settings › User provisioning")).toBeVisible();
  });

  it("finds the account from a workspace's address", async () => {
    const { user, asked } = await openWindow(opened, PAGE);
    await user.click(await screen.findByText(text.find));
    await user.type(
      screen.getByRole("textbox", { name: text.findField }),
      "https://adb-1.1.azuredatabricks.net{Enter}",
    );
    await user.click(await screen.findByRole("button", { name: text.useUrl }));
    expect(asked("discover_workspace")).toHaveLength(1);
    await vi.waitFor(async () => expect(await urlField()).toHaveValue(SCIM_URL));
  });
});
