import { screen, within } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";

import { movingSetup } from "../src/dev/move";
import { signedIn } from "../src/dev/samples";
import { words } from "../src/words";
import { openWindow, violations } from "./window";

const text = words.move;

function open(step: string) {
  return openWindow(
    (at) => {
      at.open = { ...movingSetup(), signedIn: signedIn() };
    },
    { at: "step", id: step },
  );
}

describe("a move", () => {
  it.each([
    ["connectors", "Connectors and workspaces"],
    ["coverage", "Coverage"],
    ["move", "Move"],
    ["tidy-up", "Tidy up"],
  ])("has the page %s, in which axe finds nothing", async (step, title) => {
    await open(step);
    expect(await screen.findByRole("heading", { level: 1, name: title })).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it("is offered on the start page", async () => {
    const { user } = await openWindow();
    await user.click(await screen.findByRole("button", { name: words.start.migrate }));
    expect(await screen.findByRole("heading", { level: 1, name: words.create.titles.migrate })).toBeVisible();
  });

  it("says of each connector what becomes of it, and why one stays", async () => {
    await open("connectors");
    expect(await screen.findAllByText(text.connectors.parts.retires)).toHaveLength(2);
    expect(screen.getByText(/the account connector does not reach it/)).toBeVisible();
  });

  it("takes a person's word on federation, and looks again with it", async () => {
    const { user, asked } = await open("connectors");
    const group = await screen.findByRole("radiogroup", { name: text.connectors.ask("finance (1002)") });
    await user.click(within(group).getByRole("radio", { name: text.connectors.answers.yes }));
    const [request] = asked("change_setup") as { change: { set: string; to: { id: string; federated?: boolean }[] } }[];
    expect(request?.change.set).toBe("workspaces");
    expect(request?.change.to.find((one) => one.id === "1002")?.federated).toBe(true);
    await user.click(await screen.findByRole("button", { name: text.connectors.again }));
    expect(asked("observe")).toHaveLength(1);
  });

  it("takes the person's own sign-in as the second credential, and looks again", async () => {
    const { user, asked } = await open("connectors");
    await user.click(await screen.findByRole("button", { name: text.connectors.asMyself }));
    expect(asked("sign_in_to_databricks")).toHaveLength(1);
    expect(asked("observe")).toHaveLength(1);
  });

  it("leaves one connector out by naming the others", async () => {
    const { user, asked } = await open("connectors");
    await user.click(await screen.findByRole("button", { name: `${text.connectors.leaveOut}: Databricks finance` }));
    expect(asked("change_setup")).toEqual([{ change: { set: "retire", to: ["sp-1"] } }]);
  });

  it("begins coverage with those who would lose access, and finds by what brings them", async () => {
    const { user, asked } = await open("coverage");
    expect(await screen.findByRole("radio", { name: "Would lose access 1" })).toBeChecked();
    const table = await screen.findByRole("table", { name: "Coverage" });
    expect(await within(table).findByText("Ana Keller")).toBeVisible();
    await user.click(screen.getByRole("radio", { name: "All" }));
    await user.type(screen.getByRole("textbox", { name: text.coverage.search }), "finance");
    await vi.waitFor(() =>
      expect(asked("rows").at(-1)).toMatchObject({ table: "coverage", filter: "all", search: "finance" }),
    );
    await user.click(screen.getByRole("button", { name: text.coverage.save }));
    expect(asked("save_move_report")).toEqual([{ report: "coverage" }]);
  });

  it("takes assignments off only when a person asks for it", async () => {
    const { user, asked } = await open("tidy-up");
    expect(await screen.findByText("data-readers")).toBeVisible();
    await user.click(await screen.findByRole("radio", { name: new RegExp(text.tidy.take) }));
    expect(asked("change_setup")).toEqual([{ change: { set: "unassign-retired", to: true } }]);
  });

  it("accepts who is missing from the account by name", async () => {
    const { user, asked } = await open("move");
    await user.click(await screen.findByRole("button", { name: words.attest.openFor(text.run.exception) }));
    await user.type(screen.getByRole("textbox", { name: words.attest.by }), "Ada");
    await user.type(screen.getByRole("textbox", { name: /What you saw/ }), "old@contoso.example");
    await user.click(screen.getByRole("button", { name: words.attest.confirm }));
    expect(asked("attest")).toEqual([{ check: "account-sync-proven", by: "Ada", note: "old@contoso.example" }]);
  });
});
