//! Set-ups: the list, the open one, and what can be changed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use usher_core::journey::Step;
use usher_core::model::setup::{
    EntraApp, Journey, Provisioning, Scope, SignIn, WantedAssignment, WorkspaceSetup,
};
use usher_core::model::{DatabricksCloud, EntraCloud, Setup};

use super::connection::ConnectionTest;
use super::connector::ConnectorView;
use super::failure::Failure;
use super::plan::JournalView;
use super::reading::UrlReading;
use super::secret::SecretView;
use super::sign_in::SignedInView;
use super::step::{Counts, FindingView};

/// A line of the list of set-ups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetupSummary {
    /// The set-up's id: its file's stem.
    pub id: String,
    /// Its name; the id where the file cannot be read.
    pub name: String,
    /// The journey.
    pub journey: Option<Journey>,
    /// The cloud.
    pub cloud: Option<DatabricksCloud>,
    /// When it was saved last.
    #[ts(type = "string | null")]
    pub saved_at: Option<Timestamp>,
    /// Why it cannot be opened; the file is left as it is.
    pub failure: Option<Failure>,
}

/// All set-ups of the data folder, the last saved first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetupList {
    /// The set-ups.
    pub setups: Vec<SetupSummary>,
    /// Why the folder itself cannot be read.
    pub failure: Option<Failure>,
}

/// The open set-up with everything the pages show.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetupView {
    /// The set-up's id: its file's stem.
    pub id: String,
    /// The set-up file's content.
    pub setup: Setup,
    /// The file's full path.
    pub path: String,
    /// When it was saved last.
    #[ts(type = "string")]
    pub saved_at: Timestamp,
    /// The rail.
    pub steps: Vec<Step>,
    /// The step to go on with.
    pub next_step: String,
    /// Every finding of the journey, in the catalogue's order.
    pub findings: Vec<FindingView>,
    /// How many are due when.
    pub counts: Counts,
    /// The check to begin with; `None`: nothing fails.
    pub first: Option<String>,
    /// When both sides were observed last; `None`: not in this run.
    #[ts(type = "string | null")]
    pub observed_at: Option<Timestamp>,
    /// The set-up's SCIM URL, read.
    pub url: UrlReading,
    /// The last connection test of this run.
    pub connection: Option<ConnectionTest>,
    /// Who is signed in to Entra; `None`: nobody.
    pub signed_in: Option<SignedInView>,
    /// The Databricks connectors of the tenant; `None`: not looked for.
    pub connectors: Option<Vec<ConnectorView>>,
    /// What the journal beside the file tells.
    pub journal: JournalView,
    /// The secrets that are kept for it.
    pub secrets: Vec<SecretView>,
    /// Why the vault could not be listed.
    pub vault_failure: Option<Failure>,
}

/// Makes a set-up.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CreateSetup {
    /// Its name.
    pub name: String,
    /// The journey.
    pub journey: Journey,
    /// The Databricks cloud.
    pub cloud: DatabricksCloud,
}

/// Names a set-up of the data folder.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OpenSetup {
    /// The set-up's id.
    pub id: String,
}

/// Names a set-up file anywhere.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OpenSetupFile {
    /// Its path, or a `file://` URL as a file manager copies it.
    pub path: String,
}

/// Renames the open set-up.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RenameSetup {
    /// The new name.
    pub name: String,
}

/// Changes one thing.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangeSetup {
    /// What.
    pub change: SetupChange,
}

/// One thing of a set-up. `null` takes a value away.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(tag = "set", content = "to", rename_all = "kebab-case")]
pub enum SetupChange {
    /// The journey.
    Journey(Journey),
    /// The Databricks cloud.
    Cloud(DatabricksCloud),
    /// The Entra cloud.
    EntraCloud(EntraCloud),
    /// The tenant: a GUID or a verified domain.
    TenantId(Option<String>),
    /// How Usher signs in.
    SignIn(Option<SignIn>),
    /// The registration Usher signs in with.
    ClientId(Option<String>),
    /// The enterprise application's name, given or wanted.
    AppName(Option<String>),
    /// The enterprise application: its service principal's object id.
    AppId(Option<String>),
    /// The same two at once: an application that was found, or a name to make one by.
    App(EntraApp),
    /// The account id.
    AccountId(Option<String>),
    /// Client id of a Databricks service principal.
    DatabricksClientId(Option<String>),
    /// Whether the signed-in person's own sign-in is the second Databricks credential.
    AsSignedIn(bool),
    /// When the SCIM token was made.
    TokenCreatedAt(#[ts(type = "string | null")] Option<Timestamp>),
    /// When it expires.
    TokenExpiresAt(#[ts(type = "string | null")] Option<Timestamp>),
    /// When the renewal of the token began; `null` ends it.
    TokenRotationBeganAt(#[ts(type = "string | null")] Option<Timestamp>),
    /// The workspaces.
    Workspaces(Vec<WorkspaceSetup>),
    /// "Assignment required?".
    AssignmentRequired(Option<bool>),
    /// The scope.
    Scope(Option<Scope>),
    /// Whether the sync is to run.
    Provisioning(Option<Provisioning>),
    /// Where failures are reported.
    NotificationEmail(Option<String>),
    /// Deletions in a cycle above which they are held.
    DeleteThreshold(Option<u32>),
    /// Everyone who is to be assigned.
    Assign(Vec<WantedAssignment>),
    /// One more.
    AddAssignment(WantedAssignment),
    /// One less, by object id.
    RemoveAssignment(String),
    /// Put wrong attribute mappings right.
    RepairMappings(bool),
    /// Move: cover what only old connectors assign.
    CoverGaps(bool),
    /// Move: the connectors to pause; `null`: every one of a federated workspace.
    Retire(Option<Vec<String>>),
    /// Move: take assignments off paused connectors.
    UnassignRetired(bool),
    /// `want.safetyBelt`.
    SafetyBelt(bool),
}

/// A person's word for a check.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Attest {
    /// The check's id.
    pub check: String,
    /// Who says it.
    pub by: String,
    /// What was seen.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub note: Option<String>,
}

/// Takes a word back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WithdrawAttestation {
    /// The check's id.
    pub check: String,
}
