/** A made-up set-up for the development server and the tests of the page. Nothing here reaches a build. */
import type { SignedInView } from "../ipc/bindings/SignedInView";
import type {
  AimQuestion,
  ConnectionTest,
  ConnectorView,
  FindingView,
  Phase,
  SetupView,
  StepView,
  UrlReading,
} from "../ipc/types";

export const ACCOUNT = "7d0d1f4e-5a1b-4c0e-9d5a-3f1f6f0c2b11";
export const SCIM_URL = `https://accounts.azuredatabricks.net/api/2.1/accounts/${ACCOUNT}/scim/v2`;
export const SCIM_TOKEN = "dsapi0123456789abcdef0123456789abcdef";

/** Minutes ago, as Rust writes an instant. */
export function ago(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString();
}

const BY_HAND = ["enable", "application", "connection", "settings", "people", "start"];

const HEADINGS: Record<string, string> = {
  test: "Test the connection",
  "sign-in": "Sign in to Entra",
  application: "Enterprise application",
  connection: "Connection from Entra",
  start: "Start the sync",
};

/** What Rust says of an empty field. */
export const NO_URL: UrlReading = {
  verdict: "empty",
  url: null,
  level: null,
  host: null,
  cloud: null,
  accountId: null,
  fault: null,
  offer: null,
};

export const AIM: AimQuestion = {
  title: "Is automatic identity management the better answer?",
  body: "On Azure, Databricks can read people straight from Entra.",
  question: "Which is true for you?",
  answers: [
    {
      id: "one",
      label: "One Entra tenant, and every workspace has identity federation",
      verdict: "You probably do not need SCIM",
      why: "To switch it on, an account admin presses:",
      presses: ["Open the account console.", "Switch on **Automatic identity management**."],
      note: "SCIM is chosen on purpose.",
    },
    { id: "unknown", label: "I do not know yet", verdict: null, why: "You can go on.", presses: [], note: null },
  ],
};

export function steps(): StepView[] {
  const step = (
    id: string,
    title: string,
    state: StepView["state"],
    checks: string[] = [],
    why: string | null = null,
  ) => ({
    id,
    title,
    heading: HEADINGS[id] ?? title,
    purpose: `What ${title} is for.`,
    state,
    why,
    checks,
    guide: BY_HAND.includes(id)
      ? {
          present: ["Press **New**.", "Press **Save**."],
          older: ["Press **+ New**.", id === "enable" ? "Go to **Settings › User provisioning**." : "Press **Save**."],
          caveat: null,
        }
      : null,
  });
  return [
    step("prepare", "Prepare", "open", ["premium-plan", "databricks-admin", "entra-role", "group-licence"]),
    step("enable", "Enable provisioning", "open"),
    step("test", "Test", "open", ["connection-from-here"]),
    step("sign-in", "Sign in", "blocked", [], "The connection is tested first."),
    step("application", "Application", "blocked", ["app-from-gallery"], "Sign in first, or choose to do it by hand."),
    step("connection", "Connection", "blocked", ["connection-from-entra"], "The enterprise application comes first."),
    step("settings", "Sync settings", "blocked", [], "The enterprise application comes first."),
    step("people", "Users and groups", "blocked", [], "The enterprise application comes first."),
    step("start", "Start", "blocked", [], "The connection from Entra comes first."),
    step("checklist", "Checklist", "open"),
  ];
}

function finding(
  check: string,
  title: string,
  due: FindingView["due"],
  more: Partial<FindingView["finding"]> = {},
): FindingView {
  const status = ({ now: "fail", later: "warn", fine: "pass", "cannot-tell": "unknown" } as const)[due];
  return {
    due,
    step: "prepare",
    attestable: due === "cannot-tell",
    remedy: check === "secret-saved" ? "change" : null,
    link: due === "now" || due === "later" ? "app-provisioning" : null,
    finding: {
      check,
      title,
      status,
      weight: "blocks",
      evidence: [],
      source: "Microsoft Entra tutorial for Azure Databricks, prerequisites",
      observedAt: ago(4),
      how: "databricks",
      ...more,
    },
  };
}

export function findings(): FindingView[] {
  return [
    finding("premium-plan", "The account has the Premium plan or above", "cannot-tell", {
      reason:
        "The SCIM token cannot see the plan. An account admin sees it in the account console under **Settings › Subscription & billing**.",
    }),
    finding("databricks-admin", "You are an account admin in Databricks", "fine", {
      evidence: [{ label: "Signed in as", value: "ana.keller@contoso.example" }],
    }),
    finding("entra-role", "Cloud Application Administrator or stronger is active", "now", {
      how: "entra",
      evidence: [{ label: "Active roles", value: "Global Reader" }],
      fix: "1. Open the Entra admin center.\n2. Go to **ID Governance › Privileged Identity Management › My roles**.\n3. Activate **Cloud Application Administrator**.",
    }),
    finding("group-licence", "A P1 or P2 licence covers groups", "later", {
      weight: "risks",
      how: "entra",
      evidence: [
        { label: "P2", value: "25 of 25 seats taken" },
        { label: "P1", value: "none" },
      ],
      subjects: [{ subject: "databricks-users", status: "warn", note: "40 members, 25 with a licence" }],
      fix: "Assign licences to the people of **databricks-users**, or assign people one by one.",
    }),
  ];
}

const PASSING: [Phase["id"], number, string][] = [
  ["input", 0.2, "Account SCIM URL on Azure, account SCIM token"],
  ["resolve", 12, "accounts.azuredatabricks.net → 20.42.4.209"],
  ["connect", 19, "Port 443 answers"],
  ["tls", 31, "TLS 1.3 · DigiCert · until 12 Mar 2027"],
  ["reach", 44, "The API answers, not a login page"],
  ["authenticate", 88, "Databricks accepts the token"],
  ["users", 61, "3,214 users"],
  ["groups", 58, "47 groups"],
  ["filter", 40, "A search for a made-up name finds nobody"],
  ["token-control", 37, "A spoiled token is refused with 401"],
];

export function passed(): ConnectionTest {
  const phases = PASSING.map(([id, millis, summary]): Phase => ({ id, status: "pass", millis, summary }));
  return {
    at: ago(1),
    text: "Usher connection test\nverdict: pass",
    report: { url: SCIM_URL, host: "accounts.azuredatabricks.net", verdict: "pass", phases },
  };
}

export function failed(): ConnectionTest {
  const at = PASSING.findIndex(([id]) => id === "authenticate");
  const phases = PASSING.map(([id, millis, summary], index): Phase => {
    if (index < at) return { id, status: "pass", millis, summary };
    if (index === at) return { id, status: "fail", millis, summary: "401: Databricks does not accept the token" };
    return { id, status: "skipped", millis: 0, summary: "" };
  });
  return {
    at: ago(1),
    text: "Usher connection test\nverdict: fail\nfault: token-rejected",
    report: {
      url: SCIM_URL,
      host: "accounts.azuredatabricks.net",
      verdict: "fail",
      phases,
      fault: {
        code: "token-rejected",
        title: "Databricks does not accept the token",
        cause:
          "Databricks answered 401. Most often the token was regenerated since it was copied, or it belongs to another account.",
        fix: "1. Open the account console.\n2. Go to **Security › User provisioning** (formerly **Settings › User provisioning**).\n3. Press **Regenerate token** and copy it.\n4. Paste it under Enable provisioning and test again.",
        docs: "https://learn.microsoft.com/entra/identity/saas-apps/azure-databricks-provisioning-tutorial",
      },
    },
  };
}

export function signedIn(): SignedInView {
  const permission = (name: string, why: string, access: "read" | "write", optional: boolean, held: boolean) => ({
    name,
    why,
    access,
    optional,
    held,
  });
  return {
    appOnly: false,
    tenantId: "c0ffee00-1111-2222-3333-444455556666",
    mayWrite: false,
    databricks: false,
    permissions: [
      permission("Application.Read.All", "Reads the enterprise applications and who is assigned.", "read", false, true),
      permission(
        "Synchronization.Read.All",
        "Reads the provisioning job, its state and its mappings.",
        "read",
        false,
        true,
      ),
      permission("ProvisioningLog.Read.All", "Reads why single people failed.", "read", true, false),
    ],
  };
}

export function connectors(): ConnectorView[] {
  const one = (displayName: string, more: Partial<ConnectorView>): ConnectorView => ({
    servicePrincipalId: displayName,
    appId: displayName,
    displayName,
    target: SCIM_URL,
    sameTarget: true,
    running: true,
    quarantined: false,
    assigned: 12,
    chosen: false,
    ...more,
  });
  const workspace = "https://adb-1001.1.azuredatabricks.net/api/2.0/preview/scim";
  return [
    one("Databricks account", { assigned: 3, running: false }),
    one("analytics-provisioning", { target: workspace, sameTarget: false, assigned: 41 }),
  ];
}

export function setup(name = "Contoso production"): SetupView {
  return {
    id: "contoso-production",
    path: "/home/ana/.local/share/usher/contoso-production.json",
    savedAt: ago(0),
    nextStep: "prepare",
    observedAt: null,
    steps: steps(),
    findings: findings(),
    first: null,
    counts: { dueNow: 1, dueLater: 1, fine: 1, cannotTell: 1 },
    url: NO_URL,
    connection: null,
    secrets: [],
    vaultFailure: null,
    signedIn: null,
    connectors: null,
    journal: { unfinished: [], standing: 0 },
    setup: {
      schema: "usher.setup/1",
      name,
      journey: "account",
      cloud: "azure",
      entra: {
        cloud: "global",
        tenantId: null,
        signIn: null,
        clientId: null,
        app: { displayName: null, servicePrincipalId: null },
      },
      databricks: {
        accountId: null,
        scimUrl: null,
        servicePrincipalClientId: null,
        tokenCreatedAt: null,
        tokenExpiresAt: null,
        tokenRotationBeganAt: null,
        workspaces: [],
      },
      want: {
        assignmentRequired: null,
        scope: null,
        provisioning: null,
        notificationEmail: null,
        deleteThreshold: null,
        assign: [],
        repairMappings: false,
        coverGaps: true,
        retire: null,
        unassignRetired: false,
        safetyBelt: false,
      },
      attested: {},
    },
  };
}
