import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";

import svelteConfig from "./svelte.config.js";

export default ts.config(
  { ignores: ["dist", "src/ipc/bindings"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser, __DEV_HARNESS__: "readonly" } } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    // TypeScript (svelte-check) knows the browser's types better than a list of names.
    rules: { "no-undef": "off" },
  },
  {
    rules: {
      // The window's content policy has no 'unsafe-inline': a literal style attribute would be dropped in silence.
      "no-restricted-syntax": [
        "error",
        {
          selector: "CallExpression[callee.name='$state']",
          message: "Write `$state.raw`: the build follows no deep state.",
        },
        { selector: "SvelteAttribute[key.name='style']", message: "Write a `style:` directive or a class." },
      ],
      "svelte/require-each-key": "error",
      "svelte/no-at-html-tags": "error",
      // Maps and sets here are replaced, never changed: what is shown is a value.
      "svelte/prefer-svelte-reactivity": "off",
    },
  },
  {
    // One door to Rust: nothing outside src/ipc may know Tauri (src/dev stands in for it, outside the bundle).
    files: ["src/**"],
    ignores: ["src/ipc/**", "src/dev/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: ["@tauri-apps/*"], message: "Only src/ipc speaks to Tauri." }] },
      ],
    },
  },
);
