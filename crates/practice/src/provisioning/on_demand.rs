//! Provision on demand: one person or group at once.

use std::collections::HashMap;

use uuid::Uuid;

use super::export;
use super::plan;
use super::scim::Target;
use crate::entra::Entra;
use crate::entra::connector::ObjectKind;
use crate::entra::logs::{Action, EntryError, ProvisioningEvent, Status};

/// Carries one object over, whatever the schedule says, and gives the log line of it. A group brings at most the members named.
///
/// # Errors
/// Why the test connection, which comes first, did not pass; or nothing when there is no such job.
pub async fn provision(
    entra: &Entra,
    principal: Uuid,
    job: &str,
    kind: ObjectKind,
    id: Uuid,
    members: &[Uuid],
) -> Result<ProvisioningEvent, Option<super::scim::Failure>> {
    let (mut plan, entry) = plan::single(entra, principal, job, kind, id).ok_or(None)?;
    let address = plan.address.clone().unwrap_or_default();
    let target = Target::new(
        entra.wire(),
        &address,
        plan.token.as_deref().unwrap_or_default(),
    );
    target.probe().await.map_err(Some)?;
    // A link that is known is looked up anew, as in an initial cycle.
    plan.initial = true;
    let name = entra.read(|directory| {
        directory
            .principal(&id)
            .map_or(String::new(), |(_, name)| name.to_owned())
    });
    let mut event = ProvisioningEvent {
        id: Uuid::new_v4(),
        at: entra.now(),
        job_id: job.to_owned(),
        service_principal_id: principal,
        service_principal_name: plan.application.clone(),
        cycle_id: plan.cycle,
        kind,
        action: Action::Other,
        status: Status::Skipped,
        error: None,
        source: (id, name),
        target: None,
        modified: Vec::new(),
    };
    let mut unseen = false;
    entra.turn(|knobs| {
        unseen = knobs.on_demand_unseen > 0;
        knobs.on_demand_unseen = knobs.on_demand_unseen.saturating_sub(1);
    });
    match entry.filter(|_| !unseen) {
        Some(mut entry) => {
            let people: HashMap<Uuid, String> = people(entra, principal, job);
            if kind == ObjectKind::Group {
                let known = entry
                    .link
                    .as_ref()
                    .map(|link| link.members.clone())
                    .unwrap_or_default();
                entry
                    .members
                    .retain(|member| members.contains(member) || known.contains(member));
            }
            let outcome = export::entry(&target, &plan, &entry, &people).await;
            event.action = outcome.action;
            event.status = outcome.status;
            event.error = outcome.error;
            event.modified = outcome.modified;
            event.target = outcome
                .link
                .as_ref()
                .map(|link| (link.target_id.clone(), link.display_name.clone()));
            entra.change(|directory| {
                let job = directory
                    .service_principals
                    .get_mut(&principal)
                    .and_then(|principal| principal.synchronization.job_mut(job));
                if let (Some(job), Some(link)) = (job, outcome.link) {
                    job.links.insert(id, link);
                }
            });
        }
        None => {
            let skip = plan.skips.iter().find(|skip| skip.id == id);
            let reason = skip.map_or(
                "The object is not assigned to the application, so it is not in scope.",
                |skip| skip.reason,
            );
            let advice = "Assign the user, or a group that holds the user directly. A fresh assignment takes some minutes to be seen.";
            event.error = Some(EntryError {
                code: "NotEffectivelyEntitled",
                reason: reason.to_owned(),
                advice,
            });
        }
    }
    entra.change(|directory| directory.events.push(event.clone()));
    Ok(event)
}

fn people(entra: &Entra, principal: Uuid, job: &str) -> HashMap<Uuid, String> {
    entra.read(|directory| {
        let job = directory
            .service_principals
            .get(&principal)
            .and_then(|principal| principal.synchronization.job(job));
        let links = job.into_iter().flat_map(|job| job.links.iter());
        links
            .filter(|(_, link)| link.kind == ObjectKind::User && !link.lost)
            .map(|(id, link)| (*id, link.target_id.clone()))
            .collect()
    })
}
