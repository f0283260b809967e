import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { build, type Plugin, type Rolldown } from "vite";
import { defineConfig } from "vitest/config";

/**
 * No server ever renders this page: what Svelte holds to take over a rendered one is dead weight, 2 KiB packed. The
 * switch that Svelte guards it with becomes a constant, and the bundler drops what stands behind it.
 */
function withoutHydration(): Plugin {
  const SWITCH = "export let hydrating = false;";
  const TURN = "hydrating = value;";
  return {
    name: "without-hydration",
    apply: "build",
    enforce: "pre",
    transform: {
      filter: { id: /svelte\/src\/internal\/client\/dom\/hydration\.js$/ },
      handler(code) {
        if (!code.includes(SWITCH) || !code.includes(TURN))
          throw new Error("Svelte's hydration switch looks different");
        return { code: code.replace(SWITCH, SWITCH.replace("let", "const")).replace(TURN, ""), map: null };
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
  plugins: [withoutHydration(), startPage(), svelte(), svelteTesting()],
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
  },
}));
