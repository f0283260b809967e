//! Facts of one connector: an enterprise application, its secrets, its job and schema, who is assigned, what its log says.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Seen;
use crate::model::setup::PrincipalKind;

/// An enterprise application that provisions to Databricks, or is to.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Connector {
    /// Object id of the service principal.
    pub service_principal_id: String,
    /// Application (client) id.
    pub app_id: String,
    /// Display name.
    pub display_name: String,
    /// `applicationTemplateId`, where it has one.
    pub template_id: Option<String>,
    /// `accountEnabled`.
    pub account_enabled: bool,
    /// `appRoleAssignmentRequired`: "Assignment required?".
    pub assignment_required: Seen<bool>,
    /// Its app roles.
    pub app_roles: Vec<AppRole>,
    /// What is saved under "Admin credentials" and "Settings".
    pub secrets: Seen<ConnectorSecrets>,
    /// Its synchronization jobs; mostly one.
    pub jobs: Seen<Vec<Job>>,
    /// Who is assigned.
    pub assignments: Seen<Vec<Assignment>>,
    /// What `validateCredentials` said of the saved credentials.
    pub saved_credentials: Seen<CredentialCheck>,
    /// What the provisioning log says.
    pub log: Seen<LogSummary>,
}

impl Connector {
    /// The connector's Databricks job: the first of template `dataBricks`, else the first.
    pub fn job(&self) -> Option<&Job> {
        let jobs = self.jobs.value()?;
        jobs.iter()
            .find(|job| job.template_id.eq_ignore_ascii_case("dataBricks"))
            .or_else(|| jobs.first())
    }

    /// Whether a job of it runs or could run by itself; `None` where the jobs, or the state of one, are not known (rule 1: a
    /// quarantined job runs).
    pub fn is_running(&self) -> Option<bool> {
        let jobs = self.jobs.value()?;
        let mut off = Some(false);
        for job in jobs {
            match job.is_running() {
                Some(true) => return Some(true),
                Some(false) => {}
                None => off = None,
            }
        }
        off
    }

    /// The app role that assignments use: the enabled role for users named `User`, else the first enabled one for users that is
    /// no default access role; without declared roles the zero GUID (facts/entra §1.13).
    pub fn user_role(&self) -> Option<String> {
        let usable = || {
            self.app_roles
                .iter()
                .filter(|role| role.enabled && role.for_users)
        };
        let named = usable().find(|role| role.display_name == "User");
        match named
            .or_else(|| usable().find(|role| role.display_name != "msiam_access"))
            .or_else(|| usable().next())
        {
            Some(role) => Some(role.id.clone()),
            None if self.app_roles.is_empty() => Some(DEFAULT_ACCESS.to_owned()),
            None => None,
        }
    }
}

/// The app role of applications that declare none.
pub const DEFAULT_ACCESS: &str = "00000000-0000-0000-0000-000000000000";

/// An app role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppRole {
    /// Its id.
    pub id: String,
    /// Its name.
    pub display_name: String,
    /// `isEnabled`.
    pub enabled: bool,
    /// Whether `allowedMemberTypes` has `User`.
    pub for_users: bool,
}

/// The saved secrets, as Graph shows them: sensitive values are masked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConnectorSecrets {
    /// `BaseAddress`.
    pub base_address: Option<String>,
    /// Whether a non-empty `SecretToken` is stored (masked is enough).
    pub token_stored: bool,
    /// `SyncAll`.
    pub sync_all: Option<bool>,
    /// `SyncNotificationSettings`.
    pub notification: Option<Notification>,
    /// `SkipOutOfScopeDeletions`.
    pub skip_out_of_scope_deletions: Option<bool>,
    /// Every key that is stored, by name, for read-modify-write.
    pub keys: Vec<String>,
}

/// `SyncNotificationSettings`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Notification {
    /// `Enabled`.
    pub enabled: bool,
    /// `Recipients`, as it stands.
    pub recipients: String,
    /// `DeleteThresholdEnabled`.
    pub delete_threshold_enabled: bool,
    /// `DeleteThresholdValue`.
    pub delete_threshold: Option<u32>,
}

/// `schedule.state`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state", content = "text")]
pub enum ScheduleState {
    /// Active: "Provisioning Status" is On.
    Active,
    /// Disabled: never started, or switched off by the service.
    Disabled,
    /// Paused.
    Paused,
    /// A value this version does not know.
    Other(String),
}

/// `status.code`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "code", content = "text")]
pub enum JobCode {
    /// No credentials yet.
    NotConfigured,
    /// Never ran; with an active schedule this is healthy.
    NotRun,
    /// Works.
    Active,
    /// Paused.
    Paused,
    /// In quarantine.
    Quarantine,
    /// A value this version does not know.
    Other(String),
}

/// A synchronization job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    /// Its id; opaque, with dots.
    pub id: String,
    /// The synchronization template: `dataBricks`.
    pub template_id: String,
    /// `schedule.state`.
    pub state: ScheduleState,
    /// `schedule.interval` in seconds; `None` for the sentinel of a job that never ran.
    pub interval_seconds: Option<u64>,
    /// `status.code`.
    pub code: JobCode,
    /// The quarantine, where it is in one.
    pub quarantine: Option<Quarantine>,
    /// Whether a cycle is in flight: it began and has not ended.
    pub in_flight: bool,
    /// The last cycle; `None` when there was none. The "Failed" with zero counts and sentinel dates of a job that never ran is none.
    pub last: Option<Execution>,
    /// The last successful cycle.
    pub last_success: Option<Execution>,
    /// When a full cycle was first completed; `None` for the sentinel.
    pub steady_since: Option<Timestamp>,
    /// How far a running cycle is.
    pub progress: Option<Progress>,
    /// `synchronizedEntryCountByType`: how many of each type are linked.
    pub counts: Vec<(String, u64)>,
    /// Its schema.
    pub schema: Seen<JobSchema>,
}

impl Job {
    /// Whether it runs, or could by itself (rule 1): its schedule is active, or a cycle is in flight. `None`: its schedule is in
    /// a state that this version does not know.
    pub fn is_running(&self) -> Option<bool> {
        match self.state {
            _ if self.in_flight => Some(true),
            ScheduleState::Active => Some(true),
            ScheduleState::Disabled | ScheduleState::Paused => Some(false),
            ScheduleState::Other(_) => None,
        }
    }
}

/// `status.quarantine`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Quarantine {
    /// `currentBegan`, or `seriesBegan` where that is all there is.
    pub since: Option<Timestamp>,
    /// `nextAttempt`.
    pub next_attempt: Option<Timestamp>,
    /// `reason`, as it stands.
    pub reason: String,
    /// `error.code`.
    pub error_code: Option<String>,
    /// `error.message`.
    pub error_message: Option<String>,
}

impl Quarantine {
    /// Whether accidental-deletion prevention holds deletions.
    pub fn holds_deletions(&self) -> bool {
        self.reason.eq_ignore_ascii_case("TooManyDeletes")
    }

    /// Whether Entra could not sign in to Databricks or not reach it.
    pub fn is_about_credentials(&self) -> bool {
        self.reason
            .eq_ignore_ascii_case("EncounteredQuarantineException")
    }
}

/// How a cycle went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExecutionState {
    /// Everything went.
    Succeeded,
    /// The cycle failed.
    Failed,
    /// The cycle ended; some entries failed.
    EntryLevelErrors,
    /// A value this version does not know.
    Other,
}

/// A cycle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Execution {
    /// How it went.
    pub state: ExecutionState,
    /// When it began.
    pub began: Option<Timestamp>,
    /// When it ended; `None` while it runs.
    pub ended: Option<Timestamp>,
    /// `countExported`.
    pub exported: u64,
    /// `countEscrowed`: entries that failed and are tried again.
    pub escrowed: u64,
    /// `countImported`.
    pub imported: u64,
    /// `error.code`, where it is not `None`.
    pub error_code: Option<String>,
    /// `error.message`.
    pub error_message: Option<String>,
}

/// How far a cycle is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// `completedUnits`.
    pub completed: u64,
    /// `totalUnits`.
    pub total: u64,
    /// `units`; pages, not objects.
    pub units: String,
}

/// What matters of a job's schema.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct JobSchema {
    /// The id of the rule from Entra to Databricks, for provision on demand.
    pub rule_id: Option<String>,
    /// The mapping to `User`.
    pub user: Option<ObjectMapping>,
    /// The mapping to `Group`.
    pub group: Option<ObjectMapping>,
}

/// An object mapping.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ObjectMapping {
    /// Its name, as the portal shows it.
    pub name: String,
    /// Whether it is on.
    pub enabled: bool,
    /// Its attribute mappings.
    pub attributes: Vec<AttributeMapping>,
    /// Its scoping filters; groups of clauses are ORed, clauses ANDed. Empty: everyone assigned.
    pub scope: Vec<Vec<ScopeClause>>,
}

impl ObjectMapping {
    /// The mapping to a target attribute.
    pub fn to(&self, target: &str) -> Option<&AttributeMapping> {
        self.attributes
            .iter()
            .find(|mapping| mapping.target == target)
    }
}

/// An attribute mapping.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AttributeMapping {
    /// The target attribute: `userName`, `emails[type eq "work"].value`, `externalId` …
    pub target: String,
    /// The source attribute of a direct mapping, without brackets.
    pub source: Option<String>,
    /// The expression of a mapping that is no direct one, or the text of a constant.
    pub expression: Option<String>,
    /// `matchingPriority`; 0: not matched by.
    pub matching_priority: u32,
}

impl AttributeMapping {
    /// Where the value comes from, for people and for comparing.
    pub fn origin(&self) -> String {
        match (&self.source, &self.expression) {
            (Some(source), _) => source.clone(),
            (None, Some(expression)) => expression.clone(),
            (None, None) => "nothing".to_owned(),
        }
    }
}

/// A clause of a scoping filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScopeClause {
    /// The source attribute.
    pub attribute: String,
    /// The operator's name, as it stands.
    pub operator: String,
    /// The values.
    pub values: Vec<String>,
}

/// An assignment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Assignment {
    /// Its id.
    pub id: String,
    /// Who.
    pub principal_id: String,
    /// User, group or service principal.
    pub kind: PrincipalKind,
    /// The principal's name.
    pub display_name: String,
    /// The app role.
    pub app_role_id: String,
    /// When it was made.
    pub created: Option<Timestamp>,
}

/// What `validateCredentials` said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CredentialCheck {
    /// Whether they were accepted.
    pub accepted: bool,
    /// The most specific error code.
    pub code: Option<String>,
    /// The error's text.
    pub message: Option<String>,
}

/// What the provisioning log says, over the time it reaches back.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LogSummary {
    /// From when on it was read.
    pub since: Option<Timestamp>,
    /// Failures that no later success of the same object has put right, grouped by cause.
    pub failures: Vec<LogFailure>,
    /// Deletions that are held (`stagedDelete`).
    pub staged_deletes: u64,
    /// Entra ids of objects that were created or updated successfully in Databricks.
    pub exported: BTreeSet<Box<str>>,
}

/// Failures of one cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogFailure {
    /// `errorCode`.
    pub code: String,
    /// `reason`, of one of them.
    pub reason: String,
    /// Whom and what it concerns, newest first.
    pub objects: Vec<LogObject>,
}

/// A user or group of the provisioning log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogObject {
    /// Its Entra object id.
    pub id: Box<str>,
    /// Its name.
    pub name: Box<str>,
}
