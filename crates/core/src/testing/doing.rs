//! Carries a plan out in an invented world, as Entra would.

use super::*;
use crate::plan::{Intent, Plan, Reference};

/// Carries a plan out on the model of the world, as Entra would.
pub(crate) fn apply(plan: &Plan, world: &mut Observation) {
    for change in &plan.changes {
        match &change.intent {
            Intent::CreateApplication {
                display_name,
                template_id,
                ..
            } => {
                let mut made = Connector {
                    display_name: display_name.clone(),
                    template_id: Some(template_id.clone()),
                    ..connector()
                };
                made.assignment_required = entra(true);
                made.secrets = entra(ConnectorSecrets::default());
                made.jobs = entra(Vec::new());
                made.assignments = entra(Vec::new());
                made.saved_credentials = Seen::default();
                made.log = entra(LogSummary::default());
                known(&mut world.entra.connectors).push(made);
            }
            intent => apply_to(intent, connector_of(intent, world)),
        }
    }
}

fn connector_of<'a>(intent: &Intent, world: &'a mut Observation) -> &'a mut Connector {
    let reference = intent
        .service_principal()
        .expect("a new application is none yet")
        .clone();
    let connectors = known(&mut world.entra.connectors);
    match reference {
        Reference::Existing(id) => connectors
            .iter_mut()
            .find(|connector| connector.service_principal_id == id)
            .unwrap(),
        Reference::FromChange { .. } => connectors.last_mut().unwrap(),
    }
}

fn apply_to(intent: &Intent, connector: &mut Connector) {
    match intent {
        Intent::SetAssignmentRequired { to, .. } => connector.assignment_required = entra(*to),
        Intent::SaveSecrets {
            base_address,
            settings,
            ..
        } => {
            let secrets = known(&mut connector.secrets);
            secrets.base_address = Some(base_address.clone());
            secrets.token_stored = true;
            if let Some(scope) = settings.scope {
                secrets.sync_all = Some(scope == Scope::All);
            }
            let notification = secrets.notification.get_or_insert_default();
            if let Some(email) = &settings.notification_email {
                notification.enabled = true;
                notification.recipients = email.clone();
            }
            if let Some(threshold) = settings.delete_threshold {
                notification.delete_threshold_enabled = true;
                notification.delete_threshold = Some(threshold);
            }
            connector.saved_credentials = entra(CredentialCheck {
                accepted: true,
                code: None,
                message: None,
            });
        }
        Intent::CreateJob { .. } => {
            let fresh = Job {
                state: ScheduleState::Disabled,
                code: JobCode::NotRun,
                last: None,
                last_success: None,
                steady_since: None,
                counts: Vec::new(),
                ..job()
            };
            known(&mut connector.jobs).push(fresh);
        }
        Intent::RepairMapping {
            object,
            target_attribute,
            source_attribute,
            ..
        } => {
            let schema = known(&mut known(&mut connector.jobs)[0].schema);
            let mapping = if object == "User" {
                schema.user.as_mut()
            } else {
                schema.group.as_mut()
            }
            .unwrap();
            match target_attribute {
                None => mapping.enabled = true,
                Some(target) => {
                    mapping
                        .attributes
                        .retain(|attribute| attribute.target != *target);
                    mapping.attributes.push(AttributeMapping {
                        target: target.clone(),
                        source: source_attribute.clone(),
                        expression: None,
                        matching_priority: 0,
                    });
                }
            }
        }
        Intent::Assign {
            principal_id,
            principal_kind,
            ..
        } => {
            known(&mut connector.assignments).push(assignment(
                principal_id,
                principal_id,
                *principal_kind,
            ));
        }
        Intent::Unassign { assignment_id, .. } => {
            known(&mut connector.assignments).retain(|one| one.id != *assignment_id)
        }
        Intent::Start { .. } => known(&mut connector.jobs)[0].state = ScheduleState::Active,
        Intent::Pause { .. } => known(&mut connector.jobs)[0].state = ScheduleState::Paused,
        Intent::Restart { .. } => {
            let job = &mut known(&mut connector.jobs)[0];
            job.quarantine = None;
            job.code = JobCode::Active;
        }
        Intent::CreateApplication { .. } | Intent::ProvisionOne { .. } => {}
    }
}
