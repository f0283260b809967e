//! The provisioning service between the two sides: it pushes SCIM with the stored address and token, as Entra does.
//!
//! A cycle reads who is assigned, resolves direct members alone, applies scoping filters and mappings, and writes what is missing over
//! HTTP. It needs no type of the Databricks side: any SCIM endpoint on loopback is a target.

mod cycle;
mod export;
mod mapping;
pub mod on_demand;
mod plan;
pub mod scim;

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::ToSpan as _;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub use cycle::run;

use crate::entra::Entra;
use crate::entra::connector::{Execution, Job, ScheduleState};
use crate::entra::directory::{Directory, ServicePrincipal};
use crate::harness::TimeScale;

/// Days in quarantine after which a job is switched off (facts on Entra §5.3).
const QUARANTINE_DAYS: i64 = 28;

/// The people whom the next cycle of a job of this application would make or keep, by Entra object id.
#[must_use]
pub fn in_scope(directory: &Directory, principal: &ServicePrincipal, job: &Job) -> BTreeSet<Uuid> {
    plan::people(directory, principal, job)
}

/// Runs a cycle of every job that is switched on, of one enterprise application or of all; quarantined ones try again.
pub async fn run_all(entra: &Entra, only: Option<Uuid>) -> Vec<(String, Execution)> {
    run_chosen(entra, |principal, _| {
        only.is_none_or(|only| only == principal)
    })
    .await
}

/// Runs a cycle of every job that was started or restarted since its last one.
pub async fn run_due(entra: &Entra) -> Vec<(String, Execution)> {
    run_chosen(entra, |_, job| job.due).await
}

async fn run_chosen(
    entra: &Entra,
    wanted: impl Fn(Uuid, &Job) -> bool,
) -> Vec<(String, Execution)> {
    // One after the other: whoever asks for a cycle while another runs gets one that begins after it.
    let _turn = entra.turn_of_cycles().await;
    let chosen: Vec<(Uuid, String)> = entra.read(|directory| {
        let all = directory.service_principals.iter().flat_map(|principal| {
            let jobs = principal.synchronization.jobs.iter();
            jobs.map(|job| (principal.id, job))
        });
        all.filter(|(principal, job)| {
            job.schedule == ScheduleState::Active && wanted(*principal, job)
        })
        .map(|(principal, job)| (principal, job.id.clone()))
        .collect()
    });
    let mut executions = Vec::with_capacity(chosen.len());
    for (principal, job) in chosen {
        if let Some(execution) = run(entra, principal, &job).await {
            executions.push((job, execution));
        }
    }
    executions
}

/// Runs cycles by themselves until told to stop: at once for a job that was started, then by the time scale.
pub async fn keep_time(entra: Entra, time: TimeScale, stop: CancellationToken) {
    loop {
        let tick = async {
            match time {
                TimeScale::WhenAsked => std::future::pending().await,
                TimeScale::Every(interval) => {
                    tokio::time::sleep(interval.max(Duration::from_millis(1))).await
                }
            }
        };
        // A cycle in flight is dropped with everything else when the practice tenant stops.
        tokio::select! {
            () = stop.cancelled() => return,
            () = async {
                tokio::select! {
                    () = entra.woken() => drop(run_due(&entra).await),
                    () = tick => {
                        give_up_old_quarantines(&entra);
                        let now = entra.now();
                        drop(run_chosen(&entra, |_, job| job.quarantine.as_ref().is_none_or(|quarantine| quarantine.next_attempt() <= now)).await);
                    }
                }
            } => {}
        }
    }
}

fn give_up_old_quarantines(entra: &Entra) {
    let now = entra.now();
    entra.change(|directory| {
        for principal in directory.service_principals.iter_mut() {
            for job in &mut principal.synchronization.jobs {
                let long = job.quarantine.as_ref().is_some_and(|quarantine| {
                    quarantine
                        .began
                        .checked_add((QUARANTINE_DAYS * 24).hours())
                        .is_ok_and(|end| end < now)
                });
                if long {
                    job.schedule = ScheduleState::Disabled;
                }
            }
        }
    });
}
