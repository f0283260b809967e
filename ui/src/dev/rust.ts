/** Stands in for Rust: answers every command from a made-up set-up. For the development server and the page's tests. */
import type { Commands } from "../ipc/bindings/Commands";
import type { AppInfo, Failure, PracticeCredentials, Refusal, SetupView, UrlReading } from "../ipc/types";
import { directory, outcomeOf, planOf, windowOf } from "./entra";
import { health, ranges, renewal } from "./health";
import { coverageWindow, movingHandlers } from "./move";
import { AIM, NO_URL, ago, connectors, failed, passed, SCIM_TOKEN, SCIM_URL, setup, signedIn } from "./samples";

type Handlers = {
  [N in keyof Commands]: (
    request: Commands[N]["request"],
    tell: (event: Commands[N]["event"]) => void,
  ) => Commands[N]["answer"] | Promise<Commands[N]["answer"]>;
};

export interface Scene {
  info: AppInfo;
  open: SetupView | null;
  saved: { id: string; name: string }[];
  /** What the connection test will say. */
  connection: "pass" | "fail";
  /** How many people the tenant has. */
  people: number;
  /** The change that Entra will refuse. */
  failing: string | null;
  /** Why every plan is refused. */
  refusals: Refusal[];
  /** Milliseconds between the events of a job. */
  pace: number;
  /** What was pressed in the practice portal. */
  pressed: string[];
  /** Every command that was asked, in order, with its request. */
  log: { name: string; request: unknown }[];
}

export function scene(): Scene {
  return {
    info: {
      version: "0.1.0",
      world: { is: "live" },
      keyring: { state: "ready", failure: null },
      platform: "linux",
      dataFolder: "/home/ana/.local/share/usher",
      documentsFolder: "/home/ana/Documents",
      theme: "system",
      openSetup: null,
      notice: null,
    },
    open: null,
    saved: [],
    connection: "pass",
    people: 100_000,
    failing: null,
    refusals: [],
    pace: 0,
    pressed: [],
    log: [],
  };
}

export function failure(code: Failure["code"], message: string, more: Partial<Failure> = {}): Failure {
  return { code, message, meaning: "", todo: [], details: null, ...more };
}

const pause = (millis: number) => new Promise((done) => setTimeout(done, millis));

export function readUrl(text: string): UrlReading {
  const blank = NO_URL;
  if (text.trim() === "") return blank;
  if (/\/scim\/v2$/.test(text.trim())) {
    const host = text.replace(/^https:\/\//, "").split("/")[0] ?? "";
    return { ...blank, verdict: "good", url: text.trim(), level: "account", host, cloud: "azure" };
  }
  return {
    ...blank,
    verdict: "fault",
    offer: text.includes("account_id=") ? SCIM_URL : null,
    fault: {
      code: "url-browser-page",
      title: "This is the address of a page, not of the SCIM API",
      cause: "A browser's address holds the account id, but Entra needs the API's own address.",
      fix: "Copy **Account SCIM URL** from **Security › User provisioning**.",
    },
  };
}

export function handlers(at: Scene): Handlers {
  let read: ReturnType<typeof directory> | null = null;
  let searched: { table: string; search: string } | null = null;
  const made = new Set<string>();
  const opened = (): SetupView => {
    if (at.open === null) throw failure("no-setup", "No set-up is open");
    return at.open;
  };
  const change = (by: Partial<SetupView>): SetupView => (at.open = { ...opened(), savedAt: ago(0), ...by });
  const list = () => ({
    failure: null,
    setups: at.saved.map(({ id, name }) => ({
      id,
      name,
      journey: "account" as const,
      cloud: "azure" as const,
      savedAt: ago(260),
      failure: null,
    })),
  });
  const link = ({ link }: Commands["link"]["request"]) => ({
    link,
    title: link,
    url: `https://accounts.azuredatabricks.net/?link=${link}`,
    note: null,
  });

  return {
    app_info: () => ({ ...at.info, openSetup: at.open?.id ?? null }),
    set_theme: ({ theme }) => (at.info = { ...at.info, theme }),
    list_setups: list,
    create_setup: async ({ name, journey, cloud }) => {
      if (at.pace > 0) await pause(at.pace);
      const made = setup(name);
      at.open = { ...made, setup: { ...made.setup, journey, cloud } };
      return at.open;
    },
    open_setup: () => (at.open = setup()),
    open_setup_file: () => (at.open = setup("Handed over")),
    close_setup: () => {
      at.open = null;
      return list();
    },
    rename_setup: ({ name }) => change({ setup: { ...opened().setup, name } }),
    delete_setup: ({ id }) => {
      at.saved = at.saved.filter((one) => one.id !== id);
      return list();
    },
    current_setup: opened,
    change_setup: ({ change: one }) => {
      const { entra, want } = opened().setup;
      const wish = (by: Partial<typeof want>) => change({ setup: { ...opened().setup, want: { ...want, ...by } } });
      if (one.set === "assignment-required") return wish({ assignmentRequired: one.to });
      if (one.set === "scope") return wish({ scope: one.to });
      if (one.set === "delete-threshold") return wish({ deleteThreshold: one.to });
      if (one.set === "provisioning") return wish({ provisioning: one.to });
      if (one.set === "add-assignment") return wish({ assign: [...want.assign, one.to] });
      if (one.set === "remove-assignment") return wish({ assign: want.assign.filter((who) => who.id !== one.to) });
      if (one.set === "app") return change({ setup: { ...opened().setup, entra: { ...entra, app: one.to } } });
      if (one.set === "sign-in") return change({ setup: { ...opened().setup, entra: { ...entra, signIn: one.to } } });
      if (one.set === "client-id" && one.to?.includes(" ")) {
        throw failure("bad-input", "The client id has blanks in it.", { todo: ["Copy it once more."] });
      }
      if (one.set === "tenant-id")
        return change({ setup: { ...opened().setup, entra: { ...entra, tenantId: one.to } } });
      if (one.set === "client-id")
        return change({ setup: { ...opened().setup, entra: { ...entra, clientId: one.to } } });
      const before = opened().setup;
      if (one.set === "token-rotation-began-at")
        return change({ setup: { ...before, databricks: { ...before.databricks, tokenRotationBeganAt: one.to } } });
      if (one.set !== "token-created-at") return opened();
      return change({ setup: { ...before, databricks: { ...before.databricks, tokenCreatedAt: one.to } } });
    },
    recognise_url: ({ text }) => readUrl(text),
    recognise_token: ({ text }) => {
      const good = text.length > 20;
      return {
        verdict: text === "" ? "empty" : good ? "good" : "fault",
        kind: good ? "Account SCIM token" : null,
        lastFour: good ? text.slice(-4) : null,
        warnings: text.startsWith("http") ? ["This does not look like a token."] : [],
        doubtful: text.startsWith("http"),
        fault: good
          ? null
          : {
              code: "token-malformed",
              title: "This is not a whole token",
              cause: "",
              fix: "Copy it again, from the first to the last character.",
            },
      };
    },
    use_url: ({ text }) => {
      const before = opened();
      return change({
        url: readUrl(text),
        setup: { ...before.setup, databricks: { ...before.setup.databricks, scimUrl: text } },
      });
    },
    keep_token: ({ slot, text }) =>
      change({
        secrets: [
          ...opened().secrets.filter((kept) => kept.slot.slot !== slot.slot),
          {
            slot,
            kind: slot.slot === "entra-client-secret" ? "Client secret" : "Account SCIM token",
            origin: "https://accounts.azuredatabricks.net",
            lastFour: text.slice(-4),
            keptAt: ago(0),
            memoryOnly: at.info.keyring.state === "memory",
            inUse: true,
          },
        ],
      }),
    secrets: opened,
    forget_secret: ({ slot }) => change({ secrets: opened().secrets.filter((kept) => kept.slot.slot !== slot.slot) }),
    keyring_probe: () => at.info.keyring,
    use_memory_vault: () => (at.info = { ...at.info, keyring: { state: "memory", failure: null } }).keyring,
    discover_workspace: ({ url }) => ({
      url,
      workspaceId: "2531901403506481",
      accountId: "7d0d1f4e-5a1b-4c0e-9d5a-3f1f6f0c2b11",
      cloud: "azure",
      tenantId: "c0ffee00-1111-2222-3333-444455556666",
      accountScimUrl: SCIM_URL,
      disagreements: [],
    }),
    test_connection: async (_, tell) => {
      const test = at.connection === "pass" ? passed() : failed();
      for (const phase of test.report.phases) {
        if (phase.status === "skipped") continue;
        tell({ event: "started", phase: phase.id });
        if (at.pace > 0) await pause(at.pace);
        tell({ event: "ended", phase });
      }
      return change({ connection: test });
    },
    observe: async (_, tell) => {
      tell({
        event: "looking",
        what: "Reading users from Databricks",
        done: 1200,
        total: 3214,
        left: "About 2 min for what is known to come.",
      });
      if (at.pace > 0) await pause(at.pace * 4);
      return change({ observedAt: ago(0) });
    },
    sign_in: async (_, tell) => {
      if (opened().setup.entra.signIn === "device-code") {
        tell({
          event: "code",
          prompt: {
            userCode: "HJ4KQ7XLB",
            verificationUrl: "https://microsoft.com/devicelogin",
            expiresInSeconds: 900,
          },
        });
      } else {
        tell({
          event: "browser",
          url: "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/authorize",
          opened: true,
        });
      }
      if (at.pace > 0) await pause(at.pace * 20);
      return change({ signedIn: signedIn() });
    },
    allow_writing: () => change({ signedIn: { ...signedIn(), mayWrite: true } }),
    sign_in_to_databricks: () => change({ signedIn: { ...signedIn(), databricks: true } }),
    renew_sign_in: () => change({ signedIn: signedIn() }),
    sign_out: () => change({ signedIn: null }),
    registration_guide: () => ({
      presses: ["Press **New registration**."],
      redirect: "http://localhost",
      whoMayConsent: "A Privileged Role Administrator, or a Cloud Application Administrator for delegated permissions.",
      permissions: signedIn().permissions.map((permission) => ({ ...permission, held: null })),
    }),
    load_directory: async (_, tell) => {
      tell({ event: "looking", what: "Reading people", done: 12000, total: at.people, left: null });
      if (at.pace > 0) await pause(at.pace * 4);
      read = directory(at.people);
      return opened();
    },
    rows: (request) => {
      if (request.table === "coverage") return coverageWindow(request);
      if (read !== null) return windowOf(read[request.table], request, opened());
      const { table, search } = request;
      if (searched?.table === table && searched.search === search) {
        return { ...windowOf(directory(40)[table], request, opened()), complete: false };
      }
      return { total: 0, matching: 0, offset: 0, rows: [], loadedAt: null, complete: false };
    },
    search_directory: (request) => {
      searched = request;
      return { found: 1, more: false };
    },
    ...movingHandlers(change, opened),
    plan: () => ({ ...planOf(opened(), made), refusals: at.refusals, mayWrite: opened().signedIn?.mayWrite ?? false }),
    apply: async ({ only }, tell) => {
      const changes = planOf(opened(), made).changes.filter((one) => only?.includes(one.id) ?? true);
      tell({ event: "begun", total: changes.length });
      const outcomes = [];
      for (const one of changes) {
        tell({ event: "change", id: one.id, title: one.title, doing: "sending" });
        if (at.pace > 0) await pause(at.pace);
        const outcome = outcomeOf(one, at.failing);
        if (outcome.state === "done") made.add(one.id);
        tell({ event: "settled", outcome });
        outcomes.push(outcome);
      }
      const journal = { unfinished: [], standing: made.size };
      return {
        outcome: { changes: outcomes },
        interrupted: false,
        workspaces: [],
        notice: null,
        setup: change({ journal, observedAt: ago(0) }),
      };
    },
    resume: () => ({
      outcome: { changes: [] },
      interrupted: false,
      workspaces: [],
      notice: null,
      setup: change({ journal: { unfinished: [], standing: made.size } }),
    }),
    planned_rollback: () => ({
      order: "Newest first.",
      changes: [...made].reverse().map((id) => ({
        id,
        title: id,
        undo: id === "create-application" ? ("manual" as const) : ("take-back" as const),
        reason:
          id === "create-application" ? "The application stays. Delete it in the portal if it is not wanted." : null,
      })),
    }),
    rollback: () => ({
      outcome: {
        changes: [...made].reverse().map((id) => ({
          id,
          kind: "assign" as const,
          state: "undone" as const,
          at: ago(0),
          error: null,
          reason: null,
        })),
      },
      interrupted: false,
      workspaces: [],
      notice: null,
      setup: change({ journal: { unfinished: [], standing: 0 } }),
    }),
    provision_one: ({ userId }) => ({
      outcome: { changes: [] },
      found: true,
      fields: [
        { name: "userName", expected: `${userId}@contoso.example`, found: `${userId}@contoso.example`, same: true },
        { name: "active", expected: "true", found: "false", same: false },
      ],
      readAt: ago(0),
      setup: opened(),
    }),
    watch_cycle: async (_, tell) => {
      tell({ event: "cycle", done: 3, total: 7, state: "importing" });
      if (at.pace > 0) await pause(at.pace * 4);
      return { end: { is: "completed", escrowed: 0 }, setup: opened() };
    },
    deep_scan: () => change({}),
    find_connectors: () => change({ connectors: connectors() }),
    use_connector: ({ servicePrincipalId }) => {
      const { entra } = opened().setup;
      const app = { displayName: "Databricks account", servicePrincipalId };
      return change({ setup: { ...opened().setup, entra: { ...entra, app } }, url: readUrl(SCIM_URL) });
    },
    plan_fix: () => {
      const plan = planOf(opened(), made);
      return { ...plan, changes: plan.changes.slice(0, 1), mayWrite: opened().signedIn?.mayWrite ?? false };
    },
    health,
    save_failures: () => ({ path: "/home/ana/Documents/contoso-production-failures.csv" }),
    tips: ({ step }) => ({
      tips: step === "test" ? [{ id: "ranges", step, text: "A list has to let **Entra** in." }] : [],
    }),
    rotation: () => renewal(opened()),
    save_reminder: () => ({ path: "/home/ana/Documents/contoso-production-token.ics" }),
    address_ranges: () => ({ ranges: null }),
    read_address_ranges: () => ({ ranges: ranges() }),
    take_address_ranges: () => ({ ranges: ranges() }),
    save_address_ranges: () => ({ path: "/home/ana/Documents/AzureActiveDirectory-Public-341.txt" }),
    export_code: () => ({ folder: "/home/ana/Documents/contoso-production-terraform", files: ["entra.tf"] }),
    cancel: () => ({ running: true }),
    attest: ({ check, by, note }) =>
      change({
        setup: {
          ...opened().setup,
          attested: { ...opened().setup.attested, [check]: { by, at: ago(0), note: note ?? null } },
        },
      }),
    withdraw_attestation: ({ check }) => {
      const attested = Object.fromEntries(Object.entries(opened().setup.attested).filter(([id]) => id !== check));
      return change({ setup: { ...opened().setup, attested } });
    },
    link,
    open_link: link,
    read_more: () => null,
    help: ({ page }) => ({
      about: `What ${page} wants to be known.`,
      terms: [
        { term: "SCIM URL", meaning: "Databricks' address for people and groups. Entra calls it **Tenant URL**." },
      ],
      read: [{ link: "docs-quarantine", title: "Microsoft: provisioning in quarantine" }],
    }),
    aim_question: () => AIM,
    checklist: ({ format }) => ({
      format,
      fileName: "contoso-production-checklist.md",
      text: "# Contoso production\n\n| setting | wanted | found | status |\n| --- | --- | --- | --- |\n| Premium plan | yes | not seen | cannot tell |\n",
    }),
    save_checklist: () => ({ path: "/home/ana/Documents/contoso-production-checklist.md" }),
    hand_over: () => ({
      setupPath: "/home/ana/Documents/contoso-production.json",
      notePath: "/home/ana/Documents/contoso-production-hand-over.md",
      note: "# What is left to do in Microsoft Entra ID\n\n1. Open the set-up file with Usher.\n",
    }),
    practice_scenarios: () => ({
      scenarios: [
        {
          name: "fresh",
          title: "A fresh account",
          description: "Nothing is set up yet. The journey from the first page to the last.",
        },
        {
          name: "token-rejected",
          title: "An expired token",
          description: "The token was regenerated after it was copied.",
        },
        {
          name: "ip-blocked",
          title: "An IP access list",
          description: "Databricks refuses the address the request comes from.",
        },
      ],
    }),
    start_practice: ({ scenario }) =>
      (at.info = {
        ...at.info,
        world: { is: "practice", scenario: { name: scenario, title: "A fresh account", description: "" } },
        keyring: { state: "memory", failure: null },
      }),
    leave_practice: () => (at.info = { ...at.info, world: { is: "live" } }),
    practice_credentials: () => portal(at.pressed, null),
    press_in_portal: ({ name }) => {
      at.pressed.push(name);
      return portal(at.pressed, "Done: Generate a new SCIM token. New to copy: SCIM token.");
    },
  };
}

/** The practice portal, with one thing to press. */
function portal(pressed: readonly string[], said: string | null): PracticeCredentials {
  const renewed = pressed.includes("generate-scim-token");
  return {
    more: "Stands in for the real consoles. Copy and press here what you would copy and press there.",
    values: [
      { key: "scimUrl", label: "Account SCIM URL", value: SCIM_URL },
      { key: "scimToken", label: "SCIM token", value: renewed ? `${SCIM_TOKEN.slice(0, -4)}beef` : SCIM_TOKEN },
      { key: "tenantId", label: "Tenant id", value: "c0ffee00-1111-2222-3333-444455556666" },
      { key: "clientId", label: "Application (client) id", value: "5eed0000-aaaa-bbbb-cccc-0123456789ab" },
      { key: "clientSecret", label: "Client secret", value: "practice~secret~worth~nothing~elsewhere" },
    ],
    presses: [
      {
        name: "generate-scim-token",
        title: "Generate a new SCIM token",
        portal: "Databricks account console",
        pressed: renewed,
      },
    ],
    said,
  };
}

/** What `invoke` does while Rust is stood in for. */
export function answerer(at: Scene): (name: string, payload: unknown) => Promise<unknown> {
  const all = handlers(at) as Record<string, (request: unknown, tell: (event: unknown) => void) => unknown>;
  return async (name, payload) => {
    const { request, progress } = payload as { request: unknown; progress?: { onmessage: (event: unknown) => void } };
    at.log.push({ name, request });
    const handler = all[name];
    if (handler === undefined) throw failure("internal", `There is no command ${name}`);
    return await handler(request, (event) => progress?.onmessage(event));
  };
}
