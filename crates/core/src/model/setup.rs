//! The set-up file, `usher.setup/1`: everything an admin decided, and no secret (`contracts/cli.md`).
//!
//! Unknown fields are kept out of meaning but not out of the file: a newer Usher's additions survive a save by an older one.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use super::{DatabricksCloud, EntraCloud};

/// The schema this version writes.
pub const SETUP_SCHEMA: &str = "usher.setup/1";

/// The connector's name in the Entra gallery, and an application's name where a set-up gives none (facts/entra §0).
pub const GALLERY_NAME: &str = "Azure Databricks SCIM Provisioning Connector";

/// Which of the three journeys a set-up is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Journey {
    /// Account provisioning.
    #[default]
    Account,
    /// One workspace (legacy).
    Workspace,
    /// Workspace connectors to the account.
    Migrate,
}

/// A set-up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Setup {
    /// `usher.setup/1`.
    pub schema: String,
    /// The name people gave it.
    pub name: String,
    /// The journey.
    pub journey: Journey,
    /// The Databricks cloud.
    pub cloud: DatabricksCloud,
    /// The Entra side.
    #[serde(default)]
    pub entra: EntraSetup,
    /// The Databricks side.
    #[serde(default)]
    pub databricks: DatabricksSetup,
    /// What is wanted.
    #[serde(default)]
    pub want: Wanted,
    /// What a person attested, by check id.
    #[serde(default)]
    pub attested: BTreeMap<String, Attestation>,
    /// What a newer version wrote and this one does not know.
    #[serde(flatten)]
    #[ts(skip)]
    pub unknown: Map<String, Value>,
}

/// How Usher signs in to Microsoft Graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum SignIn {
    /// App-only, with a client secret.
    ClientSecret,
    /// The system browser, with PKCE on a loopback redirect.
    Browser,
    /// A code typed on another device.
    DeviceCode,
    /// No Graph at all: Entra's steps are done and attested by hand.
    ByHand,
}

/// The Entra side of a set-up.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct EntraSetup {
    /// The Entra cloud.
    pub cloud: EntraCloud,
    /// The tenant: a GUID or a verified domain.
    pub tenant_id: Option<String>,
    /// How Usher signs in; `None` until it is chosen.
    pub sign_in: Option<SignIn>,
    /// Application (client) id of the registration Usher signs in with.
    pub client_id: Option<String>,
    /// The enterprise application.
    pub app: EntraApp,
    /// What the last scan of every enterprise application found; absent: there was none to the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub deep_scan: Option<DeepScan>,
}

/// A scan of every enterprise application of the tenant, for connectors that were not made from the gallery's template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeepScan {
    /// When it ended.
    #[ts(type = "string")]
    pub at: Timestamp,
    /// Object ids of the service principals that provision to Databricks.
    pub found: Vec<String>,
    /// How many applications did not answer, so that nothing is known of them.
    #[serde(default)]
    pub unreadable: u32,
}

/// The enterprise application of the connector.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct EntraApp {
    /// Its display name, given or wanted.
    pub display_name: Option<String>,
    /// The service principal's object id, once it is known.
    pub service_principal_id: Option<String>,
}

impl EntraApp {
    /// The name it has or is to get: what the set-up says, else the gallery's. One rule for looking and for creating, so that
    /// an application that is there is never made a second time.
    pub fn name(&self) -> &str {
        let given = self.display_name.as_deref();
        given
            .filter(|name| !name.trim().is_empty())
            .unwrap_or(GALLERY_NAME)
    }
}

/// The Databricks side of a set-up.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct DatabricksSetup {
    /// The account id, a UUID.
    pub account_id: Option<String>,
    /// The SCIM URL, as Entra is to hold it.
    pub scim_url: Option<String>,
    /// Client id of a Databricks service principal for what the SCIM token cannot see.
    pub service_principal_client_id: Option<String>,
    /// On Azure, where a person signs in to Entra: that person's own sign-in is the second credential.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub as_signed_in: bool,
    /// When the SCIM token was made.
    #[ts(type = "string | null")]
    pub token_created_at: Option<Timestamp>,
    /// When the token expires.
    #[ts(type = "string | null")]
    pub token_expires_at: Option<Timestamp>,
    /// When the renewal of the token began that is under way.
    #[ts(type = "string | null")]
    pub token_rotation_began_at: Option<Timestamp>,
    /// The workspaces this set-up is about.
    pub workspaces: Vec<WorkspaceSetup>,
}

/// A workspace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WorkspaceSetup {
    /// The workspace id, as text.
    pub id: String,
    /// The workspace's URL.
    pub url: String,
    /// A person's word on whether it is identity-federated; what the account says counts more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub federated: Option<bool>,
}

/// Which people a connector brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Only assigned users and groups (`SyncAll` false).
    Assigned,
    /// All users and groups (`SyncAll` true).
    All,
}

/// Whether the sync is to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Provisioning {
    /// Running.
    On,
    /// Paused.
    Off,
}

/// What the set-up asks for. `None` means: not asked, leave as found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Wanted {
    /// Entra's "Assignment required?".
    pub assignment_required: Option<bool>,
    /// Entra's scope setting.
    pub scope: Option<Scope>,
    /// Entra's "Provisioning Status".
    pub provisioning: Option<Provisioning>,
    /// Where failures are reported.
    pub notification_email: Option<String>,
    /// Accidental-deletion prevention: the number of deletions in a cycle above which they are held.
    pub delete_threshold: Option<u32>,
    /// Who is to be assigned.
    pub assign: Vec<WantedAssignment>,
    /// Put wrong attribute mappings right.
    pub repair_mappings: bool,
    /// Migrate: assign to the account app what only old connectors assign.
    pub cover_gaps: bool,
    /// Migrate: service principal ids of the connectors to pause; `None`: every connector of a federated workspace.
    pub retire: Option<Vec<String>>,
    /// Migrate: take assignments off connectors already paused.
    pub unassign_retired: bool,
    /// Migrate: while old connectors are paused, people who leave the account connector's scope keep their accounts.
    pub safety_belt: bool,
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            assignment_required: None,
            scope: None,
            provisioning: None,
            notification_email: None,
            delete_threshold: None,
            assign: Vec::new(),
            repair_mappings: false,
            cover_gaps: true,
            retire: None,
            unassign_retired: false,
            safety_belt: false,
        }
    }
}

/// A user or a group that is to be assigned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WantedAssignment {
    /// User or group.
    #[serde(rename = "type")]
    pub kind: PrincipalKind,
    /// Entra object id.
    pub id: String,
    /// For people.
    #[serde(default)]
    pub display_name: Option<String>,
}

/// What can be assigned to an enterprise application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum PrincipalKind {
    /// A person.
    User,
    /// A group.
    Group,
    /// A service principal; the connector does not carry it.
    ServicePrincipal,
}

/// A person's word for what Usher could not see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Attestation {
    /// Who says it.
    pub by: String,
    /// When.
    #[ts(type = "string")]
    pub at: Timestamp,
    /// What was seen, in the person's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}
