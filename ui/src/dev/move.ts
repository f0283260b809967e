/** A made-up move: three connectors, three workspaces, and whom they concern. */
import type { RowsRequest } from "../ipc/bindings/RowsRequest";
import type { CoverageFate, MoveView, PrincipalRow, RowWindow, SetupView } from "../ipc/types";
import { ago, setup } from "./samples";

const workspace = (id: string, name: string) => ({
  id,
  label: `${name} (${id})`,
  url: `https://adb-${id}.1.azuredatabricks.net`,
  named: true,
  federated: true,
  said: false,
  users: 41,
  localGroups: 1,
  accountGroups: 1,
  assigned: 1,
  plan: "PREMIUM",
  unseen: [],
});

const connector = (id: string, name: string, target: string) => ({
  id,
  name,
  target,
  running: true,
  quarantined: false,
  assigned: 2,
  people: 37,
  part: "retires" as const,
  why: null,
});

export function moveView(): MoveView {
  return {
    inventory: {
      connectors: [
        {
          ...connector("sp-0", "Azure Databricks SCIM Provisioning Connector", "account 7d0d1f4e"),
          part: "takes-over",
        },
        connector("sp-1", "Databricks analytics", "analytics (1001)"),
        connector("sp-2", "Databricks finance", "finance (1002)"),
        {
          ...connector("sp-3", "Databricks research", "research (1003)"),
          part: "stays",
          why: "Its workspace is not identity-federated: the account connector does not reach it.",
        },
      ],
      connectorsUnseen: null,
      workspaces: [
        workspace("1001", "analytics"),
        { ...workspace("1002", "finance"), federated: null, users: null, unseen: ["Only an account admin sees this."] },
        { ...workspace("1003", "research"), federated: false, said: true },
      ],
      workspacesComplete: false,
      unnamed: [],
      secondIsAdmin: null,
      secondUnseen: "There is no second Databricks credential.",
    },
    coverage: { losesAccess: 1, newlyReached: 1, cannotTravel: 1, covered: 2 },
    undecided: null,
  };
}

const somebody = (displayName: string, fate: CoverageFate, note: string): PrincipalRow => ({
  id: displayName,
  kind: "user",
  displayName,
  detail: `${displayName.toLowerCase().replaceAll(" ", ".")}@contoso.example`,
  guest: false,
  unfit: null,
  wanted: false,
  assigned: null,
  fate,
  note,
});

const ROWS = [
  somebody("Ana Keller", "loses-access", "Databricks finance"),
  somebody("Bo Larsen", "newly-reached", "Azure Databricks SCIM Provisioning Connector › databricks-users"),
  somebody("Chidi Okafor", "cannot-travel", "Is in a group inside finance."),
  somebody("Dora Petrov", "covered", "Azure Databricks SCIM Provisioning Connector › databricks-users"),
  somebody("Emre Quiroga", "covered", "Azure Databricks SCIM Provisioning Connector › databricks-users"),
];

export function coverageWindow(request: RowsRequest): RowWindow {
  const rows = ROWS.filter((row) => request.filter === "all" || row.fate === request.filter).filter((row) =>
    `${row.displayName} ${row.note}`.toLowerCase().includes(request.search.toLowerCase()),
  );
  return { total: ROWS.length, matching: rows.length, offset: 0, rows, loadedAt: ago(2), complete: true };
}

const TITLES = {
  connectors: { title: "Connectors", heading: "Connectors and workspaces" },
  coverage: { title: "Coverage", heading: "Coverage" },
  move: { title: "Move", heading: "Move" },
  "tidy-up": { title: "Tidy up", heading: "Tidy up" },
};

/** A set-up on the way of a move, signed in and looked at. */
export function movingSetup(): SetupView {
  const made = setup("Contoso move");
  made.setup.journey = "migrate";
  made.setup.databricks.workspaces = moveView().inventory.workspaces.map(({ id, url }) => ({ id, url }));
  const step = (id: keyof typeof TITLES) => ({
    ...TITLES[id],
    id,
    purpose: "",
    state: "open" as const,
    why: null,
    checks: [],
    guide: null,
  });
  made.steps = [...made.steps.slice(0, 4), ...(["connectors", "coverage", "move", "tidy-up"] as const).map(step)];
  made.observedAt = ago(1);
  return made;
}

export const movingHandlers = (change: (more: Partial<SetupView>) => SetupView, opened: () => SetupView) => ({
  move_view: () => moveView(),
  name_workspaces: () => change({ setup: opened().setup }),
  local_groups: () => ({
    groups: [
      {
        workspace: "analytics (1001)",
        name: "data-readers",
        fits: false,
        notes: ["The account has no group of this name."],
      },
    ],
    total: 1,
    order: ["Rename the local group.", "Assign the account group."],
    unseen: ["finance (1002): There is no personal access token for this workspace."],
  }),
  save_move_report: () => ({ path: "/home/ana/Documents/contoso-move-coverage.csv" }),
});
