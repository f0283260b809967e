import { screen } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";

import { words } from "../src/words";
import { opened, openWindow } from "./window";

const PAGE = { at: "step", id: "prepare" } as const;
const PLAN = "The account has the Premium plan or above";

describe("confirming by hand", () => {
  it("asks for a name once, keeps it with the note, and takes it back", async () => {
    const { user, asked } = await openWindow(opened, PAGE);
    await user.click(await screen.findByRole("button", { name: words.attest.openFor(PLAN) }));
    const name = screen.getByRole("textbox", { name: words.attest.by });
    expect(name).toHaveFocus();
    await user.type(name, "Ana Keller");
    await user.type(screen.getByRole("textbox", { name: /What you saw/ }), "Premium in Settings{Enter}");
    expect(asked("attest")).toEqual([{ check: "premium-plan", by: "Ana Keller", note: "Premium in Settings" }]);
    expect(await screen.findByText(/Confirmed by Ana Keller/)).toBeVisible();
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Prepare");
    await user.click(screen.getByRole("button", { name: words.attest.withdrawFor(PLAN) }));
    expect(asked("withdraw_attestation")).toEqual([{ check: "premium-plan" }]);
    await user.click(await screen.findByRole("button", { name: words.attest.openFor(PLAN) }));
    await vi.waitFor(() => expect(screen.getByRole("textbox", { name: words.attest.by })).toHaveValue("Ana Keller"));
  });

  it("closes on Escape, and the focus stays where it was opened", async () => {
    const { user, asked } = await openWindow(opened, PAGE);
    await user.click(await screen.findByRole("button", { name: words.attest.openFor(PLAN) }));
    await user.keyboard("{Escape}");
    await vi.waitFor(() => expect(screen.getByRole("button", { name: words.attest.openFor(PLAN) })).toHaveFocus());
    expect(asked("attest")).toEqual([]);
  });

  it("is not offered where Usher sees for itself", async () => {
    await openWindow(opened, PAGE);
    await screen.findByRole("heading", { level: 1, name: "Prepare" });
    const seen = "Cloud Application Administrator or stronger is active";
    expect(screen.queryByRole("button", { name: words.attest.openFor(seen) })).toBeNull();
  });
});
