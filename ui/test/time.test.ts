import { describe, expect, it } from "vitest";

import { ago, took } from "../src/words/time";

const now = Date.parse("2026-11-24T12:00:00Z");

describe("times for people", () => {
  it.each([
    ["2026-11-24T11:59:55Z", "now"],
    ["2026-11-24T11:56:00Z", "4 minutes ago"],
    ["2026-11-24T09:00:00Z", "3 hours ago"],
    ["2026-11-23T12:00:00Z", "yesterday"],
    ["2026-11-25T12:00:00Z", "tomorrow"],
    ["2025-11-20T12:00:00Z", "1 year ago"],
  ])("%s is %s", (instant, words) => {
    expect(ago(instant, now)).toBe(words);
  });

  it.each([
    [0.2, "< 1 ms"],
    [12.4, "12 ms"],
    [1449, "1.4 s"],
  ])("%d ms reads %s", (millis, words) => {
    expect(took(millis)).toBe(words);
  });
});
