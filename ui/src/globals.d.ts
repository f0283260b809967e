/** True only under the development server: `src/dev` stands in for Rust. */
declare const __DEV_HARNESS__: boolean;
