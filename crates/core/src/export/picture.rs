//! What both exports say, gathered once: what is wanted, and where nothing is asked, what was found.

use std::collections::BTreeMap;

use crate::model::Setup;
use crate::model::setup::{Journey, PrincipalKind, Provisioning, Scope};
use crate::observation::connector::{Job, Notification, ScheduleState};
use crate::observation::{Connector, Observation};

pub(super) use crate::model::setup::GALLERY_NAME;

/// The connector's synchronization template (facts/entra §0).
pub(super) const JOB_TEMPLATE: &str = "dataBricks";

/// A person or group that is assigned, or is to be.
pub(super) struct Assigned<'a> {
    pub(super) kind: PrincipalKind,
    pub(super) name: &'a str,
    /// The id of the assignment, where it exists.
    pub(super) assignment: Option<&'a str>,
}

/// What an export says.
pub(super) struct Picture<'a> {
    pub(super) setup: &'a Setup,
    pub(super) seen: &'a Observation,
    pub(super) connector: Option<&'a Connector>,
    pub(super) app_name: &'a str,
    pub(super) scim_url: Option<&'a str>,
    /// "Assignment required?"; `None`: neither asked nor seen.
    pub(super) assignment_required: Option<bool>,
    /// `SyncAll`; `None`: neither asked nor seen.
    pub(super) sync_all: Option<bool>,
    /// Whether the sync is to run; `None`: neither asked nor seen.
    pub(super) running: Option<bool>,
    /// `SyncNotificationSettings`; `None`: neither asked nor seen.
    pub(super) notification: Option<Notification>,
    /// By Entra object id, which gives the order as well.
    pub(super) assigned: BTreeMap<&'a str, Assigned<'a>>,
}

impl<'a> Picture<'a> {
    pub(super) fn of(setup: &'a Setup, seen: &'a Observation) -> Self {
        let connector = seen.connector(setup);
        let secrets = connector.and_then(|connector| connector.secrets.value());
        let job = connector.and_then(Connector::job);
        let want = &setup.want;
        Self {
            setup,
            seen,
            connector,
            app_name: setup
                .entra
                .app
                .display_name
                .as_deref()
                .or(connector.map(|connector| connector.display_name.as_str()))
                .unwrap_or(GALLERY_NAME),
            scim_url: setup.databricks.scim_url.as_deref(),
            assignment_required: want.assignment_required.or_else(|| {
                connector.and_then(|connector| connector.assignment_required.value().copied())
            }),
            sync_all: want
                .scope
                .map(|scope| scope == Scope::All)
                .or_else(|| secrets.and_then(|secrets| secrets.sync_all)),
            running: want
                .provisioning
                .map(|provisioning| provisioning == Provisioning::On)
                .or_else(|| job.map(|job| job.state == ScheduleState::Active)),
            notification: notification(
                setup,
                secrets.and_then(|secrets| secrets.notification.as_ref()),
            ),
            assigned: assigned(setup, connector),
        }
    }

    pub(super) fn job(&self) -> Option<&'a Job> {
        self.connector.and_then(Connector::job)
    }

    pub(super) fn is_workspace(&self) -> bool {
        self.setup.journey == Journey::Workspace
    }

    /// Keys that are stored in Entra and that no export writes.
    pub(super) fn other_keys(&self) -> Vec<&'a str> {
        const WRITTEN: [&str; 4] = [
            "BaseAddress",
            "SecretToken",
            "SyncAll",
            "SyncNotificationSettings",
        ];
        let secrets = self
            .connector
            .and_then(|connector| connector.secrets.value());
        let keys = secrets
            .map(|secrets| secrets.keys.as_slice())
            .unwrap_or_default();
        keys.iter()
            .map(String::as_str)
            .filter(|key| !WRITTEN.contains(key))
            .collect()
    }
}

fn notification(setup: &Setup, found: Option<&Notification>) -> Option<Notification> {
    let want = &setup.want;
    if want.notification_email.is_none() && want.delete_threshold.is_none() {
        return found.cloned();
    }
    let mut settings = found.cloned().unwrap_or_default();
    if let Some(email) = &want.notification_email {
        settings.enabled = !email.is_empty();
        settings.recipients.clone_from(email);
    }
    if let Some(threshold) = want.delete_threshold {
        settings.delete_threshold_enabled = true;
        settings.delete_threshold = Some(threshold);
    }
    Some(settings)
}

/// Wanted and found users and groups. A service principal is not exported: the connector does not carry it.
fn assigned<'a>(
    setup: &'a Setup,
    connector: Option<&'a Connector>,
) -> BTreeMap<&'a str, Assigned<'a>> {
    let found = connector
        .and_then(|connector| connector.assignments.value())
        .map(Vec::as_slice)
        .unwrap_or_default();
    let mut all = BTreeMap::new();
    for wanted in &setup.want.assign {
        let name = wanted.display_name.as_deref().unwrap_or_default();
        all.insert(
            wanted.id.as_str(),
            Assigned {
                kind: wanted.kind,
                name,
                assignment: None,
            },
        );
    }
    for assignment in found {
        let exists = Assigned {
            kind: assignment.kind,
            name: &assignment.display_name,
            assignment: Some(&assignment.id),
        };
        all.insert(&assignment.principal_id, exists);
    }
    all.retain(|_, principal| principal.kind != PrincipalKind::ServicePrincipal);
    all
}
