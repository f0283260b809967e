/** Stands in for Rust under the development server. */
export function standIn(): void {}
