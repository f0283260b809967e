// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { ConnectionTest } from "./ConnectionTest";
import type { ConnectorView } from "./ConnectorView";
import type { Counts } from "./Counts";
import type { Failure } from "./Failure";
import type { FindingView } from "./FindingView";
import type { JournalView } from "./JournalView";
import type { SecretView } from "./SecretView";
import type { Setup } from "./Setup";
import type { SignedInView } from "./SignedInView";
import type { Step } from "./Step";
import type { UrlReading } from "./UrlReading";

/**
 * The open set-up with everything the pages show.
 */
export type SetupView = { 
/**
 * The set-up's id: its file's stem.
 */
id: string, 
/**
 * The set-up file's content.
 */
setup: Setup, 
/**
 * The file's full path.
 */
path: string, 
/**
 * When it was saved last.
 */
savedAt: string, 
/**
 * The rail.
 */
steps: Array<Step>, 
/**
 * The step to go on with.
 */
nextStep: string, 
/**
 * Every finding of the journey, in the catalogue's order.
 */
findings: Array<FindingView>, 
/**
 * How many are due when.
 */
counts: Counts, 
/**
 * The check to begin with; `None`: nothing fails.
 */
first: string | null, 
/**
 * When both sides were observed last; `None`: not in this run.
 */
observedAt: string | null, 
/**
 * The set-up's SCIM URL, read.
 */
url: UrlReading, 
/**
 * The last connection test of this run.
 */
connection: ConnectionTest | null, 
/**
 * Who is signed in to Entra; `None`: nobody.
 */
signedIn: SignedInView | null, 
/**
 * The Databricks connectors of the tenant; `None`: not looked for.
 */
connectors: Array<ConnectorView> | null, 
/**
 * What the journal beside the file tells.
 */
journal: JournalView, 
/**
 * The secrets that are kept for it.
 */
secrets: Array<SecretView>, 
/**
 * Why the vault could not be listed.
 */
vaultFailure: Failure | null, };
