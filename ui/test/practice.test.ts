/** The practice portal: what is copied and pressed there, in place of the consoles. */
import { screen, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";

import type { Scene } from "../src/dev/rust";
import { opened, openWindow, violations } from "./window";

const practising = (at: Scene) => {
  opened(at);
  at.info.world = { is: "practice", scenario: { name: "expired-token", title: "", description: "" } };
};

describe("the practice portal", () => {
  it("presses what a console would, says what happened, and shows what is new to copy", async () => {
    const { user, asked } = await openWindow(practising, { at: "step", id: "enable" });
    const values = within(await screen.findByRole("group", { name: "Practice portal" }));
    expect(values.queryByText(/beef$/)).toBeNull();
    const console = within(screen.getByRole("group", { name: "In the portals" }));
    expect(console.getByRole("heading", { name: "Databricks account console" })).toBeVisible();
    const press = console.getByRole("button", { name: "Generate a new SCIM token" });
    await user.click(press);
    expect(asked("press_in_portal")).toEqual([{ name: "generate-scim-token" }]);
    expect(await screen.findAllByText(/New to copy: SCIM token\./)).not.toHaveLength(0);
    expect(await values.findByText(/beef$/)).toBeVisible();
    expect(press).toHaveAttribute("aria-disabled", "true");
    expect(press).toHaveFocus();
    expect(await violations()).toEqual([]);
  });

  it("is not there for the real clouds", async () => {
    await openWindow(opened, { at: "step", id: "enable" });
    expect(screen.queryByRole("group", { name: "Practice portal" })).toBeNull();
  });
});
