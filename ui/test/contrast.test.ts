import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

const css = readFileSync("src/styles/tokens.css", "utf8");
const colours = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name, light, dark]) => [
    name ?? "",
    { light: light ?? "", dark: dark ?? "" },
  ]),
);

type Theme = "light" | "dark";

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(front: string, back: string, theme: Theme): number {
  const [one, two] = [front, back].map((name) => {
    const colour = colours.get(name)?.[theme];
    if (colour === undefined) throw new Error(`no colour ${name}`);
    return luminance(colour);
  });
  const [light, dark] = [Math.max(one ?? 0, two ?? 0), Math.min(one ?? 0, two ?? 0)];
  return (light + 0.05) / (dark + 0.05);
}

const SURFACES = ["ground", "surface", "raised", "sunken", "hover"];
const WASHES = ["accent-wash", "later-wash", "now-wash", "unsure-wash", "practice-wash"];

const TEXT: [string, string[]][] = [
  ["ink", [...SURFACES, ...WASHES]],
  ["ink-soft", [...SURFACES, ...WASHES]],
  ["ink-faint", [...SURFACES, ...WASHES]],
  ["accent", [...SURFACES, "accent-wash"]],
  ["fine", [...SURFACES, "accent-wash"]],
  ["later", [...SURFACES, "later-wash"]],
  ["now", [...SURFACES, "now-wash", "accent-wash"]],
  ["unsure", [...SURFACES, "unsure-wash"]],
  ["practice", [...SURFACES, "practice-wash"]],
  ["on-accent", ["accent", "accent-strong"]],
];

describe.each<Theme>(["light", "dark"])("colours of the %s theme", (theme) => {
  it.each(TEXT)("%s reads at 4.5:1 on every ground it stands on", (front, backs) => {
    for (const back of backs) expect.soft(contrast(front, back, theme), back).toBeGreaterThanOrEqual(4.5);
  });

  it("borders of controls show at 3:1", () => {
    for (const back of SURFACES) expect.soft(contrast("line-control", back, theme), back).toBeGreaterThanOrEqual(3);
  });
});
