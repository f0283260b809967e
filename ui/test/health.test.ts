import { screen, within } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";

import type { Scene } from "../src/dev/rust";
import { connectors, signedIn } from "../src/dev/samples";
import { session, type Place } from "../src/state/session.svelte";
import { words } from "../src/words";
import { filled, openWindow, violations } from "./window";

const text = words.health;

/** A set-up that is signed in and was looked at, with a finding that Usher can put right. */
function broken(at: Scene): void {
  filled(at);
  if (at.open === null) return;
  at.open.signedIn = { ...signedIn(), mayWrite: true };
  at.open.observedAt = new Date().toISOString();
  at.open.connectors = connectors();
  const [one] = at.open.findings;
  if (one === undefined) return;
  const finding = { ...one.finding, check: "secret-saved", title: "Entra holds a token", status: "fail" as const };
  at.open.findings = [{ ...one, due: "now", attestable: false, remedy: "change", finding }, ...at.open.findings];
  at.open.first = "secret-saved";
}

describe("checking an existing set-up", () => {
  it("asks three things at most, and leaves nothing behind when it is left at once", async () => {
    const { user, asked } = await openWindow();
    await user.click(await screen.findByRole("button", { name: words.start.check }));
    expect(asked("create_setup")).toEqual([{ name: words.start.checkName, journey: "account", cloud: "azure" }]);
    expect(await screen.findByText(text.question(1, 3))).toBeVisible();
    expect(screen.queryByRole("navigation", { name: words.rail.label })).toBeNull();
    await user.click(screen.getByRole("button", { name: words.back }));
    await vi.waitFor(() => expect(asked("delete_setup")).toHaveLength(1));
    expect(await screen.findByRole("heading", { level: 1, name: words.start.title })).toBeVisible();
  });

  it("finds the connector, takes it over, and looks without a token when there is none", async () => {
    const { user, asked } = await openWindow((at) => {
      broken(at);
      if (at.open) {
        at.open.connectors = null;
        at.open.secrets = [];
      }
    });
    session.checking = true;
    session.go({ at: "check" });
    expect(await screen.findByText(text.question(2, 3))).toBeVisible();
    expect(await screen.findAllByRole("radio")).not.toHaveLength(0);
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole("button", { name: words.next }));
    expect(asked("use_connector")).toHaveLength(1);
    expect(await screen.findByText(text.question(3, 3))).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole("button", { name: text.check.without }));
    expect(await screen.findByRole("heading", { level: 1, name: words.findings.title })).toBeVisible();
    expect(asked("observe")).toHaveLength(1);
    expect(screen.getByRole("navigation", { name: words.rail.label })).toBeVisible();
  });
});

describe("findings", () => {
  it("puts the first fix on top, and Enter opens its own plan", async () => {
    const { user, asked } = await openWindow(broken, { at: "findings" });
    const headings = await screen.findAllByRole("heading", { level: 2 });
    expect(headings[0]).toHaveTextContent(text.first);
    expect(await screen.findByText(text.quarantine(18))).toBeVisible();
    expect(screen.getByText(/DuplicateTargetEntries/)).toBeVisible();
    expect(screen.getByText(`1 ${text.change.gone}`)).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.keyboard("{Enter}");
    const dialog = await screen.findByRole("dialog", { name: text.fixTitle("Entra holds a token") });
    expect(asked("plan_fix")).toEqual([{ check: "secret-saved" }]);
    expect(await violations()).toEqual([]);
    await user.click(await within(dialog).findByRole("button", { name: words.changes.confirm(1) }));
    await vi.waitFor(() => expect(asked("apply")).toHaveLength(1));
    expect(asked("apply")[0]).toMatchObject({ fix: "secret-saved" });
    await vi.waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("leads from the first finding to the people it is about, and to the page where it is done by hand", async () => {
    const { user, asked } = await openWindow(
      (at) => {
        broken(at);
        const [one] = at.open?.findings ?? [];
        if (one) Object.assign(one, { remedy: "people", link: "app-provisioning" });
      },
      { at: "findings" },
    );
    const title = "Entra holds a token";
    const open = words.guide.open(words.links["app-provisioning"]);
    await user.click(await screen.findByRole("button", { name: `${open}: ${title}` }));
    expect(asked("open_link")).toEqual([{ link: "app-provisioning" }]);
    expect(screen.getByRole("button", { name: `${text.people}: ${title}` })).toBeVisible();
    await user.click(screen.getByRole("button", { name: text.fixFirst }));
    expect(await screen.findByRole("heading", { level: 1, name: "Users and groups" })).toBeVisible();
  });

  it("saves everybody of the failures, and says where", async () => {
    const { user } = await openWindow(broken, { at: "findings" });
    await user.click(await screen.findByRole("button", { name: text.saveAll }));
    expect(await screen.findByRole("region", { name: text.saved })).toHaveTextContent("failures.csv");
  });
});

describe("the places beside the rail", () => {
  it.each([
    ["renew", text.renew.title],
    ["ranges", text.ranges.title],
  ] as ["renew" | "ranges", string][])("%s has one heading with the focus and the way back", async (at, title) => {
    const { user } = await openWindow(broken, { at } satisfies Place);
    const heading = await screen.findByRole("heading", { level: 1, name: title });
    await vi.waitFor(() => expect(heading).toHaveFocus());
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole("button", { name: words.back }));
    expect(await screen.findByRole("heading", { level: 1, name: words.findings.title })).toBeVisible();
  });

  it("reads a service-tags file and shows what changed", async () => {
    const { user, asked } = await openWindow(broken, { at: "ranges" });
    await user.type(await screen.findByRole("textbox", { name: text.ranges.field }), "/tmp/tags.json{Enter}");
    expect(asked("read_address_ranges")).toEqual([{ path: "/tmp/tags.json" }]);
    expect(await screen.findByRole("heading", { name: `${text.ranges.added} (1)` })).toBeVisible();
    expect(screen.getByRole("heading", { name: `${text.ranges.gone} (1)` })).toBeVisible();
    await user.click(screen.getByRole("button", { name: text.ranges.save }));
    expect(await screen.findByRole("region", { name: text.saved })).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it("takes a service-tags file that is dropped or chosen", async () => {
    const { user, asked } = await openWindow(broken, { at: "ranges" });
    const file = new File(["{}"], "ServiceTags_Public.json", { type: "application/json" });
    await user.upload(await screen.findByLabelText(text.ranges.drop), file);
    await vi.waitFor(() => expect(asked("take_address_ranges")).toEqual([{ text: "{}" }]));
    expect(await screen.findByRole("button", { name: words.copy(text.ranges.copy) })).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it("renews a token in the order in which Rust says the steps stand", async () => {
    const { user, asked } = await openWindow(broken, { at: "renew" });
    await user.click(await screen.findByRole("button", { name: text.renew.begin }));
    expect(asked("change_setup")).toMatchObject([{ change: { set: "token-rotation-began-at" } }]);
    const steps = within(await screen.findByRole("list", { name: text.renew.list }));
    expect(steps.getAllByRole("heading", { level: 2 })).toHaveLength(7);
    expect(steps.queryByRole("button", { name: words.test.go })).toBeNull();
    expect(await violations()).toEqual([]);
    await user.click(steps.getByRole("button", { name: words.enable.replace }));
    await user.type(screen.getByLabelText(words.enable.token), "dsapi00000000000000000000000000000002{Enter}");
    expect(await steps.findByRole("button", { name: words.test.go })).toBeVisible();
  });
});

describe("evidence", () => {
  it("exports the set-up as code and writes a reminder from the checklist", async () => {
    const { user, asked } = await openWindow(broken, { at: "step", id: "checklist" });
    await user.click(await screen.findByRole("button", { name: text.code.terraform }));
    expect(asked("export_code")).toEqual([{ format: "terraform" }]);
    const saved = await screen.findByRole("region", { name: text.saved });
    expect(saved).toHaveTextContent("contoso-production-terraform");
    await user.click(screen.getByRole("button", { name: text.reminder }));
    await vi.waitFor(() => expect(asked("save_reminder")).toHaveLength(1));
  });

  it("says what is good to know on the page of a step", async () => {
    const { user } = await openWindow(filled, { at: "step", id: "test" });
    await user.click(await screen.findByText(text.tips(1)));
    expect(screen.getByText("Entra")).toBeVisible();
  });
});
