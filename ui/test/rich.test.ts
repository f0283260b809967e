import { describe, expect, it } from "vitest";

import { pieces, presses } from "../src/parts/rich";

describe("texts from Rust", () => {
  it("marks portals' labels", () => {
    expect(pieces("Go to **Security › User provisioning**.")).toEqual([
      { text: "Go to ", label: false },
      { text: "Security › User provisioning", label: true },
      { text: ".", label: false },
    ]);
  });

  it("keeps a text without labels whole, mark-up characters included", () => {
    expect(pieces("a < b & <b>c</b>")).toEqual([{ text: "a < b & <b>c</b>", label: false }]);
  });

  it("takes a fix apart, a press a line, with or without numbers", () => {
    expect(presses("1. Open it.\n2) Press **Save**.\n\nDone.")).toEqual(["Open it.", "Press **Save**.", "Done."]);
    expect(presses("Version 2.1 is meant.")).toEqual(["Version 2.1 is meant."]);
  });
});
