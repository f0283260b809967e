/** Which page shows a step. A step without a page of its own is shown by what its checks found. */
import type { Component } from "svelte";

import type { StepView } from "../ipc/types";
import Checklist from "./Checklist.svelte";
import Enable from "./Enable.svelte";
import Guide, { isGuided } from "./Guide.svelte";
import Prepare from "./Prepare.svelte";
import SignIn from "./SignIn.svelte";
import StepFindings from "./StepFindings.svelte";
import Test from "./Test.svelte";

type StepPage = Component<{ step: StepView }>;

const PAGES: Record<string, StepPage> = {
  prepare: Prepare,
  enable: Enable,
  test: Test,
  "sign-in": SignIn,
  checklist: Checklist,
};

export function pageOf(id: string): StepPage {
  return PAGES[id] ?? (isGuided(id) ? Guide : StepFindings);
}
