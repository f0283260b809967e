import { screen, within } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";

import { failure } from "../src/dev/rust";
import { AIM, failed, passed } from "../src/dev/samples";
import { session, type Place } from "../src/state/session.svelte";
import { words } from "../src/words";
import { filled, opened, openWindow, violations } from "./window";

const PLACES: [string, string, Place][] = [
  ["prepare", "Prepare", { at: "step", id: "prepare" }],
  ["enable", "Enable provisioning", { at: "step", id: "enable" }],
  ["test", "Test the connection", { at: "step", id: "test" }],
  ["a step without a page of its own", "Enterprise application", { at: "step", id: "application" }],
  ["checklist", "Checklist", { at: "step", id: "checklist" }],
  ["findings", "Findings", { at: "findings" }],
];

describe("every page", () => {
  it.each(PLACES)("%s has one heading with the focus, and nothing that axe finds", async (_, title, place) => {
    await openWindow(filled, place);
    const headings = await screen.findAllByRole("heading", { level: 1 });
    expect(headings).toHaveLength(1);
    expect(headings[0]).toHaveTextContent(title);
    await vi.waitFor(() => expect(headings[0]).toHaveFocus());
    expect(await violations()).toEqual([]);
  });

  it.each([
    ["start", { at: "start" }, words.start.title],
    ["create", { at: "create", what: "account" }, words.create.titles.account],
    ["practise", { at: "practise" }, words.practise.title],
  ] as [string, Place, string][])("%s has nothing that axe finds", async (_, place, title) => {
    await openWindow((at) => (at.saved = [{ id: "one", name: "Contoso production" }]), place);
    expect(await screen.findByRole("heading", { level: 1, name: title })).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it.each(["settings", "rename", "hand-over", "open-file"] as const)(
    "the dialog %s too, and Esc closes it",
    async (floating) => {
      await openWindow(filled, { at: "step", id: "prepare" });
      session.floating = floating;
      const dialog = await screen.findByRole("dialog");
      expect(await violations()).toEqual([]);
      dialog.dispatchEvent(new Event("cancel", { cancelable: true }));
      await vi.waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    },
  );

  it.each([
    ["passed", passed],
    ["failed", failed],
  ])("the connection test that %s too", async (_, test) => {
    await openWindow(
      (at) => {
        filled(at);
        if (at.open) at.open.connection = test();
      },
      { at: "step", id: "test" },
    );
    expect(await violations()).toEqual([]);
  });
});

describe("start", () => {
  it("offers what the engine can do and goes on with what was saved", async () => {
    const { user, asked } = await openWindow((at) => (at.saved = [{ id: "contoso", name: "Contoso" }]));
    for (const name of [words.start.account, words.start.workspace, words.start.check, words.start.practise]) {
      expect(await screen.findByRole("button", { name })).toBeVisible();
    }
    await user.click(await screen.findByRole("button", { name: "Continue with Contoso" }));
    expect(asked("open_setup")).toEqual([{ id: "contoso" }]);
    expect(await screen.findByRole("heading", { level: 1, name: "Prepare" })).toBeVisible();
  });

  it("says before it deletes what stays, and deletes only then", async () => {
    const { user, asked } = await openWindow((at) => (at.saved = [{ id: "contoso", name: "Contoso" }]));
    await user.click(await screen.findByRole("button", { name: "Delete Contoso" }));
    expect(asked("delete_setup")).toEqual([]);
    expect(screen.getByRole("dialog")).toHaveTextContent(/stays as it is/);
    await user.click(screen.getByRole("button", { name: words.deleteSetup.confirm }));
    expect(asked("delete_setup")).toEqual([{ id: "contoso" }]);
  });

  it("asks about automatic identity management on Azure alone, and keeps the answer with the name", async () => {
    const { user, asked } = await openWindow(undefined, { at: "create", what: "account" });
    expect(await screen.findByRole("heading", { name: AIM.title })).toBeVisible();
    await user.click(screen.getByRole("radio", { name: "AWS" }));
    expect(screen.queryByRole("heading", { name: AIM.title })).toBeNull();
    await user.click(screen.getByRole("radio", { name: "Azure" }));
    await user.click(screen.getByRole("radio", { name: AIM.answers[0]?.label ?? "" }));
    expect(screen.getByText("You probably do not need SCIM")).toBeVisible();
    await user.type(screen.getByRole("textbox", { name: /Your name/ }), "Ana");
    await user.click(screen.getByRole("button", { name: words.aim.anyway }));
    expect(asked("create_setup")).toEqual([{ name: "Account provisioning", journey: "account", cloud: "azure" }]);
    expect(asked("attest")).toEqual([{ check: "aim-considered", by: "Ana", note: AIM.answers[0]?.note }]);
  });

  it("numbers a suggested name that is taken", async () => {
    await openWindow((at) => (at.saved = [{ id: "a", name: "Account provisioning" }]));
    await screen.findByRole("button", { name: "Continue with Account provisioning" });
    session.go({ at: "create", what: "account" });
    expect(await screen.findByRole("textbox", { name: "Name of this set-up" })).toHaveValue("Account provisioning 2");
  });

  it("makes one set-up of two presses", async () => {
    const { user, asked } = await openWindow((at) => (at.pace = 20), { at: "create", what: "workspace" });
    await user.dblClick(await screen.findByRole("button", { name: words.create.go }));
    expect(await screen.findByRole("heading", { level: 1, name: "Prepare" })).toBeVisible();
    expect(asked("create_setup")).toHaveLength(1);
  });

  it("shows a refusal with its words and gives it the focus", async () => {
    const { at, user } = await openWindow(undefined, { at: "create", what: "workspace" });
    const refusal = failure("disk-full", "The disk is full", {
      meaning: "The set-up was not saved.",
      todo: ["Make room."],
    });
    Object.defineProperty(at, "open", {
      get: () => null,
      set: () => {
        throw refusal;
      },
    });
    await user.click(screen.getByRole("button", { name: words.create.go }));
    const heading = await screen.findByRole("heading", { name: /The disk is full/ });
    await vi.waitFor(() => expect(heading).toHaveFocus());
    expect(within(screen.getByRole("region", { name: "The disk is full" })).getByText("Make room.")).toBeVisible();
  });
});

describe("the frame", () => {
  it("marks practice in the bar, and leaves it", async () => {
    const { user, asked } = await openWindow((at) => {
      opened(at);
      at.info.world = { is: "practice", scenario: { name: "fresh", title: "A fresh account", description: "" } };
    });
    expect(await screen.findByText(words.bar.practice)).toBeVisible();
    await user.click(screen.getByRole("button", { name: words.bar.leavePractice }));
    expect(asked("leave_practice")).toHaveLength(1);
    expect(await screen.findByRole("heading", { level: 1, name: words.start.title })).toBeVisible();
  });

  it("opens settings on Ctrl+, and help on F1", async () => {
    const { user } = await openWindow();
    await user.keyboard("{Control>},{/Control}");
    expect(await screen.findByRole("dialog", { name: words.settings.title })).toBeVisible();
    session.floating = null;
    await user.keyboard("{F1}");
    expect(await screen.findByRole("complementary", { name: words.help.title })).toBeVisible();
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("complementary", { name: words.help.title })).toBeNull();
    const help = screen.getByRole("button", { name: words.bar.help });
    await user.click(help);
    await user.click(await screen.findByRole("button", { name: words.close }));
    expect(help).toHaveFocus();
  });

  it("wears the theme that Rust keeps", async () => {
    const { user, asked } = await openWindow();
    session.floating = "settings";
    await user.click(await screen.findByRole("radio", { name: words.settings.themes.dark }));
    expect(asked("set_theme")).toEqual([{ theme: "dark" }]);
    await vi.waitFor(() => expect(document.documentElement.dataset["theme"]).toBe("dark"));
  });
});
