//! The ids behind a change's references, and what of the world it is about.

use usher_core::plan::{Intent, Reference};
use usher_entra::render::RenderError;

use super::journal::Brought;

/// Ids that earlier changes brought, by change id.
#[derive(Debug, Clone, Default)]
pub(super) struct Ids {
    brought: std::collections::BTreeMap<String, Brought>,
}

impl Ids {
    pub(super) fn keep(&mut self, change: &str, brought: &Brought) {
        self.brought
            .entry(change.to_owned())
            .or_default()
            .extend(brought.clone());
    }

    /// The id behind a reference.
    pub(super) fn resolve(&self, reference: &Reference) -> Result<String, RenderError> {
        match reference {
            Reference::Existing(id) => Ok(id.clone()),
            Reference::FromChange { change, field } => {
                let found = self
                    .brought
                    .get(change)
                    .and_then(|brought| brought.get(field));
                found
                    .cloned()
                    .ok_or_else(|| RenderError::Unresolved(change.clone()))
            }
        }
    }
}

/// The job an intent is about.
pub(super) fn job(intent: &Intent) -> Option<&Reference> {
    match intent {
        Intent::RepairMapping { job, .. }
        | Intent::Start { job, .. }
        | Intent::Pause { job, .. }
        | Intent::Restart { job, .. }
        | Intent::ProvisionOne { job, .. } => Some(job),
        _ => None,
    }
}

/// The ids of an intent, under the names the journal keeps them by.
pub(super) fn ids_of(intent: &Intent, ids: &Ids) -> Result<Brought, RenderError> {
    let mut found = Brought::new();
    if let Some(reference) = intent.service_principal() {
        found.insert(SERVICE_PRINCIPAL.to_owned(), ids.resolve(reference)?);
    }
    if let Some(reference) = job(intent) {
        found.insert(JOB.to_owned(), ids.resolve(reference)?);
    }
    match intent {
        Intent::Assign { app_role, .. } => {
            found.insert(APP_ROLE.to_owned(), ids.resolve(app_role)?);
        }
        Intent::ProvisionOne { rule, .. } => {
            found.insert(RULE.to_owned(), ids.resolve(rule)?);
        }
        _ => {}
    }
    Ok(found)
}

/// `FromChange` field: the enterprise application's object id.
pub const SERVICE_PRINCIPAL: &str = "servicePrincipalId";
/// `FromChange` field: the role users and groups are assigned with.
pub const APP_ROLE: &str = "appRoleId";
/// `FromChange` field: the application (client) id.
pub const APP: &str = "appId";
/// `FromChange` field: the synchronization job.
pub const JOB: &str = "jobId";
/// `FromChange` field: the synchronization rule.
pub const RULE: &str = "ruleId";
/// `FromChange` field: an assignment.
pub const ASSIGNMENT: &str = "assignmentId";
