// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { PortalGuide } from "./PortalGuide";
import type { StepState } from "./StepState";

/**
 * A step of the rail.
 */
export type Step = { 
/**
 * A stable id: `prepare`, `enable`, `test`, `sign-in`, `application`, `connection`, `settings`, `people`, `start`, `checklist`;
 * in a move `connectors`, `coverage`, `move` and `tidy-up` as well.
 */
id: string, 
/**
 * The rail's label.
 */
title: string, 
/**
 * The heading of its page.
 */
heading: string, 
/**
 * What it is for, in a few sentences. Portal labels stand in `**bold**`.
 */
purpose: string, 
/**
 * How it stands.
 */
state: StepState, 
/**
 * Why it cannot be done yet; with `blocked`.
 */
why: string | null, 
/**
 * The checks that belong to it, in the catalogue's order.
 */
checks: Array<string>, 
/**
 * How it is done by hand in a portal; none where there is nothing to do in one.
 */
guide: PortalGuide | null, };
