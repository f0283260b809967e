import { screen, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";

import { words } from "../src/words";
import { filled, openWindow } from "./window";

describe("the rail", () => {
  it("tells each step's state in words, and why a step is not reachable", async () => {
    await openWindow(filled, { at: "step", id: "prepare" });
    const rail = await screen.findByRole("navigation", { name: words.rail.label });
    expect(within(rail).getByRole("button", { name: "Prepare", current: "step" })).toHaveAccessibleDescription("to do");
    expect(within(rail).getByRole("button", { name: "Prepare" })).toHaveAttribute("aria-current", "step");
    const blocked = within(rail).getByRole("button", { name: "Sign in" });
    expect(blocked).toHaveAttribute("aria-disabled", "true");
    expect(blocked).toHaveAccessibleDescription("not yet: The connection is tested first.");
  });

  it("is one stop for Tab, with arrow keys inside", async () => {
    const { user } = await openWindow(filled, { at: "step", id: "prepare" });
    const rail = await screen.findByRole("navigation", { name: words.rail.label });
    const steps = within(within(rail).getByRole("list")).getAllByRole("button");
    expect(steps.filter((step) => step.tabIndex === 0)).toEqual([steps[0]]);
    steps[0]?.focus();
    await user.keyboard("{ArrowDown}{ArrowDown}");
    expect(steps[2]).toHaveFocus();
    await user.keyboard("{Enter}");
    expect(await screen.findByRole("heading", { level: 1, name: "Test the connection" })).toBeVisible();
    steps[2]?.focus();
    await user.keyboard("{Home}");
    expect(steps[0]).toHaveFocus();
    await user.keyboard("{End}");
    expect(steps.at(-1)).toHaveFocus();
  });

  it("does not go to a step that cannot be done yet", async () => {
    const { user } = await openWindow(filled, { at: "step", id: "prepare" });
    await user.click(await screen.findByRole("button", { name: "Sign in" }));
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Prepare");
  });

  it("opens the findings from its counts", async () => {
    const { user } = await openWindow(filled, { at: "step", id: "prepare" });
    await user.click(await screen.findByRole("button", { name: /^Findings: due now ?1 due later ?1$/ }));
    expect(await screen.findByRole("heading", { level: 1, name: "Findings" })).toBeVisible();
    expect(screen.getByRole("heading", { level: 2, name: "Due now (1)" })).toBeVisible();
  });
});
