//! Waiting for a cycle to complete.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use usher_entra::graph::{
    ExecutionState, GetJob, Graph, GraphError, StatusCode, SynchronizationJob,
};

use super::doubt::{is_cancelled, is_in_doubt};
use super::event::ApplyEvent;

/// Replicas flap: a job counts as off only when it stays so for this long.
const FLAPPING: Duration = Duration::from_secs(60);

/// From one look at the job to the next.
const EVERY: Duration = Duration::from_secs(15);

/// How the waiting ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CycleEnd {
    /// A cycle that began at or after the moment has completed; with how many entries failed in it.
    Completed {
        /// Entries that failed and are tried again.
        escrowed: u64,
    },
    /// The job went into quarantine.
    Quarantined {
        /// The reason, as Entra writes it.
        reason: String,
    },
    /// Provisioning is off and no cycle is in flight, so none will complete.
    Off,
    /// The time is over, and no such cycle has completed.
    NotYet,
}

/// Waits until a cycle of a job that began at or after `since` has completed.
///
/// # Errors
/// When the job cannot be read for longer than a moment, or the waiting is cancelled.
pub async fn wait_for_cycle(
    graph: &Graph,
    get: &GetJob,
    since: Timestamp,
    patience: Duration,
    events: &(dyn Fn(ApplyEvent) + Send + Sync),
    cancel: &CancellationToken,
) -> Result<CycleEnd, GraphError> {
    let end = Instant::now() + patience;
    let flapping = graph.scaled(FLAPPING);
    let mut off: Option<Instant> = None;
    let mut gone: Option<Instant> = None;
    loop {
        let looked = graph.run(get, cancel).await;
        let is_passing = looked.as_ref().is_err_and(|error| {
            if error.is_not_found() {
                return gone.get_or_insert_with(Instant::now).elapsed() < flapping;
            }
            !is_cancelled(error) && (is_in_doubt(error) || error.is_throttled())
        });
        // A moment in which nothing clear is answered is no reason to stop waiting.
        if is_passing && Instant::now() < end {
            graph.wait(graph.scaled(EVERY), cancel).await?;
            continue;
        }
        let job = looked?;
        gone = None;
        if let Some(ended) = judge(&job, since) {
            return Ok(ended);
        }
        off = job.is_stopped().then(|| off.unwrap_or_else(Instant::now));
        if off.is_some_and(|off| off.elapsed() >= flapping) {
            return Ok(CycleEnd::Off);
        }
        let progress = job.status.progress.first();
        let count = |number: i64| u64::try_from(number).unwrap_or(0);
        events(ApplyEvent::Cycle {
            done: progress.map(|progress| count(progress.completed_units)),
            total: progress.map(|progress| count(progress.total_units)),
            state: job.status.code.as_str().to_owned(),
        });
        if Instant::now() >= end {
            return Ok(CycleEnd::NotYet);
        }
        graph
            .wait(graph.scaled(EVERY).min(patience), cancel)
            .await?;
    }
}

fn judge(job: &SynchronizationJob, since: Timestamp) -> Option<CycleEnd> {
    if job.status.code == StatusCode::Quarantine {
        let reason = job.status.quarantine.as_ref();
        return Some(CycleEnd::Quarantined {
            reason: reason.map_or_else(
                || "Entra names no reason".to_owned(),
                |quarantine| quarantine.reason.clone(),
            ),
        });
    }
    let completed = |state: &ExecutionState| {
        matches!(
            state,
            ExecutionState::Succeeded | ExecutionState::EntryLevelErrors
        )
    };
    let last = job.status.last()?;
    let new = last.time_began.is_some_and(|began| began >= since) && last.time_ended.is_some();
    (new && completed(&last.state) && !job.status.in_flight()).then(|| CycleEnd::Completed {
        escrowed: u64::try_from(last.count_escrowed).unwrap_or(0),
    })
}
