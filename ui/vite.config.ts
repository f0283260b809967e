import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

export default defineConfig(({ command, mode }) => ({
  plugins: [svelte(), svelteTesting()],
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
