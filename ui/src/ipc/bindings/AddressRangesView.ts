// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * Entra's address ranges of the file that was read last.
 */
export type AddressRangesView = { 
/**
 * The cloud, as the file names it.
 */
cloud: string, 
/**
 * The file's change number.
 */
fileChange: number, 
/**
 * When it was read.
 */
readAt: string, 
/**
 * IPv4 ranges.
 */
v4: number, 
/**
 * IPv6 ranges.
 */
v6: number, 
/**
 * Entries of an access list, neighbours merged.
 */
entries: number, 
/**
 * How many entries the lists may have in all.
 */
limit: number, 
/**
 * How many are too many.
 */
aboveLimit: number, 
/**
 * The entries, one a line.
 */
text: string, 
/**
 * When the file before was read; `None`: this is the first.
 */
comparedWith: string | null, 
/**
 * Ranges the file before did not have.
 */
added: Array<string>, 
/**
 * Ranges this file has no longer.
 */
gone: Array<string>, };
