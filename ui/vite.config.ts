import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { build, type Plugin, type Rolldown } from "vite";
import { defineConfig } from "vitest/config";

/**
 * What this page has no use for and the bundler cannot see to be dead, 3 KiB packed: taking over a page that a server has
 * rendered, and following changes deep inside an object. State here is always replaced as a whole (`$state.raw`, ESLint sees to it).
 */
const UNUSED: Record<string, readonly (readonly [from: string, to: string])[]> = {
  "dom/hydration.js": [
    ["export let hydrating = false;", "export const hydrating = false;"],
    ["hydrating = value;", ""],
  ],
  "proxy.js": [["export function proxy(value) {", "export function proxy(value) { return value;"]],
};

function withoutUnused(): Plugin {
  return {
    name: "without-unused",
    apply: "build",
    enforce: "pre",
    transform: {
      filter: { id: /svelte\/src\/internal\/client\// },
      handler(code, id) {
        for (const [from, to] of UNUSED[id.split("/internal/client/")[1] ?? ""] ?? []) {
          if (!code.includes(from)) throw new Error(`Svelte looks different: ${id} has no ${from}`);
          code = code.replace(from, to);
        }
        return { code, map: null };
      },
    },
  };
}

/** The start page stands in the file itself, as it is before Rust has said anything: it is read before the script has run. */
function startPage(): Plugin {
  return {
    name: "start-page",
    apply: "build",
    async transformIndexHtml(html) {
      const made = await build({
        configFile: false,
        logLevel: "error",
        plugins: [svelte()],
        define: { __DEV_HARNESS__: "false", "navigator.language": '"en"' },
        build: { ssr: "src/first.ts", write: false },
        ssr: { noExternal: true },
      });
      const { code } = (made as Rolldown.RolldownOutput).output[0];
      const { first } = (await import(
        `data:text/javascript,${encodeURIComponent(code)}`
      )) as typeof import("./src/first");
      const place = '<div id="opening" inert></div>';
      if (!html.includes(place)) throw new Error("index.html has no place for the start page");
      return html.replace(place, () => place.replace("><", `>${first()}<`));
    },
  };
}

export default defineConfig(({ command, mode }) => ({
  plugins: [withoutUnused(), startPage(), svelte(), svelteTesting()],
  clearScreen: false,
  server: { port: 1420, strictPort: true },
  build: {
    // The page is read from the binary: no preload helper, nothing inlined, so that `script-src 'self'` is enough.
    modulePreload: false,
    assetsInlineLimit: 0,
    reportCompressedSize: true,
  },
  // `src/dev` stands in for Rust while there is no window; it is never part of a build.
  define: { __DEV_HARNESS__: JSON.stringify(command === "serve" && mode !== "test") },
  test: {
    environment: "jsdom",
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    css: false,
    // What is waited for is a condition, never a time: a busy machine is slow, not wrong.
    testTimeout: 30_000,
  },
}));
