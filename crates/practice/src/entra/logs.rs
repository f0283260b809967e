//! The provisioning logs: what the service did with each object.

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::connector::ObjectKind;

/// What was done to the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Nothing, or something without a word of its own.
    Other,
    /// The object was made.
    Create,
    /// The object was taken away.
    Delete,
    /// The account was switched off.
    Disable,
    /// Attributes or members were written.
    Update,
    /// A deletion is held until a person decides.
    StagedDelete,
}

impl Action {
    /// The word Graph uses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::Create => "create",
            Self::Delete => "delete",
            Self::Disable => "disable",
            Self::Update => "update",
            Self::StagedDelete => "stagedDelete",
        }
    }
}

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Done.
    Success,
    /// Refused or failed.
    Failure,
    /// Not to be done, with a reason.
    Skipped,
    /// Done in part.
    Warning,
}

impl Status {
    /// The word Graph uses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Skipped => "skipped",
            Self::Warning => "warning",
        }
    }
}

/// One line of the provisioning logs.
#[derive(Debug, Clone)]
pub struct ProvisioningEvent {
    /// The line's id.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// The job.
    pub job_id: String,
    /// The enterprise application.
    pub service_principal_id: Uuid,
    /// Its name.
    pub service_principal_name: String,
    /// The cycle.
    pub cycle_id: Uuid,
    /// The kind of object.
    pub kind: ObjectKind,
    /// What was done.
    pub action: Action,
    /// How it went.
    pub status: Status,
    /// Error code, what happened, what helps.
    pub error: Option<EntryError>,
    /// The object in Entra: id and name.
    pub source: (Uuid, String),
    /// The object in the target: id and name.
    pub target: Option<(String, String)>,
    /// Attributes written: name, old and new value.
    pub modified: Vec<(String, Option<String>, Option<String>)>,
}

/// Why an entry did not go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryError {
    /// One of the codes of facts on Entra §1.12.
    pub code: &'static str,
    /// What happened.
    pub reason: String,
    /// What helps.
    pub advice: &'static str,
}

impl ProvisioningEvent {
    /// The line as Graph shows it.
    #[must_use]
    pub fn to_json(&self, tenant: Uuid) -> Value {
        let error = self.error.as_ref().map(|error| {
            json!({
                "errorCode": error.code,
                "reason": error.reason,
                "additionalDetails": null,
                "errorCategory": if self.status == Status::Skipped { "nonServiceFailure" } else { "failure" },
                "recommendedAction": error.advice,
            })
        });
        let modified: Vec<Value> = self
            .modified
            .iter()
            .map(
                |(name, old, new)| json!({ "displayName": name, "oldValue": old, "newValue": new }),
            )
            .collect();
        json!({
            "id": self.id,
            "activityDateTime": self.at,
            "tenantId": tenant,
            "jobId": self.job_id,
            "cycleId": self.cycle_id,
            "changeId": self.id,
            "provisioningAction": self.action.name(),
            "durationInMilliseconds": 120,
            "initiatedBy": { "id": "", "displayName": "Azure AD Provisioning Service", "initiatorType": "system" },
            "servicePrincipal": { "id": self.service_principal_id, "displayName": self.service_principal_name },
            "sourceSystem": { "id": tenant, "displayName": "Azure Active Directory", "details": {} },
            "targetSystem": { "id": self.service_principal_id, "displayName": "DataBricks", "details": {} },
            "sourceIdentity": {
                "id": self.source.0, "displayName": self.source.1, "identityType": self.kind.name(), "details": { "id": self.source.0 },
            },
            "targetIdentity": {
                "id": self.target.as_ref().map_or("", |target| &target.0),
                "displayName": self.target.as_ref().map_or("", |target| &target.1),
                "identityType": self.kind.name(),
                "details": {},
            },
            "provisioningStatusInfo": { "status": self.status.name(), "errorInformation": error },
            "provisioningSteps": self.steps(),
            "modifiedProperties": modified,
        })
    }

    /// The steps an object goes through, the last with the outcome.
    #[must_use]
    pub fn steps(&self) -> Value {
        let object = self.kind.name();
        let step = |kind: &str, name: &str, status: &str, text: String| json!({ "name": name, "provisioningStepType": kind, "status": status, "description": text, "details": {} });
        let mut steps = vec![step(
            "import",
            "EntryImport",
            "success",
            format!(
                "Received {object} '{}' change from Azure Active Directory",
                self.source.1
            ),
        )];
        if self.status == Status::Skipped {
            let why = self
                .error
                .as_ref()
                .map_or("The object is not in scope.", |error| &error.reason);
            steps.push(step(
                "scoping",
                "EntrySynchronizationScoping",
                "skipped",
                why.to_owned(),
            ));
        } else {
            steps.push(step(
                "scoping",
                "EntrySynchronizationScoping",
                "success",
                format!("{object} is in scope"),
            ));
            steps.push(step(
                "matching",
                "EntryMatching",
                "success",
                format!("{object} was looked for in DataBricks"),
            ));
            let text = self.error.as_ref().map_or_else(
                || {
                    format!(
                        "{object} '{}' was processed ({})",
                        self.source.1,
                        self.action.name()
                    )
                },
                |error| error.reason.clone(),
            );
            steps.push(step("export", "EntryExport", self.status.name(), text));
        }
        Value::Array(steps)
    }
}
