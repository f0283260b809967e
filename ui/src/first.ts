/** The page as it first is: what the build writes into `index.html`. */
import { render } from "svelte/server";

import App from "./App.svelte";

/** Its HTML, without the marks by which Svelte would take it over: the page replaces it. */
export function first(): string {
  return render(App).body.replaceAll(/<!--.*?-->/g, "");
}
