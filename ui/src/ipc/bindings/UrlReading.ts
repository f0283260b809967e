// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { DatabricksCloud } from "./DatabricksCloud";
import type { Fault } from "./Fault";
import type { ReadingVerdict } from "./ReadingVerdict";
import type { UrlLevel } from "./UrlLevel";

/**
 * What the URL turned out to be.
 */
export type UrlReading = { 
/**
 * The verdict.
 */
verdict: ReadingVerdict, 
/**
 * The URL as Entra is to hold it; with `good`.
 */
url: string | null, 
/**
 * Account or workspace; with `good`.
 */
level: UrlLevel | null, 
/**
 * The host; with `good`.
 */
host: string | null, 
/**
 * The cloud, where the host tells it.
 */
cloud: DatabricksCloud | null, 
/**
 * The account id in an account URL.
 */
accountId: string | null, 
/**
 * What is wrong; with `fault`.
 */
fault: Fault | null, 
/**
 * The URL that was probably meant; with `fault`, where one can be built.
 */
offer: string | null, };
