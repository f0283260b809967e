/** The page without Rust, under the development server: `?scene=test&theme=dark&connection=fail`. */
import { mockIPC } from "@tauri-apps/api/mocks";
import { tick } from "svelte";

import type { Journey, Theme } from "../ipc/types";
import { session } from "../state/session.svelte";
import { ago, connectors, failed, passed, SCIM_URL, setup, signedIn } from "./samples";
import { movingSetup } from "./move";
import { answerer, readUrl, scene } from "./rust";

export function standIn(): void {
  const query = new URLSearchParams(location.search);
  const at = scene();
  at.pace = Number(query.get("pace") ?? "120");
  at.connection = query.get("connection") === "fail" ? "fail" : "pass";
  at.info = { ...at.info, theme: (query.get("theme") ?? "system") as Theme };
  if (query.has("practice")) {
    at.info.world = { is: "practice", scenario: { name: "fresh", title: "A fresh account", description: "" } };
  }
  if (query.has("saved")) at.saved = [{ id: "contoso-production", name: "Contoso production" }];

  const place = query.get("scene");
  if (place !== null && !["create", "practise"].includes(place)) {
    at.open = { ...(query.has("move") ? movingSetup() : setup()), nextStep: place };
    if (query.has("filled") || place === "test") {
      at.open.url = readUrl(SCIM_URL);
      at.open.setup.databricks.scimUrl = SCIM_URL;
      at.open.steps = at.open.steps.map((step, index) => (index < 2 ? { ...step, state: "done" } : step));
    }
    if (query.has("signed")) {
      at.open.signedIn = signedIn();
      at.open.observedAt = ago(1);
      at.open.connectors = connectors();
    }
    if (query.has("tested")) at.open.connection = at.connection === "pass" ? passed() : failed();
  }
  if (query.has("long") && at.open !== null) {
    const name = "Contoso international provisioning of everybody and everything ".repeat(3) + "x".repeat(60);
    at.open.setup.name = name;
    at.open.setup.databricks.scimUrl = `${SCIM_URL}?${"a".repeat(240)}`;
    at.open.connectors = connectors().map((one) => ({
      ...one,
      displayName: name,
      target: `${SCIM_URL}${"b".repeat(200)}`,
    }));
    at.open.setup.want.assign = Array.from({ length: 30 }, (_, index) => ({
      type: "group",
      id: `g${index}`,
      displayName: index === 0 ? name : `group ${index}`,
    }));
    at.open.findings = at.open.findings.map((view) => ({
      ...view,
      finding: { ...view.finding, evidence: [{ label: "Target", value: "c".repeat(300) }] },
    }));
  }
  mockIPC(answerer(at));

  void (async () => {
    while (session.info === null) await new Promise((done) => setTimeout(done, 10));
    await tick();
    if (place === "create") session.go({ at: "create", what: (query.get("what") ?? "account") as Journey });
    if (place === "practise") session.go({ at: "practise" });
    if (place === "findings" || place === "renew" || place === "ranges") session.go({ at: place });
    const floating = query.get("floating");
    if (floating !== null) session.floating = floating as typeof session.floating;
    session.help = query.has("help");
  })();
}
