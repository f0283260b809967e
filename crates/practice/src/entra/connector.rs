//! The provisioning half of an enterprise application: saved secrets and synchronization jobs.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use jiff::{Span, Timestamp, ToSpan};
use serde_json::Value;
use uuid::Uuid;

/// The synchronization template of the Databricks gallery application (facts on Entra §0).
pub const DATABRICKS_TEMPLATE: &str = "dataBricks";

/// Every key a saved secret may have (facts on Entra §1.9). Any other is refused.
pub const SECRET_KEYS: [&str; 45] = [
    "None",
    "UserName",
    "Password",
    "SecretToken",
    "AppKey",
    "BaseAddress",
    "ClientIdentifier",
    "ClientSecret",
    "SingleSignOnType",
    "Sandbox",
    "Url",
    "Domain",
    "ConsumerKey",
    "ConsumerSecret",
    "TokenKey",
    "TokenExpiration",
    "Oauth2AccessToken",
    "Oauth2AccessTokenCreationTime",
    "Oauth2RefreshToken",
    "SyncAll",
    "InstanceName",
    "Oauth2ClientId",
    "Oauth2ClientSecret",
    "CompanyId",
    "UpdateKeyOnSoftDelete",
    "SynchronizationSchedule",
    "SystemOfRecord",
    "SandboxName",
    "EnforceDomain",
    "SyncNotificationSettings",
    "SkipOutOfScopeDeletions",
    "Oauth2AuthorizationCode",
    "Oauth2RedirectUri",
    "ApplicationTemplateIdentifier",
    "Oauth2TokenExchangeUri",
    "Oauth2AuthorizationUri",
    "AuthenticationType",
    "Server",
    "PerformInboundEntitlementGrants",
    "HardDeletesEnabled",
    "SyncAgentCompatibilityKey",
    "SyncAgentADContainer",
    "ValidateDomain",
    "TestReferences",
    "ConnectionString",
];

/// Keys whose values are never given back: a read shows `*` (facts on Entra §1.9).
const MASKED_KEYS: [&str; 12] = [
    "Password",
    "SecretToken",
    "AppKey",
    "ClientSecret",
    "ConsumerSecret",
    "TokenKey",
    "Oauth2AccessToken",
    "Oauth2RefreshToken",
    "Oauth2ClientSecret",
    "Oauth2AuthorizationCode",
    "SyncAgentCompatibilityKey",
    "ConnectionString",
];

/// Secrets and jobs of one enterprise application. Secrets belong to the application, not to a job.
#[derive(Debug, Clone, Default)]
pub struct Synchronization {
    /// Saved secrets by key, in clear.
    pub secrets: BTreeMap<String, String>,
    /// Jobs, oldest first.
    pub jobs: Vec<Job>,
}

impl Synchronization {
    /// The job with this id.
    #[must_use]
    pub fn job(&self, id: &str) -> Option<&Job> {
        self.jobs.iter().find(|job| job.id == id)
    }

    /// The job with this id, to be changed.
    pub fn job_mut(&mut self, id: &str) -> Option<&mut Job> {
        self.jobs.iter_mut().find(|job| job.id == id)
    }

    /// A saved value, unless it is blank.
    #[must_use]
    pub fn secret(&self, key: &str) -> Option<&str> {
        self.secrets
            .get(key)
            .map(String::as_str)
            .filter(|value| !value.trim().is_empty())
    }

    /// Whether "sync all users and groups" is saved.
    #[must_use]
    pub fn sync_all(&self) -> bool {
        self.secret("SyncAll")
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// Whether people who leave the scope keep their accounts as they are.
    #[must_use]
    pub fn skip_out_of_scope_deletions(&self) -> bool {
        self.secret("SkipOutOfScopeDeletions")
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The number of deletions in one cycle above which they are held; nothing when the prevention is off.
    #[must_use]
    pub fn delete_threshold(&self) -> Option<u64> {
        let settings: Value =
            serde_json::from_str(self.secret("SyncNotificationSettings")?).ok()?;
        if settings.get("DeleteThresholdEnabled")?.as_bool()? {
            let value = settings.get("DeleteThresholdValue");
            value
                .and_then(|value| value.as_u64().or_else(|| value.as_str()?.parse().ok()))
                .or(Some(500))
        } else {
            None
        }
    }
}

/// What a read of the secrets shows for a value.
#[must_use]
pub fn masked<'a>(key: &str, value: &'a str) -> &'a str {
    if MASKED_KEYS.contains(&key) && !value.is_empty() {
        "*"
    } else {
        value
    }
}

/// `schedule.state` of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScheduleState {
    /// Created, never started.
    Disabled,
    /// Portal: Provisioning Status = On.
    Active,
    /// Stopped by a person; state is kept.
    Paused,
}

impl ScheduleState {
    /// The word Graph uses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Disabled => "Disabled",
            Self::Active => "Active",
            Self::Paused => "Paused",
        }
    }
}

/// Why a job is in quarantine, and what ended its last try.
#[derive(Debug, Clone)]
pub struct Quarantine {
    /// `EncounteredQuarantineException`, `TooManyDeletes` and so on (facts on Entra §1.7).
    pub reason: &'static str,
    /// The error's code.
    pub code: String,
    /// The error's text.
    pub message: String,
    /// When the series began.
    pub began: Timestamp,
    /// When the newest failure was.
    pub current: Timestamp,
    /// Tries so far.
    pub count: u64,
}

impl Quarantine {
    /// When the job tries again: after 6, 12 and 24 hours, then daily (facts on Entra §5.3).
    #[must_use]
    pub fn next_attempt(&self) -> Timestamp {
        let hours: Span = match self.count {
            0 | 1 => 6.hours(),
            2 => 12.hours(),
            _ => 24.hours(),
        };
        self.current.checked_add(hours).unwrap_or(self.current)
    }
}

/// How an execution ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExecutionState {
    /// Everything went.
    Succeeded,
    /// The cycle itself could not run.
    Failed,
    /// The cycle ran, some entries failed.
    EntryLevelErrors,
}

impl ExecutionState {
    /// The word Graph uses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
            Self::EntryLevelErrors => "EntryLevelErrors",
        }
    }
}

/// One cycle, finished.
#[derive(Debug, Clone)]
pub struct Execution {
    /// The id of the cycle.
    pub id: Uuid,
    /// How it ended.
    pub state: ExecutionState,
    /// When it began.
    pub began: Timestamp,
    /// When it ended.
    pub ended: Timestamp,
    /// Objects in scope.
    pub entitled: u64,
    /// Objects in scope that can be provisioned.
    pub entitled_for_provisioning: u64,
    /// Entries put aside to be tried again.
    pub escrowed: u64,
    /// Objects written.
    pub exported: u64,
    /// Writes made.
    pub exports: u64,
    /// Objects read.
    pub imported: u64,
    /// Error of the cycle: code and text.
    pub error: Option<(String, String)>,
}

/// How far the cycle in flight is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Pages done.
    pub completed: u64,
    /// Pages in all.
    pub total: u64,
    /// When this was seen.
    pub observed: Timestamp,
}

/// What kind of object a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ObjectKind {
    /// A person.
    User,
    /// A group.
    Group,
}

impl ObjectKind {
    /// The word Graph and the log use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
        }
    }
}

/// What the service remembers of an object it exported: the source-target link.
#[derive(Debug, Clone)]
pub struct Link {
    /// The kind of object.
    pub kind: ObjectKind,
    /// The id in the target.
    pub target_id: String,
    /// The name in the target, for the log.
    pub display_name: String,
    /// Attributes as they were last written.
    pub attributes: BTreeMap<String, Value>,
    /// Source ids of the members last written, for a group.
    pub members: BTreeSet<Uuid>,
    /// The object was gone from the target when it was last looked for. It is not made again before a restart (facts on Databricks §8, D22).
    pub lost: bool,
}

/// A synchronization job.
#[derive(Debug, Clone)]
pub struct Job {
    /// `dataBricks.<tenant, 32 hex>.<guid>`: opaque, with dots.
    pub id: String,
    /// The template it was made from.
    pub template_id: String,
    /// Whether it runs.
    pub schedule: ScheduleState,
    /// Mappings, as the last PUT left them.
    pub schema: Value,
    /// In quarantine, why.
    pub quarantine: Option<Quarantine>,
    /// The last execution, and the last good ones.
    pub last_execution: Option<Execution>,
    /// The last that ended without an error of the cycle.
    pub last_success: Option<Execution>,
    /// The last of those that wrote something.
    pub last_success_with_exports: Option<Execution>,
    /// When the first cycle was complete.
    pub steady_first: Option<Timestamp>,
    /// When the newest cycle was complete.
    pub steady_last: Option<Timestamp>,
    /// Failures in a row.
    pub successive_failures: u64,
    /// The cycle in flight.
    pub progress: Option<Progress>,
    /// Whether the next cycle looks at everything (initial) or at what changed (incremental).
    pub watermark: bool,
    /// Scope as it was taken at the last initial cycle: a narrower one needs a restart (facts on Entra §1.9).
    pub sync_all_in_force: bool,
    /// A person allowed the deletions held (restart `ForceDeletes`).
    pub force_deletes: bool,
    /// Links by source id.
    pub links: HashMap<Uuid, Link>,
    /// Entries that failed, to be tried again.
    pub escrows: HashSet<Uuid>,
    /// A cycle is wanted as soon as the schedule looks.
    pub due: bool,
    /// How the first reads after creation are answered, one status each.
    pub first_reads: VecDeque<u16>,
}

impl Job {
    /// A job as `POST …/jobs` makes it: switched off.
    #[must_use]
    pub fn new(id: String, template_id: String, schema: Value) -> Self {
        Self {
            id,
            template_id,
            schedule: ScheduleState::Disabled,
            schema,
            quarantine: None,
            last_execution: None,
            last_success: None,
            last_success_with_exports: None,
            steady_first: None,
            steady_last: None,
            successive_failures: 0,
            progress: None,
            watermark: false,
            sync_all_in_force: false,
            force_deletes: false,
            links: HashMap::new(),
            escrows: HashSet::new(),
            due: false,
            first_reads: VecDeque::new(),
        }
    }

    /// Starts it: resumes from the watermark, leaves quarantine, and asks for a cycle at once.
    pub fn start(&mut self) {
        self.schedule = ScheduleState::Active;
        self.quarantine = None;
        self.due = true;
    }

    /// Pauses it. A cycle in flight goes on to its end (facts on Entra §1.6).
    pub fn pause(&mut self) {
        self.schedule = ScheduleState::Paused;
        self.due = false;
    }

    /// Restarts it with a scope such as `Watermark, Escrows, QuarantineState`; empty is what the portal's button does.
    pub fn restart(&mut self, scope: &str) {
        let named: Vec<&str> = scope
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect();
        let full = named.contains(&"Full");
        let resets = |part: &str| named.is_empty() || full || named.contains(&part);
        if resets("Watermark") {
            self.watermark = false;
        }
        if resets("Escrows") {
            self.escrows.clear();
        }
        if resets("QuarantineState") {
            self.quarantine = None;
            self.successive_failures = 0;
        }
        if full || named.contains(&"ConnectorDataStore") {
            self.links.clear();
        }
        if named.contains(&"ForceDeletes") {
            self.force_deletes = true;
            self.quarantine = None;
        }
        self.schedule = ScheduleState::Active;
        self.due = true;
    }
}
