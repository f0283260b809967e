import "./styles/tokens.css";
import "./styles/base.css";

import { mount } from "svelte";

import App from "./App.svelte";

if (__DEV_HARNESS__) {
  const { standIn } = await import("./dev/harness");
  standIn();
}

/** Puts the page in the place of the start page that stands in the file. */
function begin(): void {
  const target = document.getElementById("app");
  if (target?.querySelector("#opening")) {
    target.replaceChildren();
    mount(App, { target });
  }
}

// What stands in the file is painted first. A window that is not shown draws no frame.
requestAnimationFrame(() => setTimeout(begin));
setTimeout(begin, 300);
