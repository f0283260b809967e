/** Which page shows a step. A step without a page of its own is told as presses, and by what its checks found. */
import type { Component } from "svelte";

import type { StepView } from "../ipc/types";
import Application from "./Application.svelte";
import Begin from "./Begin.svelte";
import Checklist from "./Checklist.svelte";
import Connection from "./Connection.svelte";
import Enable from "./Enable.svelte";
import Guide from "./Guide.svelte";
import MoveConnectors from "./MoveConnectors.svelte";
import MoveCoverage from "./MoveCoverage.svelte";
import MoveRun from "./MoveRun.svelte";
import MoveTidyUp from "./MoveTidyUp.svelte";
import People from "./People.svelte";
import Prepare from "./Prepare.svelte";
import SignIn from "./SignIn.svelte";
import SyncSettings from "./SyncSettings.svelte";
import Test from "./Test.svelte";

type StepPage = Component<{ step: StepView }>;

const PAGES: Record<string, StepPage> = {
  prepare: Prepare,
  enable: Enable,
  test: Test,
  "sign-in": SignIn,
  checklist: Checklist,
};

/** The Entra steps that Usher does after a sign-in. Without one they are instructions. */
const SIGNED_IN: Record<string, StepPage> = {
  application: Application,
  connection: Connection,
  settings: SyncSettings,
  people: People,
  start: Begin,
  connectors: MoveConnectors,
  coverage: MoveCoverage,
  move: MoveRun,
  "tidy-up": MoveTidyUp,
};

export function pageOf({ id }: StepView, signedIn: boolean): StepPage {
  return PAGES[id] ?? (signedIn ? SIGNED_IN[id] : undefined) ?? Guide;
}
