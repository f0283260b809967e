// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * A workspace.
 */
export type InventoryWorkspace = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its name and id, for people.
 */
label: string, 
/**
 * Its URL.
 */
url: string, 
/**
 * Whether the set-up names it: only then its token can be kept.
 */
named: boolean, 
/**
 * Whether it is identity-federated; `None`: not known.
 */
federated: boolean | null, 
/**
 * Whether that is a person's word.
 */
said: boolean, 
/**
 * How many users it has.
 */
users: number | null, 
/**
 * How many workspace-local groups.
 */
localGroups: number | null, 
/**
 * How many account groups are in it.
 */
accountGroups: number | null, 
/**
 * How many users and groups are assigned to it from the account.
 */
assigned: number | null, 
/**
 * Its plan, as Databricks writes it.
 */
plan: string | null, 
/**
 * What could not be seen, and what would tell; each once.
 */
unseen: Array<string>, };
