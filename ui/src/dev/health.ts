/** The stand-in's answers about checking what exists: quarantine, causes, what changed, renewal, address ranges. */
import type { AddressRangesView, HealthView, RotationStep, RotationView, SetupView, StepState } from "../ipc/types";
import { ago } from "./samples";

export function health(): HealthView {
  return {
    clock: {
      reason: "EncounteredQuarantineException",
      meaning: "Entra could not sign in to Databricks, or not reach it.",
      since: ago(14_400),
      ends: ago(-25_920),
      daysLeft: 18,
      nextAttempt: ago(-300),
    },
    restarts: [
      { id: "wait", title: "Wait", does: "Entra tries again by itself.", offered: false, note: "Nothing to press." },
      {
        id: "restart",
        title: "Restart provisioning",
        does: "Entra looks at everybody in scope anew.",
        offered: true,
        note: "Entra accepts the saved URL and token.",
      },
    ],
    causes: [
      {
        code: "DuplicateTargetEntries",
        reason: "Two entries match.",
        remedy: "Rename or link one of them.",
        count: 214,
        first: ["Ana Keller", "Bo Larsen"],
      },
    ],
    logSince: ago(10_000),
    comparison: {
      since: ago(2_880),
      summary: { new: 1, changed: 0, stillThere: 1, gone: 1 },
      checks: (["new", "still-there", "gone"] as const).map((change) => ({
        check: change,
        title: `A check that is ${change}`,
        weight: "blocks",
        change,
        stillThere: 0,
      })),
    },
  };
}

const STEPS = ["make", "keep", "test", "save", "prove", "retire", "last"];

export function renewal(setup: SetupView): RotationView {
  const began = setup.setup.databricks.tokenRotationBeganAt;
  const kept = setup.secrets.some((secret) => began !== null && secret.keptAt >= began);
  const step = (id: string, index: number): RotationStep => {
    const state: StepState = index < 2 ? (kept ? "done" : "open") : index === 2 && kept ? "open" : "blocked";
    return {
      id,
      title: `Step ${id}`,
      state,
      said: state === "done" ? "Seen." : null,
      at: state === "done" ? ago(1) : null,
      presses: id === "make" ? ["Open the console.", "Press **Regenerate token**."] : [],
      attest: id === "retire" ? "token-age" : null,
    };
  };
  return {
    createdAt: ago(400_000),
    expiresAt: ago(-20_000),
    expiryAssumed: true,
    steps: began === null ? [] : STEPS.map(step),
    complete: false,
  };
}

export function ranges(): AddressRangesView {
  return {
    cloud: "Public",
    fileChange: 341,
    readAt: ago(1),
    v4: 3,
    v6: 1,
    entries: 3,
    limit: 1000,
    aboveLimit: 0,
    text: "20.190.128.0/18\n40.126.0.0/18\n2603:1006:2000::/48\n",
    comparedWith: ago(10_000),
    added: ["40.126.0.0/18"],
    gone: ["13.64.151.161/32"],
  };
}
