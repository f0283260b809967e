// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { AimQuestion } from "./AimQuestion";
import type { AppInfo } from "./AppInfo";
import type { ApplyEvent } from "./ApplyEvent";
import type { ApplyRequest } from "./ApplyRequest";
import type { ApplyResult } from "./ApplyResult";
import type { Attest } from "./Attest";
import type { CancelJob } from "./CancelJob";
import type { Cancelled } from "./Cancelled";
import type { ChangeSetup } from "./ChangeSetup";
import type { ChecklistRequest } from "./ChecklistRequest";
import type { ChecklistText } from "./ChecklistText";
import type { CreateSetup } from "./CreateSetup";
import type { CycleWatched } from "./CycleWatched";
import type { DirectoryFound } from "./DirectoryFound";
import type { DiscoverWorkspace } from "./DiscoverWorkspace";
import type { Discovery } from "./Discovery";
import type { ExportCode } from "./ExportCode";
import type { Exported } from "./Exported";
import type { FollowLink } from "./FollowLink";
import type { ForgetSecret } from "./ForgetSecret";
import type { HandOver } from "./HandOver";
import type { HandedOver } from "./HandedOver";
import type { HealthView } from "./HealthView";
import type { HelpOf } from "./HelpOf";
import type { HelpText } from "./HelpText";
import type { KeepToken } from "./KeepToken";
import type { KeptAddressRanges } from "./KeptAddressRanges";
import type { KeyringView } from "./KeyringView";
import type { LinkView } from "./LinkView";
import type { LocalGroupsView } from "./LocalGroupsView";
import type { MoveView } from "./MoveView";
import type { ObserveEvent } from "./ObserveEvent";
import type { OpenSetup } from "./OpenSetup";
import type { OpenSetupFile } from "./OpenSetupFile";
import type { PhaseEvent } from "./PhaseEvent";
import type { PlanFix } from "./PlanFix";
import type { PlanView } from "./PlanView";
import type { PracticeCredentials } from "./PracticeCredentials";
import type { PressInPortal } from "./PressInPortal";
import type { ProvisionOne } from "./ProvisionOne";
import type { ProvisionedOne } from "./ProvisionedOne";
import type { ReadMore } from "./ReadMore";
import type { RecogniseToken } from "./RecogniseToken";
import type { RecogniseUrl } from "./RecogniseUrl";
import type { RegistrationGuide } from "./RegistrationGuide";
import type { RenameSetup } from "./RenameSetup";
import type { RollbackView } from "./RollbackView";
import type { RotationView } from "./RotationView";
import type { RowWindow } from "./RowWindow";
import type { RowsRequest } from "./RowsRequest";
import type { SaveChecklist } from "./SaveChecklist";
import type { SaveInto } from "./SaveInto";
import type { SaveMoveReport } from "./SaveMoveReport";
import type { Saved } from "./Saved";
import type { ScenarioList } from "./ScenarioList";
import type { SearchDirectory } from "./SearchDirectory";
import type { ServiceTags } from "./ServiceTags";
import type { SetTheme } from "./SetTheme";
import type { SetupList } from "./SetupList";
import type { SetupView } from "./SetupView";
import type { SignInEvent } from "./SignInEvent";
import type { StartJob } from "./StartJob";
import type { StartPractice } from "./StartPractice";
import type { TipList } from "./TipList";
import type { TipsOf } from "./TipsOf";
import type { TokenReading } from "./TokenReading";
import type { UrlReading } from "./UrlReading";
import type { UseConnector } from "./UseConnector";
import type { WithdrawAttestation } from "./WithdrawAttestation";

/** What the page may ask Rust for; `never` where no progress is sent. */
export type Commands = {
  /** Version, world, keyring, platform, folders: what the bar and the start page show. */
  app_info: { request: null; answer: AppInfo; event: never };
  /** Keeps the theme. */
  set_theme: { request: SetTheme; answer: AppInfo; event: never };
  /** Every set-up of the data folder, also those that cannot be read. */
  list_setups: { request: null; answer: SetupList; event: never };
  /** Makes a set-up, saves it and opens it. */
  create_setup: { request: CreateSetup; answer: SetupView; event: never };
  /** Opens a set-up of the data folder. */
  open_setup: { request: OpenSetup; answer: SetupView; event: never };
  /** Opens a set-up file from elsewhere (a hand-over): it is copied into the data folder first. */
  open_setup_file: { request: OpenSetupFile; answer: SetupView; event: never };
  /** Closes the open set-up; running jobs are cancelled. */
  close_setup: { request: null; answer: SetupList; event: never };
  /** Gives the open set-up another name. */
  rename_setup: { request: RenameSetup; answer: SetupView; event: never };
  /** Deletes a set-up's file and its secrets. What was set up in Entra and Databricks stays. */
  delete_setup: { request: OpenSetup; answer: SetupList; event: never };
  /** The open set-up as it stands. */
  current_setup: { request: null; answer: SetupView; event: never };
  /** Changes one thing of the open set-up and saves it. */
  change_setup: { request: ChangeSetup; answer: SetupView; event: never };
  /** Reads a pasted SCIM URL while it is typed; sends nothing. */
  recognise_url: { request: RecogniseUrl; answer: UrlReading; event: never };
  /** Reads a pasted token while it is typed; keeps and sends nothing. */
  recognise_token: { request: RecogniseToken; answer: TokenReading; event: never };
  /** Takes a good SCIM URL into the open set-up. */
  use_url: { request: RecogniseUrl; answer: SetupView; event: never };
  /** Asks the vault again which secrets the open set-up has; may wait for a person to unlock the keyring. */
  secrets: { request: null; answer: SetupView; event: never };
  /** Puts a secret into the vault, straight from the paste field. */
  keep_token: { request: KeepToken; answer: SetupView; event: never };
  /** Removes a secret from the vault. */
  forget_secret: { request: ForgetSecret; answer: SetupView; event: never };
  /** Asks the keyring by write, read and delete; may wait for a person to unlock it. */
  keyring_probe: { request: null; answer: KeyringView; event: never };
  /** Keeps secrets in memory for this run, on the person's choice. */
  use_memory_vault: { request: null; answer: KeyringView; event: never };
  /** Learns account id, cloud and tenant from a workspace URL; needs no token. */
  discover_workspace: { request: DiscoverWorkspace; answer: Discovery; event: never };
  /** The connection doctor on the open set-up's URL and token; writes nothing. */
  test_connection: { request: StartJob; answer: SetupView; event: PhaseEvent };
  /** Looks which Databricks connectors the tenant has, and at nothing else. */
  find_connectors: { request: StartJob; answer: SetupView; event: ObserveEvent };
  /** Goes over every enterprise application of the tenant for connectors of another template; goes on where it was broken off. */
  deep_scan: { request: StartJob; answer: SetupView; event: ObserveEvent };
  /** Takes a connector over as it stands: its name, and what the address in it says of journey, cloud and account. */
  use_connector: { request: UseConnector; answer: SetupView; event: never };
  /** Looks at both sides and judges every check; writes nothing. */
  observe: { request: StartJob; answer: SetupView; event: ObserveEvent };
  /** Signs in to Entra in the way the set-up names, with read permissions. */
  sign_in: { request: StartJob; answer: SetupView; event: SignInEvent };
  /** Asks for write permissions as well, when a plan is about to be confirmed. An app has them or not. */
  allow_writing: { request: StartJob; answer: SetupView; event: SignInEvent };
  /** Takes the person's sign-in to Azure Databricks, as the second credential. In memory; on Azure alone. */
  sign_in_to_databricks: { request: StartJob; answer: SetupView; event: SignInEvent };
  /** Gets a new token: permissions and roles granted a moment ago are in new tokens only. */
  renew_sign_in: { request: StartJob; answer: SetupView; event: never };
  /** Forgets the sign-in to Entra. */
  sign_out: { request: null; answer: SetupView; event: never };
  /** How to make the registration Usher signs in with: permissions and why each. */
  registration_guide: { request: null; answer: RegistrationGuide; event: never };
  /** Reads the tenant's people and groups into the tables. */
  load_directory: { request: StartJob; answer: SetupView; event: ObserveEvent };
  /** Searches people or groups on Entra's side, where not everybody was read. */
  search_directory: { request: SearchDirectory; answer: DirectoryFound; event: never };
  /** A window of a table. */
  rows: { request: RowsRequest; answer: RowWindow; event: never };
  /** The changes that would bring the world to what the set-up asks; from what was observed last. */
  plan: { request: null; answer: PlanView; event: never };
  /** A move: every connector and workspace that was seen, and how many people are covered. */
  move_view: { request: null; answer: MoveView; event: never };
  /** A move: takes the workspaces behind the connectors into the set-up; asks each who it is, without a token. */
  name_workspaces: { request: StartJob; answer: SetupView; event: ObserveEvent };
  /** A move: workspace-local groups, and in which order to work on them. */
  local_groups: { request: null; answer: LocalGroupsView; event: never };
  /** A move: writes one of its texts into a folder. */
  save_move_report: { request: SaveMoveReport; answer: Saved; event: never };
  /** The changes that would put one check right, and no other; from what was observed last. */
  plan_fix: { request: PlanFix; answer: PlanView; event: never };
  /** Carries the confirmed plan out through the journal. */
  apply: { request: ApplyRequest; answer: ApplyResult; event: ApplyEvent };
  /** After a run that ended in the middle: asks the world what became of what was begun. Changes nothing. */
  resume: { request: StartJob; answer: ApplyResult; event: ApplyEvent };
  /** What a rollback would do, from what was observed last. */
  planned_rollback: { request: null; answer: RollbackView; event: never };
  /** Takes back what the journal says was done, newest first, where it can be. */
  rollback: { request: StartJob; answer: ApplyResult; event: ApplyEvent };
  /** Provisions one assigned person now, and reads them back from Databricks field by field. */
  provision_one: { request: ProvisionOne; answer: ProvisionedOne; event: ApplyEvent };
  /** Watches the cycle that began with the last start until it ends, then looks at both sides. */
  watch_cycle: { request: StartJob; answer: CycleWatched; event: ApplyEvent };
  /** Cancels a job; it answers with the failure `cancelled`. */
  cancel: { request: CancelJob; answer: Cancelled; event: never };
  /** A person's word for a check that Usher could not see. */
  attest: { request: Attest; answer: SetupView; event: never };
  /** Takes that word back. */
  withdraw_attestation: { request: WithdrawAttestation; answer: SetupView; event: never };
  /** What is wrong with a sync that runs, beside the findings: quarantine, failures by cause, what changed since the last look. */
  health: { request: null; answer: HealthView; event: never };
  /** Writes everybody the failures of the provisioning log concern into a folder, as CSV. */
  save_failures: { request: SaveInto; answer: Saved; event: never };
  /** What to know at a step. */
  tips: { request: TipsOf; answer: TipList; event: never };
  /** How the token stands, and the steps of the renewal that is under way. */
  rotation: { request: null; answer: RotationView; event: never };
  /** Writes a calendar file that speaks up before the token ends. */
  save_reminder: { request: SaveInto; answer: Saved; event: never };
  /** Entra's address ranges, from the service-tags file that was read last on this machine. */
  address_ranges: { request: null; answer: KeptAddressRanges; event: never };
  /** Reads a service-tags file, and says what changed since the one before. */
  read_address_ranges: { request: OpenSetupFile; answer: KeptAddressRanges; event: never };
  /** The same from the file's text, which was chosen or dropped in the window. */
  take_address_ranges: { request: ServiceTags; answer: KeptAddressRanges; event: never };
  /** Writes the ranges as entries of a Databricks IP access list. */
  save_address_ranges: { request: SaveInto; answer: Saved; event: never };
  /** The URL behind a link, for showing and copying. */
  link: { request: FollowLink; answer: LinkView; event: never };
  /** Opens a link in the system's browser. */
  open_link: { request: FollowLink; answer: LinkView; event: never };
  /** Opens a page of documentation that a finding or a fault names; refuses every other address. */
  read_more: { request: ReadMore; answer: null; event: never };
  /** The help beside a page. */
  help: { request: HelpOf; answer: HelpText; event: never };
  /** Whether automatic identity management is the better answer, asked before a set-up on Azure begins. */
  aim_question: { request: null; answer: AimQuestion; event: never };
  /** The checklist as text. */
  checklist: { request: ChecklistRequest; answer: ChecklistText; event: never };
  /** Writes the checklist into a folder. */
  save_checklist: { request: SaveChecklist; answer: Saved; event: never };
  /** Writes the set-up as code into a folder of its own, secrets as variables. */
  export_code: { request: ExportCode; answer: Exported; event: never };
  /** Writes a set-up file without secrets and a one-page note for the other admin. */
  hand_over: { request: HandOver; answer: HandedOver; event: never };
  /** The scenarios one can practise. */
  practice_scenarios: { request: null; answer: ScenarioList; event: never };
  /** Starts a practice tenant and moves the session into it. */
  start_practice: { request: StartPractice; answer: AppInfo; event: never };
  /** Ends practice and goes back to the real clouds. */
  leave_practice: { request: null; answer: AppInfo; event: never };
  /** The practice portal: the values an admin would copy from the consoles. Worth nothing elsewhere. */
  practice_credentials: { request: null; answer: PracticeCredentials; event: never };
  /** Presses something in the practice portal, as an admin would in a console. */
  press_in_portal: { request: PressInPortal; answer: PracticeCredentials; event: never };
};
