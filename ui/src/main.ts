import "./styles/tokens.css";
import "./styles/base.css";

import { mount } from "svelte";

import App from "./App.svelte";

if (__DEV_HARNESS__) {
  const { standIn } = await import("./dev/harness");
  standIn();
}

const target = document.getElementById("app");
if (target) mount(App, { target });
