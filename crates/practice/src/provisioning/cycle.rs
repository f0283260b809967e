//! One cycle of a job, from reading who is in scope to the line under it.

use std::collections::HashMap;

use futures::future::join_all;
use jiff::Timestamp;
use uuid::Uuid;

use super::export::{self, Outcome};
use super::plan::{self, Entry, Plan};
use super::scim::{Failure, Target};
use crate::entra::Entra;
use crate::entra::connector::{Execution, ExecutionState, Job, ObjectKind, Quarantine};
use crate::entra::directory::Directory;
use crate::entra::logs::{Action, EntryError, ProvisioningEvent, Status};
use crate::harness::{Change, Side};

/// Objects written at the same time.
const AT_ONCE: usize = 4;
/// Failures from which on the cycle is bad whatever their share (facts on Entra §5.3).
const ESCROW_LIMIT: u64 = 40_000;

/// What a cycle has counted so far.
#[derive(Debug, Default)]
struct Counts {
    handled: u64,
    exported: u64,
    exports: u64,
    failed: u64,
}

/// Why a cycle ends in quarantine.
struct Stop {
    reason: &'static str,
    code: String,
    message: String,
}

impl Stop {
    fn credentials(failure: &Failure) -> Self {
        // The job's error has a code of its own for credentials that were refused (facts on Entra §9).
        let code = if failure.is_unauthorized() {
            "SystemForCrossDomainIdentityManagementInvalidCredentials"
        } else {
            failure.code()
        };
        Self {
            reason: "EncounteredQuarantineException",
            code: code.to_owned(),
            message: failure.message(),
        }
    }
}

/// The job a cycle belongs to.
#[derive(Clone, Copy)]
struct Of<'a> {
    entra: &'a Entra,
    principal: Uuid,
    job: &'a str,
}

/// Runs one cycle of a job. Gives nothing when the job is not switched on, or a cycle is in flight already.
pub async fn run(entra: &Entra, principal: Uuid, job: &str) -> Option<Execution> {
    let plan = plan::begin(entra, principal, job)?;
    let of = Of {
        entra,
        principal,
        job,
    };
    let mut counts = Counts::default();
    let stop = carry_out(of, &plan, &mut counts).await.err();
    Some(finish(of, &plan, &counts, stop))
}

async fn carry_out(of: Of<'_>, plan: &Plan, counts: &mut Counts) -> Result<(), Stop> {
    let (Some(address), Some(token)) = (&plan.address, &plan.token) else {
        let message = "The address or the secret token of the connector is missing.".to_owned();
        let code = "SystemForCrossDomainIdentityManagementInvalidCredentials".to_owned();
        return Err(Stop {
            reason: "EncounteredQuarantineException",
            code,
            message,
        });
    };
    let target = Target::new(of.entra.wire(), address, token);
    target
        .probe()
        .await
        .map_err(|failure| Stop::credentials(&failure))?;
    if plan.initial {
        for skip in &plan.skips {
            let error = EntryError {
                code: "EntrySynchronizationSkipped",
                reason: skip.reason.to_owned(),
                advice: "Nothing, if this is as wanted.",
            };
            of.log(
                plan,
                skip.kind,
                Action::Other,
                Status::Skipped,
                Some(error),
                (skip.id, skip.name.clone()),
                None,
                Vec::new(),
            );
        }
    }
    of.entries(&target, plan, &plan.users, counts).await?;
    of.entries(&target, plan, &plan.groups, counts).await?;
    of.leavers(&target, plan, counts).await?;
    let base = of.entra.knobs().escrow_base;
    if counts.failed >= base && counts.failed * 100 > counts.handled * 40 {
        let message = format!("{} of {} entries failed.", counts.failed, counts.handled);
        return Err(Stop {
            reason: "EncounteredEscrowProportionThreshold",
            code: "EscrowProportion".to_owned(),
            message,
        });
    }
    if counts.failed > ESCROW_LIMIT {
        let message = format!("{} entries failed.", counts.failed);
        return Err(Stop {
            reason: "EncounteredBaseEscrowThreshold",
            code: "BaseEscrow".to_owned(),
            message,
        });
    }
    Ok(())
}

impl Of<'_> {
    async fn entries(
        self,
        target: &Target,
        plan: &Plan,
        entries: &[Entry],
        counts: &mut Counts,
    ) -> Result<(), Stop> {
        let people = if entries
            .first()
            .is_some_and(|entry| entry.kind == ObjectKind::Group)
        {
            self.people()
        } else {
            HashMap::new()
        };
        let people = &people;
        for batch in entries.chunks(AT_ONCE) {
            let outcomes = join_all(
                batch
                    .iter()
                    .map(|entry| export::entry(target, plan, entry, people)),
            )
            .await;
            for (entry, outcome) in batch.iter().zip(outcomes) {
                self.apply(
                    plan,
                    entry.kind,
                    (entry.id, entry.name.clone()),
                    &outcome,
                    counts,
                );
                if let Some(failure) = &outcome.fatal {
                    return Err(Stop::credentials(failure));
                }
            }
        }
        Ok(())
    }

    async fn leavers(self, target: &Target, plan: &Plan, counts: &mut Counts) -> Result<(), Stop> {
        let count = u64::try_from(plan.leavers.len()).unwrap_or(u64::MAX);
        if plan.keep_leavers {
            for leaver in plan
                .leavers
                .iter()
                .filter(|leaver| leaver.attributes.is_some())
            {
                self.forget(leaver.id);
            }
            return Ok(());
        }
        if let Some(threshold) = plan.threshold
            && count > threshold
        {
            for leaver in &plan.leavers {
                let target = Some((
                    leaver.link.target_id.clone(),
                    leaver.link.display_name.clone(),
                ));
                let source = (leaver.id, leaver.link.display_name.clone());
                self.log(
                    plan,
                    leaver.link.kind,
                    Action::StagedDelete,
                    Status::Skipped,
                    None,
                    source,
                    target,
                    Vec::new(),
                );
            }
            let message = format!(
                "{count} deletions exceed the threshold of {threshold}. They are held until a person decides."
            );
            return Err(Stop {
                reason: "TooManyDeletes",
                code: "TooManyDeletes".to_owned(),
                message,
            });
        }
        for batch in plan.leavers.chunks(AT_ONCE) {
            let outcomes =
                join_all(batch.iter().map(|leaver| export::leaver(target, leaver))).await;
            for (leaver, outcome) in batch.iter().zip(outcomes) {
                self.apply(
                    plan,
                    leaver.link.kind,
                    (leaver.id, leaver.link.display_name.clone()),
                    &outcome,
                    counts,
                );
                if let Some(failure) = &outcome.fatal {
                    return Err(Stop::credentials(failure));
                }
            }
        }
        Ok(())
    }

    /// Target ids of the people that have an account.
    fn people(self) -> HashMap<Uuid, String> {
        self.with_job(|job| {
            let people = job
                .links
                .iter()
                .filter(|(_, link)| link.kind == ObjectKind::User && !link.lost);
            people
                .map(|(id, link)| (*id, link.target_id.clone()))
                .collect()
        })
        .unwrap_or_default()
    }

    fn forget(self, id: Uuid) {
        self.with_job(|job| job.links.remove(&id));
    }

    /// Remembers what became of an entry, and writes the log line.
    fn apply(
        self,
        plan: &Plan,
        kind: ObjectKind,
        source: (Uuid, String),
        outcome: &Outcome,
        counts: &mut Counts,
    ) {
        counts.handled += 1;
        counts.exports += outcome.exports;
        counts.exported += u64::from(outcome.exports > 0);
        counts.failed += u64::from(outcome.status == Status::Failure);
        let now = self.entra.now();
        let target = outcome
            .link
            .as_ref()
            .map(|link| (link.target_id.clone(), link.display_name.clone()));
        self.with_job(|job| {
            match &outcome.link {
                Some(link) => drop(job.links.insert(source.0, link.clone())),
                None => drop(job.links.remove(&source.0)),
            }
            if outcome.status == Status::Failure {
                job.escrows.insert(source.0);
            } else {
                job.escrows.remove(&source.0);
            }
            if let Some(progress) = &mut job.progress {
                progress.completed = (counts.handled / 10).min(progress.total);
                progress.observed = now;
            }
        });
        if !outcome.quiet {
            let target = target.or_else(|| {
                Some((String::new(), source.1.clone()))
                    .filter(|_| outcome.status == Status::Success)
            });
            self.log(
                plan,
                kind,
                outcome.action,
                outcome.status,
                outcome.error.clone(),
                source,
                target,
                outcome.modified.clone(),
            );
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a line of the log has that many fields"
    )]
    fn log(
        self,
        plan: &Plan,
        kind: ObjectKind,
        action: Action,
        status: Status,
        error: Option<EntryError>,
        source: (Uuid, String),
        target: Option<(String, String)>,
        modified: Vec<export::Modified>,
    ) {
        let event = ProvisioningEvent {
            id: Uuid::new_v4(),
            at: self.entra.now(),
            job_id: self.job.to_owned(),
            service_principal_id: self.principal,
            service_principal_name: plan.application.clone(),
            cycle_id: plan.cycle,
            kind,
            action,
            status,
            error,
            source,
            target,
            modified,
        };
        self.entra.change(|directory| directory.events.push(event));
    }

    fn with_job<R>(self, act: impl FnOnce(&mut Job) -> R) -> Option<R> {
        self.entra
            .change(|directory| job_of(directory, self.principal, self.job).map(act))
    }
}

fn job_of<'a>(directory: &'a mut Directory, principal: Uuid, job: &str) -> Option<&'a mut Job> {
    directory
        .service_principals
        .get_mut(&principal)?
        .synchronization
        .job_mut(job)
}

fn finish(of: Of<'_>, plan: &Plan, counts: &Counts, stop: Option<Stop>) -> Execution {
    let ended = of.entra.now();
    let entitled = u64::try_from(plan.users.len() + plan.groups.len()).unwrap_or(u64::MAX);
    let failed_cycle = stop
        .as_ref()
        .is_some_and(|stop| stop.reason == "EncounteredQuarantineException");
    let state = match &stop {
        Some(_) if failed_cycle => ExecutionState::Failed,
        _ if counts.failed > 0 => ExecutionState::EntryLevelErrors,
        Some(_) => ExecutionState::EntryLevelErrors,
        None => ExecutionState::Succeeded,
    };
    let execution = Execution {
        id: plan.cycle,
        state,
        began: plan.began,
        ended,
        entitled,
        entitled_for_provisioning: entitled,
        escrowed: counts.failed,
        exported: counts.exported,
        exports: counts.exports,
        imported: entitled + u64::try_from(plan.skips.len()).unwrap_or(0),
        error: stop
            .as_ref()
            .map(|stop| (stop.code.clone(), stop.message.clone())),
    };
    of.with_job(|job| conclude(job, &execution, stop, failed_cycle, ended));
    of.entra.harness().changes.record(Change {
        at: ended,
        side: Side::Entra,
        actor: "provisioning".to_owned(),
        method: String::new(),
        path: String::new(),
        what: "cycle ended".to_owned(),
        before: serde_json::Value::Null,
        after: serde_json::json!({
            "servicePrincipalId": of.principal, "jobId": of.job, "state": execution.state.name(), "exports": execution.exports,
        }),
    });
    execution
}

fn conclude(
    job: &mut Job,
    execution: &Execution,
    stop: Option<Stop>,
    failed_cycle: bool,
    now: Timestamp,
) {
    job.progress = None;
    job.last_execution = Some(execution.clone());
    if failed_cycle {
        job.successive_failures += 1;
    } else {
        job.successive_failures = 0;
        job.watermark = true;
        job.steady_first = job.steady_first.or(Some(now));
        job.steady_last = Some(now);
        job.last_success = Some(execution.clone());
        if execution.exports > 0 {
            job.last_success_with_exports = Some(execution.clone());
        }
    }
    match stop {
        Some(stop) => {
            let (began, count) = job
                .quarantine
                .as_ref()
                .map_or((now, 0), |before| (before.began, before.count));
            job.quarantine = Some(Quarantine {
                reason: stop.reason,
                code: stop.code,
                message: stop.message,
                began,
                current: now,
                count: count + 1,
            });
        }
        None => {
            job.quarantine = None;
            job.force_deletes = false;
        }
    }
}
