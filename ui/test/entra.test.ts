import { fireEvent, screen, within } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";

import type { Scene } from "../src/dev/rust";
import { ago, connectors, signedIn } from "../src/dev/samples";
import { session } from "../src/state/session.svelte";
import { words } from "../src/words";
import { filled, openWindow, violations } from "./window";

const text = words.changes;

function signed(at: Scene): void {
  filled(at);
  if (at.open) at.open = { ...at.open, signedIn: signedIn(), observedAt: ago(1), connectors: connectors() };
}

const page = (id: string) => ({ at: "step", id }) as const;

describe("the enterprise application", () => {
  it("goes on with a connector that is there", async () => {
    const { user, asked } = await openWindow(signed, page("application"));
    await user.click(await screen.findByRole("radio", { name: /^Databricks account/ }));
    expect(asked("change_setup")).toEqual([
      { change: { set: "app", to: { displayName: "Databricks account", servicePrincipalId: "Databricks account" } } },
    ]);
    expect(await violations()).toEqual([]);
  });

  it("shows the change, asks once in numbers, gets consent, makes it and says so", async () => {
    const { user, asked } = await openWindow(signed, page("application"));
    await user.click(await screen.findByRole("button", { name: text.make(1) }));
    const dialog = await screen.findByRole("dialog", { name: text.confirmTitle(1) });
    expect(dialog).toHaveTextContent(text.confirmConsent);
    expect(await violations()).toEqual([]);
    expect(asked("apply")).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: text.confirm(1) }));
    await vi.waitFor(() => expect(asked("apply")).toHaveLength(1));
    expect(asked("allow_writing")).toHaveLength(1);
    expect(asked("apply")[0]).toMatchObject({ only: ["create-application"] });
    expect(await screen.findByText(text.states.done)).toBeVisible();
    expect(await screen.findByRole("button", { name: words.next })).toBeVisible();
  });

  it("looks at both sides by itself when nothing was looked at in this run", async () => {
    const { asked } = await openWindow((at) => {
      signed(at);
      if (at.open) at.open.observedAt = null;
    }, page("application"));
    await vi.waitFor(() => expect(asked("observe")).toHaveLength(1));
    expect(await screen.findByRole("button", { name: text.make(1) })).toBeVisible();
  });

  it("keeps a change that failed on the page, with the reason", async () => {
    const { user } = await openWindow((at) => {
      signed(at);
      at.failing = "create-application";
    }, page("application"));
    await user.click(await screen.findByRole("button", { name: text.make(1) }));
    await user.click(await screen.findByRole("button", { name: text.confirm(1) }));
    expect(await screen.findByText(/Entra answered 403/)).toBeVisible();
    expect(screen.getByRole("button", { name: text.make(1) })).toBeVisible();
  });

  it("asks Entra about a run that ended in the middle", async () => {
    const { user, asked } = await openWindow((at) => {
      signed(at);
      if (at.open) at.open.journal = { unfinished: ["assign:group-1"], standing: 0 };
    }, page("application"));
    await user.click(await screen.findByRole("button", { name: text.resume }));
    expect(asked("resume")).toHaveLength(1);
    await vi.waitFor(() => expect(screen.queryByRole("region", { name: text.unfinishedTitle })).toBeNull());
  });
});

describe("a refused plan", () => {
  const missing = {
    check: "secret-saved",
    title: "Entra has to be given a token",
    fix: "Paste the token on the page **Enable**.",
  };

  it("leads to the page that answers it", async () => {
    const { user } = await openWindow((at) => {
      signed(at);
      at.refusals = [missing];
    }, page("application"));
    const card = await screen.findByRole("region", { name: missing.title });
    expect(within(card).queryByRole("button", { name: new RegExp(words.attest.open) })).toBeNull();
    await user.click(within(card).getByRole("button", { name: words.findings.goTo("Enable provisioning") }));
    expect(await screen.findByRole("heading", { level: 1, name: "Enable provisioning" })).toBeVisible();
  });

  it("is no alarm at a step that is done, and can still be read there", async () => {
    await openWindow((at) => {
      signed(at);
      at.refusals = [missing];
      if (at.open) at.open.steps = at.open.steps.map((step) => ({ ...step, state: "done" as const }));
    }, page("start"));
    expect(await screen.findByText(`${text.refused}: ${missing.title}`)).toBeVisible();
    expect(screen.queryByRole("region", { name: missing.title })).toBeNull();
    expect(await violations()).toEqual([]);
  });
});

describe("settings", () => {
  it("takes what is recommended with one press, then shows the change", async () => {
    const { user, asked } = await openWindow(signed, page("settings"));
    await user.click(await screen.findByRole("button", { name: words.wanted.recommended }));
    expect(asked("change_setup").map((one) => (one as { change: { set: string } }).change.set)).toEqual([
      "assignment-required",
      "scope",
      "delete-threshold",
    ]);
    expect(await screen.findByRole("button", { name: text.make(1) })).toBeVisible();
    expect(await violations()).toEqual([]);
  });
});

describe("users and groups", () => {
  async function loaded() {
    const open = await openWindow(signed, page("people"));
    await screen.findByRole("table", { name: words.people.tables.groups });
    return open;
  }

  it("asks Rust for windows, never for all, and tells how many there are", async () => {
    const { user, asked } = await loaded();
    await user.click(screen.getByRole("radio", { name: words.people.tables.users }));
    const table = await screen.findByRole("table", { name: words.people.tables.users });
    await vi.waitFor(() => expect(table).toHaveAttribute("aria-rowcount", "100001"));
    expect(within(table).getAllByRole("row").length).toBeLessThan(60);
    for (const request of asked("rows")) expect((request as { limit: number }).limit).toBeLessThanOrEqual(500);
    expect(await violations()).toEqual([]);
  });

  it("chooses with a press, and offers the assignment", async () => {
    const { user, asked } = await loaded();
    await user.click(await screen.findByRole("checkbox", { name: words.people.choose("analytics") }));
    expect(asked("change_setup")).toEqual([
      { change: { set: "add-assignment", to: { type: "group", id: "group-0", displayName: "analytics" } } },
    ]);
    expect(await screen.findByRole("heading", { name: "Chosen (1)" })).toBeVisible();
    await user.click(screen.getByRole("button", { name: words.people.see }));
    expect(asked("observe")).toHaveLength(1);
    expect(await screen.findByRole("heading", { name: "Assign analytics" })).toBeVisible();
    await user.click(screen.getByRole("button", { name: words.people.take("analytics") }));
    await vi.waitFor(() =>
      expect(screen.getByRole("checkbox", { name: words.people.choose("analytics") })).not.toBeChecked(),
    );
  });

  it("is one stop for Tab, with arrow keys inside", async () => {
    const { user } = await loaded();
    const boxes = await screen.findAllByRole("checkbox");
    expect(boxes.filter((box) => box.tabIndex === 0)).toEqual([boxes[0]]);
    boxes[0]?.focus();
    await user.keyboard("{ArrowDown}");
    await vi.waitFor(() => expect(screen.getAllByRole("checkbox")[1]).toHaveFocus());
  });

  it("searches while typing, and an answer that was overtaken is dropped", async () => {
    await loaded();
    await fireEvent.input(screen.getByRole("textbox", { name: words.people.search.groups }), {
      target: { value: "databricks" },
    });
    await vi.waitFor(() => expect(screen.getAllByRole("checkbox")).toHaveLength(1));
    expect(screen.getAllByText(/^1 of 7/)[0]).toBeVisible();
  });

  it("lets Entra search where nobody was read, once for what was typed in one go", async () => {
    const { asked } = await openWindow((at) => {
      signed(at);
      at.open?.setup.want.assign.push({ type: "user", id: "user-9", displayName: "Nine" });
    }, page("people"));
    expect(await screen.findByText(words.people.notLoaded)).toBeVisible();
    const box = screen.getByRole("textbox", { name: words.people.search.groups });
    for (const value of ["d", "da", "databricks"]) await fireEvent.input(box, { target: { value } });
    expect(await screen.findByRole("table", { name: words.people.tables.groups })).toBeVisible();
    expect(box).toBeInTheDocument();
    expect(asked("search_directory")).toEqual([{ table: "groups", search: "databricks" }]);
    expect(asked("load_directory")).toEqual([]);
    expect(await violations()).toEqual([]);
  });
});

describe("taking changes back", () => {
  it("names what is taken back and what is not, before and after", async () => {
    const { user, asked } = await openWindow(signed, page("application"));
    await user.click(await screen.findByRole("button", { name: text.make(1) }));
    await user.click(await screen.findByRole("button", { name: text.confirm(1) }));
    await screen.findByText(text.states.done);
    session.floating = "rollback";
    const dialog = await screen.findByRole("dialog", { name: words.rollback.title });
    expect(await within(dialog).findByText(words.rollback.kinds.manual)).toBeVisible();
    expect(within(dialog).queryByRole("button", { name: words.rollback.go(1) })).toBeNull();
    expect(asked("rollback")).toEqual([]);
  });
});

describe("start", () => {
  it("sends one person and shows what Databricks has, field by field", async () => {
    const { user, asked } = await openWindow(signed, page("start"));
    await user.click(await screen.findByText(words.begin.onHand));
    await user.click(await screen.findByRole("button", { name: words.people.load }));
    await user.click(await screen.findByRole("radio", { name: /^Ana Keller ana/ }));
    await user.click(screen.getByRole("button", { name: words.onePerson.go }));
    expect(asked("provision_one")[0]).toMatchObject({ userId: "user-0" });
    const card = await screen.findByRole("region", { name: words.onePerson.arrived });
    expect(within(card).getAllByRole("row")).toHaveLength(3);
    expect(within(card).getByText(words.onePerson.differs)).toBeInTheDocument();
    expect(await violations()).toEqual([]);
  });

  it("asks nothing more once people have come", async () => {
    await openWindow((at) => {
      signed(at);
      if (at.open) at.open.steps = at.open.steps.map((step) => ({ ...step, state: "done" as const }));
    }, page("start"));
    const fold = (await screen.findByText(words.begin.over)).closest("details");
    expect(fold).not.toHaveAttribute("open");
    expect(fold).toContainElement(screen.getByText(words.begin.want));
    expect(screen.getByRole("button", { name: words.next })).toBeVisible();
  });

  it("watches the cycle once provisioning runs", async () => {
    const { user, asked } = await openWindow((at) => {
      signed(at);
      const one = at.open?.findings[1];
      if (at.open && one) {
        at.open.findings = [...at.open.findings, { ...one, finding: { ...one.finding, check: "provisioning-on" } }];
        at.open.steps = at.open.steps.map((step) => ({
          ...step,
          checks: step.id === "start" ? ["provisioning-on"] : step.checks,
        }));
      }
    }, page("start"));
    await user.click(await screen.findByRole("button", { name: words.cycle.go }));
    expect(asked("watch_cycle")).toHaveLength(1);
    expect(await screen.findByRole("region", { name: words.cycle.ends.completed })).toBeVisible();
  });
});
