import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

/** Which file has which class name. */
const taken = new Map();

/** Short class names: with Svelte's own the window would load 1 KiB more. Two files never share one. */
function cssHash({ hash, filename, css }) {
  const file = filename ?? css;
  const name = `u${hash(file).slice(0, 3)}`;
  if ((taken.get(name) ?? file) !== file) throw new Error(`${file} and ${taken.get(name)} would share a class name`);
  taken.set(name, file);
  return name;
}

/** @type {import("@sveltejs/vite-plugin-svelte").SvelteConfig} */
export default {
  preprocess: vitePreprocess({ script: false }),
  compilerOptions: { runes: true, cssHash, discloseVersion: false },
};
