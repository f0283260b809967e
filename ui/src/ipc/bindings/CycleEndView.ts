// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * How a cycle ended.
 */
export type CycleEndView = { "is": "completed", 
/**
 * Entries that failed and are tried again.
 */
escrowed: number, } | { "is": "quarantined", 
/**
 * The reason, as Entra writes it.
 */
reason: string, } | { "is": "not-yet" };
