/** The made-up Entra side: a directory of many people, a plan and what becomes of it. */
import type { ChangeOutcome, ChangeView, PlanView, PrincipalRow, RowWindow, SetupView } from "../ipc/types";
import type { RowsRequest } from "../ipc/bindings/RowsRequest";
import { ago } from "./samples";

const GIVEN = ["Ana", "Bo", "Chidi", "Dora", "Emre", "Freya", "Goran", "Hana", "Ivo", "Jun"];
const FAMILY = ["Keller", "Larsen", "Okafor", "Petrov", "Quiroga", "Rossi", "Sato", "Tanaka", "Ulrich", "Vance"];
const TEAMS = ["analytics", "data-engineering", "databricks-users", "finance", "ml-platform", "research", "support"];

export function directory(people: number): Record<"users" | "groups", PrincipalRow[]> {
  const row = (more: Pick<PrincipalRow, "id" | "kind" | "displayName" | "detail">): PrincipalRow => ({
    guest: false,
    unfit: null,
    wanted: false,
    assigned: false,
    ...more,
  });
  const users = Array.from({ length: people }, (_, index) => {
    const given = GIVEN[index % 10] ?? "";
    const family = FAMILY[Math.floor(index / 10) % 10] ?? "";
    const name = index < 100 ? `${given} ${family}` : `${given} ${family} ${Math.floor(index / 100)}`;
    const detail = `${name.toLowerCase().replaceAll(" ", ".")}@contoso.example`;
    const one = row({ id: `user-${index}`, kind: "user", displayName: name, detail });
    return index % 17 === 3 ? { ...one, unfit: "account disabled" } : index % 23 === 5 ? { ...one, guest: true } : one;
  });
  const groups = TEAMS.map((name, index) => ({
    ...row({ id: `group-${index}`, kind: "group", displayName: name, detail: "Security group" }),
    assigned: index === 1,
    unfit: index === 3 ? "not security-enabled" : null,
  }));
  return { users, groups };
}

export function windowOf(all: readonly PrincipalRow[], request: RowsRequest, setup: SetupView): RowWindow {
  const wanted = new Set(setup.setup.want.assign.map((one) => one.id));
  const words = request.search.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = all
    .map((row) => ({ ...row, wanted: wanted.has(row.id) }))
    .filter((row) => words.every((word) => `${row.displayName} ${row.detail}`.toLowerCase().includes(word)))
    .filter(
      (row) =>
        request.filter === "all" ||
        (request.filter === "wanted" && row.wanted) ||
        (request.filter === "assigned" && row.assigned === true) ||
        (request.filter === "unfit" && row.unfit !== null),
    )
    .sort((one, other) => one.displayName.localeCompare(other.displayName));
  if (request.order.endsWith("reversed")) matching.reverse();
  return {
    total: all.length,
    matching: matching.length,
    offset: request.offset,
    rows: matching.slice(request.offset, request.offset + request.limit),
    loadedAt: ago(2),
    complete: true,
  };
}

function change(
  more: Partial<ChangeView> & Pick<ChangeView, "id" | "kind" | "title" | "target" | "after">,
): ChangeView {
  return {
    before: "",
    request: {
      method: "POST",
      url: "https://graph.microsoft.com/v1.0/servicePrincipals/5eed/appRoleAssignedTo",
      body: { principalId: "group-2" },
    },
    requestNote: null,
    undo: "yes",
    guard: null,
    ...more,
  };
}

/** What is wanted and not yet so. */
export function planOf(setup: SetupView, made: ReadonlySet<string>): PlanView {
  const { want, entra } = setup.setup;
  const target = entra.app.displayName ?? "Azure Databricks SCIM Provisioning Connector";
  const changes = [
    change({
      id: "create-application",
      kind: "create-application",
      title: "Make the enterprise application",
      target,
      after: "made from the gallery, nobody assigned",
      undo: "manual",
    }),
    ...want.assign.map((one) =>
      change({
        id: `assign:${one.id}`,
        kind: "assign",
        title: `Assign ${one.displayName ?? one.id}`,
        target,
        before: "not assigned",
        after: "assigned with the role User",
      }),
    ),
    ...(want.assignmentRequired === null
      ? []
      : [
          change({
            id: "set-property:assignment-required",
            kind: "set-property",
            title: "Set Assignment required",
            target,
            before: "Yes",
            after: want.assignmentRequired ? "Yes" : "No",
          }),
        ]),
  ].filter((one) => !made.has(one.id));
  return { digest: `${changes.length}`, changes, refusals: [], byHand: [], mayWrite: false, observedAt: ago(1) };
}

export function outcomeOf(change: ChangeView, failing: string | null): ChangeOutcome {
  const failed = change.id === failing;
  return {
    id: change.id,
    kind: change.kind,
    state: failed ? "failed" : "done",
    at: ago(0),
    error: failed ? "Entra answered 403: the sign-in may not assign." : null,
    reason: null,
  };
}
