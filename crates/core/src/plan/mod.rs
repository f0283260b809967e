//! What would bring the world to what is wanted: ordered [`Change`]s with typed [`Intent`]s, and the guards that refuse.
//!
//! `core` plans intents; the `entra` crate renders an intent into its exact request, for the plan's view and for sending alike.

pub mod account;
mod address;
mod by_hand;
mod guards;
pub mod migrate;
mod names;
mod starting;
pub mod undo;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub(crate) use address::of_another_side;
pub use names::field;
pub use starting::may_start;

use crate::connection::FaultCode;
use crate::model::Setup;
use crate::model::setup::{Journey, SignIn};
use crate::observation::Observation;

use crate::model::setup::{PrincipalKind, Scope};

/// The kinds of change (`contracts/cli.md`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// An application made from the gallery.
    CreateApplication,
    /// A property of the enterprise application.
    SetProperty,
    /// Endpoint and token.
    SaveCredentials,
    /// Scope, notification, accidental-deletion prevention.
    SaveSettings,
    /// The synchronization job.
    CreateJob,
    /// A wrong attribute mapping put right.
    RepairMapping,
    /// An assignment made.
    Assign,
    /// An assignment taken off.
    Unassign,
    /// The job started.
    Start,
    /// The job paused.
    Pause,
    /// The job restarted.
    Restart,
    /// One person provisioned on demand.
    ProvisionOne,
}

/// A reference to something that exists, or that an earlier change of the plan will bring.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is", content = "value")]
pub enum Reference {
    /// An id that exists.
    Existing(String),
    /// Written `{{change id.field}}` in the plan's view.
    FromChange {
        /// The change that brings it.
        change: String,
        /// The field of its answer.
        field: String,
    },
}

/// Which synchronization settings are to be written; `None`: as found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SettingsIntent {
    /// `SyncAll`.
    pub scope: Option<Scope>,
    /// `SyncNotificationSettings.Recipients` and `.Enabled`.
    pub notification_email: Option<String>,
    /// `SyncNotificationSettings.DeleteThresholdEnabled` and `.DeleteThresholdValue`.
    pub delete_threshold: Option<u32>,
    /// `SkipOutOfScopeDeletions`.
    pub skip_out_of_scope_deletions: Option<bool>,
}

/// What a change does, in types: enough to render the exact request, and to read back whether it happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "do")]
pub enum Intent {
    /// `POST /applicationTemplates/{template}/instantiate`.
    #[serde(rename_all = "camelCase")]
    CreateApplication {
        /// The gallery template's id.
        template_id: String,
        /// The name to give.
        display_name: String,
        /// Object ids of the same-named service principals seen before (rule 8).
        seen_before: Vec<String>,
    },
    /// `PATCH /servicePrincipals/{id}` with `appRoleAssignmentRequired`.
    #[serde(rename_all = "camelCase")]
    SetAssignmentRequired {
        /// The service principal.
        service_principal: Reference,
        /// The value found.
        from: bool,
        /// The value wanted.
        to: bool,
    },
    /// `PUT /servicePrincipals/{id}/synchronization/secrets` with `BaseAddress`, `SecretToken` and every setting that is there
    /// or wanted: the whole set, never a masked value (rule 6). The token itself comes from the vault when the change is sent.
    #[serde(rename_all = "camelCase")]
    SaveSecrets {
        /// The service principal.
        service_principal: Reference,
        /// The SCIM URL.
        base_address: String,
        /// The settings to write along.
        settings: SettingsIntent,
    },
    /// `POST /servicePrincipals/{id}/synchronization/jobs`, only after the credentials were accepted inline.
    #[serde(rename_all = "camelCase")]
    CreateJob {
        /// The service principal.
        service_principal: Reference,
        /// The synchronization template, `dataBricks`.
        template_id: String,
    },
    /// `PUT …/schema` with the one mapping changed.
    #[serde(rename_all = "camelCase")]
    RepairMapping {
        /// The service principal.
        service_principal: Reference,
        /// The job.
        job: Reference,
        /// The object mapping, by its target object's name: `User` or `Group`.
        object: String,
        /// The target attribute, or `None` where the object mapping itself is switched on.
        target_attribute: Option<String>,
        /// The source attribute it is to come from; `None` with an object mapping to switch on.
        source_attribute: Option<String>,
    },
    /// `POST /servicePrincipals/{id}/appRoleAssignedTo`.
    #[serde(rename_all = "camelCase")]
    Assign {
        /// The service principal.
        service_principal: Reference,
        /// Who.
        principal_id: String,
        /// User or group.
        principal_kind: PrincipalKind,
        /// The app role, read from the application; a reference where the application does not exist yet.
        app_role: Reference,
    },
    /// `DELETE /servicePrincipals/{id}/appRoleAssignedTo/{assignment}`.
    #[serde(rename_all = "camelCase")]
    Unassign {
        /// The service principal.
        service_principal: Reference,
        /// The assignment.
        assignment_id: String,
        /// Who was assigned.
        principal_id: String,
        /// User or group.
        principal_kind: PrincipalKind,
        /// The app role of the assignment, so that it can be put back.
        app_role_id: String,
    },
    /// `POST …/jobs/{id}/start`.
    #[serde(rename_all = "camelCase")]
    Start {
        /// The service principal.
        service_principal: Reference,
        /// The job.
        job: Reference,
    },
    /// `POST …/jobs/{id}/pause`.
    #[serde(rename_all = "camelCase")]
    Pause {
        /// The service principal.
        service_principal: Reference,
        /// The job.
        job: Reference,
        /// Whether a move retires the connector by it: that is done only once [`migrate::ready`] says so.
        #[serde(default)]
        retires: bool,
    },
    /// `POST …/jobs/{id}/restart` for a credential quarantine (rule 5).
    #[serde(rename_all = "camelCase")]
    Restart {
        /// The service principal.
        service_principal: Reference,
        /// The job.
        job: Reference,
        /// `resetScope`; never `Full`, never `ForceDeletes`.
        reset_scope: String,
    },
    /// `POST …/jobs/{id}/provisionOnDemand` for one user.
    #[serde(rename_all = "camelCase")]
    ProvisionOne {
        /// The service principal.
        service_principal: Reference,
        /// The job.
        job: Reference,
        /// The synchronization rule.
        rule: Reference,
        /// The person.
        user_id: String,
    },
}

impl Intent {
    /// The service principal the change is about; `None` for an application that is to be made.
    pub fn service_principal(&self) -> Option<&Reference> {
        match self {
            Intent::CreateApplication { .. } => None,
            Intent::SetAssignmentRequired {
                service_principal, ..
            }
            | Intent::SaveSecrets {
                service_principal, ..
            }
            | Intent::CreateJob {
                service_principal, ..
            }
            | Intent::RepairMapping {
                service_principal, ..
            }
            | Intent::Assign {
                service_principal, ..
            }
            | Intent::Unassign {
                service_principal, ..
            }
            | Intent::Start {
                service_principal, ..
            }
            | Intent::Pause {
                service_principal, ..
            }
            | Intent::Restart {
                service_principal, ..
            }
            | Intent::ProvisionOne {
                service_principal, ..
            } => Some(service_principal),
        }
    }
}

/// Whether a change can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Undo {
    /// Rollback takes it back.
    Yes,
    /// Nothing takes it back.
    No,
    /// A person has to.
    Manual,
}

/// One change of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// `kind` and a stable target, for instance `assign:group:6f1c…`; the same in two plans of the same world.
    pub id: String,
    /// The kind.
    pub kind: ChangeKind,
    /// A line for people.
    pub title: String,
    /// What is changed, by name.
    pub target: String,
    /// As found, in words; empty where nothing was.
    pub before: String,
    /// As it will be, in words.
    pub after: String,
    /// What is done.
    pub intent: Intent,
    /// Whether it can be taken back.
    pub undo: Undo,
    /// What must hold right before it is done, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard: Option<String>,
}

/// Why a plan is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    /// The check or guard.
    pub check: String,
    /// What is wrong, with names.
    pub title: String,
    /// What to do.
    pub fix: String,
}

/// What is wanted and cannot be done for the person: a step by hand (`contracts/cli.md`, rule 6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ByHand {
    /// The check that turns good by it.
    pub check: String,
    /// What is to be done.
    pub title: String,
    /// How, as numbered presses.
    pub fix: String,
}

/// What a plan may take for granted besides what was observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PlanOptions {
    /// Whether Usher holds a token for the SCIM URL. Before it is saved, Entra is asked to try it (rule 6).
    pub token_held: bool,
    /// Whether a person confirmed that an admin stays outside the connector's reach, where roles cannot be seen (rule 7).
    /// The attestation of `own-admin-kept` in the set-up counts as well.
    pub admin_confirmed: bool,
    /// What is wrong with the set-up's SCIM URL by itself: its host or its shape (`model::scim_url::recognise`).
    pub address_fault: Option<FaultCode>,
}

/// Ordered changes, or the reasons why there are none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// The changes, in order.
    pub changes: Vec<Change>,
    /// Why the plan is forbidden; with refusals there are no changes.
    pub refusals: Vec<Refusal>,
    /// What a person has to do by hand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_hand: Vec<ByHand>,
}

/// The plan of the set-up's journey.
pub fn plan(setup: &Setup, seen: &Observation, options: PlanOptions, now: Timestamp) -> Plan {
    if setup.entra.sign_in == Some(SignIn::ByHand) {
        return by_hand::plan(setup);
    }
    match setup.journey {
        Journey::Account | Journey::Workspace => account::plan(setup, seen, options, now),
        Journey::Migrate => migrate::plan(setup, seen, options, now),
    }
}

impl Plan {
    /// A plan that is forbidden.
    pub(crate) fn refused(refusals: Vec<Refusal>) -> Self {
        Self {
            refusals,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests;
