//! The plan, and what became of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;
use url::Url;
use usher_core::outcome::Outcome;
use usher_core::plan::{ByHand, Change, ChangeKind, Reference, Refusal, Undo};
use usher_entra::render::{self, Material, RenderError};

use super::failure::Failure;
use super::job::JobId;
use super::setup::SetupView;
use crate::apply::WorkspaceKept;
use crate::observe::Observed;

/// The changes that would bring the world to what the set-up asks, or why there are none.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlanView {
    /// What a person confirms: `apply` takes this plan and no other.
    pub digest: String,
    /// The changes, in order. None: everything is as it should be.
    pub changes: Vec<ChangeView>,
    /// Why nothing may be done.
    pub refusals: Vec<Refusal>,
    /// What only a person can do.
    pub by_hand: Vec<ByHand>,
    /// Whether the sign-in may write; if not, `allow_writing` asks for it.
    pub may_write: bool,
    /// When the world was as the plan takes it to be.
    #[ts(type = "string")]
    pub observed_at: Timestamp,
}

/// One change as it is shown, in the window and in `usher.plan/1`: with its exact request.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangeView {
    /// Its id, the same in two plans of the same world.
    pub id: String,
    /// Its kind.
    pub kind: ChangeKind,
    /// A line for people.
    pub title: String,
    /// What is changed, by name.
    pub target: String,
    /// As found, in words; empty where nothing was.
    pub before: String,
    /// As it will be, in words.
    pub after: String,
    /// The exact request; `None` with `request_note`.
    pub request: Option<RequestView>,
    /// Why the request cannot be shown yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub request_note: Option<String>,
    /// Whether it can be taken back.
    pub undo: Undo,
    /// What must hold right before it is done, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub guard: Option<String>,
}

impl ChangeView {
    /// A change with its request, rendered from what was observed; `base` is Graph's, and absent while nobody is signed in.
    pub fn of(change: &Change, observed: &Observed, base: Option<&Url>) -> Self {
        let (request, request_note) = match base.map(|base| request(change, observed, base)) {
            Some(Ok(request)) => (Some(request), None),
            Some(Err(error)) => (None, Some(error.to_string())),
            None => (None, Some("Nobody is signed in to Entra.".to_owned())),
        };
        Self {
            id: change.id.clone(),
            kind: change.kind,
            title: change.title.clone(),
            target: change.target.clone(),
            before: change.before.clone(),
            after: change.after.clone(),
            request,
            request_note,
            undo: change.undo,
            guard: change.guard.clone(),
        }
    }
}

fn request(change: &Change, observed: &Observed, base: &Url) -> Result<RequestView, RenderError> {
    let material = match change.intent.service_principal() {
        Some(Reference::Existing(id)) => observed.material_of(id),
        Some(Reference::FromChange { .. }) | None => Material::default(),
    };
    let rendered = render::render(&change.intent, &material, base)?;
    Ok(RequestView {
        method: rendered.method.to_owned(),
        url: rendered.url,
        body: rendered.body,
    })
}

/// A request as it will be sent; secrets are `<secret>`, ids to come `{{change id.field}}`.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RequestView {
    /// The method.
    pub method: String,
    /// The URL.
    pub url: String,
    /// The body; null where there is none.
    #[ts(type = "unknown")]
    pub body: Option<Value>,
}

/// Carries the confirmed plan out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ApplyRequest {
    /// The job's id.
    pub job: JobId,
    /// The plan that was confirmed.
    pub digest: String,
    /// The check whose own plan it is (`plan_fix`); absent: the whole plan.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub fix: Option<String>,
    /// Only these changes; absent: all.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub only: Option<Vec<String>>,
}

/// What became of a run, with the set-up as it stands after it.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ApplyResult {
    /// The changes, in the order in which they were taken.
    pub outcome: Outcome,
    /// Whether it was cancelled before its end. What was begun is in the journal.
    pub interrupted: bool,
    /// What the people of each workspace kept over a move; empty unless a connector was paused.
    pub workspaces: Vec<WorkspaceKept>,
    /// What could not be kept afterwards (the set-up file, or a fresh look), although the changes were made.
    pub notice: Option<Failure>,
    /// The set-up, observed anew.
    pub setup: SetupView,
}

/// Provisions one person on demand.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProvisionOne {
    /// The job's id.
    pub job: JobId,
    /// The person's Entra object id.
    pub user_id: String,
}

/// A person provisioned on demand, read back from Databricks.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProvisionedOne {
    /// What Entra said.
    pub outcome: Outcome,
    /// Whether the person is in Databricks.
    pub found: bool,
    /// Field by field.
    pub fields: Vec<FieldView>,
    /// When Databricks was read.
    #[ts(type = "string")]
    pub read_at: Timestamp,
    /// The set-up.
    pub setup: SetupView,
}

/// One field of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FieldView {
    /// The SCIM attribute.
    pub name: String,
    /// What the connector sends.
    pub expected: String,
    /// What Databricks has.
    pub found: Option<String>,
    /// Whether they are the same.
    pub same: bool,
}

/// How watching a cycle ended.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CycleWatched {
    /// How.
    pub end: CycleEndView,
    /// The set-up, observed anew.
    pub setup: SetupView,
}

/// How a cycle ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "is", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum CycleEndView {
    /// It completed.
    Completed {
        /// Entries that failed and are tried again.
        #[ts(type = "number")]
        escrowed: u64,
    },
    /// The job went into quarantine.
    Quarantined {
        /// The reason, as Entra writes it.
        reason: String,
    },
    /// It was not completed while Usher watched.
    NotYet,
}

/// What the journal beside the set-up tells.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JournalView {
    /// Changes that were begun and whose outcome is not known: a run ended in the middle. `resume` asks the world.
    pub unfinished: Vec<String>,
    /// How many changes stand that a rollback would look at.
    #[ts(type = "number")]
    pub standing: usize,
}

/// What a rollback would do, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RollbackView {
    /// The order it keeps, for people.
    pub order: String,
    /// The changes.
    pub changes: Vec<UndoView>,
}

/// What a rollback would do with one change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UndoView {
    /// The change's id.
    pub id: String,
    /// Its line for people.
    pub title: String,
    /// Taken back, kept, or left to a person.
    pub undo: UndoKind,
    /// Why it is kept, what a person has to do, or what stays all the same.
    pub reason: Option<String>,
}

/// What becomes of a change in a rollback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum UndoKind {
    /// It is taken back.
    TakeBack,
    /// It is left as it is on purpose.
    Keep,
    /// Only a person can take it back.
    Manual,
}
