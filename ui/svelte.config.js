import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

/** @type {import("@sveltejs/vite-plugin-svelte").SvelteConfig} */
export default {
  preprocess: vitePreprocess({ script: false }),
  compilerOptions: {
    runes: true,
    // Short names: with Svelte's own the window would load 1 KiB more. test/bundle.test.ts sees that no two are the same.
    cssHash: ({ hash, filename, css }) => `u${hash(filename ?? css).slice(0, 4)}`,
  },
};
