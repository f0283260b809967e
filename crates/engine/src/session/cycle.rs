//! Watching the first cycle of a job that was started.

use std::time::Duration;

use usher_entra::graph::GetJob;

use super::jobs::JobKind;
use super::view::{CycleEndView, CycleWatched, Failure, StartJob};
use super::{Progress, Session, show};
use crate::apply::{ApplyEvent, CycleEnd, FileJournal, begun, wait_for_cycle};
use crate::observe::What;
use usher_core::plan::ChangeKind;

/// How long a cycle is watched: the first one of a large tenant takes hours, and a person comes back rather than waits.
const PATIENCE: Duration = Duration::from_secs(2 * 60 * 60);

impl Session {
    /// `watch_cycle`
    pub async fn watch_cycle(
        &self,
        request: StartJob,
        progress: Progress<ApplyEvent>,
    ) -> Result<CycleWatched, Failure> {
        let job = self.0.jobs.begin(request.job, JobKind::Watch)?;
        self.job(async move |session| {
            let ground = session.ground().await?.telling(&progress);
            let watched = session.with_open(|open, _| {
                let seen = &open.observed.observation;
                let connector = seen.connector(&open.file.setup)?;
                let get = GetJob {
                    service_principal: connector.service_principal_id.clone(),
                    job: connector.job()?.id.clone(),
                };
                Some((get, started_at(open.file.path())))
            })?;
            let (get, since) = watched.ok_or_else(|| {
                Failure::not_ready(
                    "There is no provisioning job to watch yet.",
                    "Start provisioning first.",
                )
            })?;
            let tell = |event| progress(event);
            let graph = &ground.entra.graph;
            let end = wait_for_cycle(graph, &get, since, PATIENCE, &tell, &job.token).await?;
            session
                .look(What::EVERYTHING, &job.token, &super::plan::silent())
                .await?;
            Ok(CycleWatched {
                end: shown(end),
                setup: session.with_open(show::setup)?,
            })
        })
        .await
    }
}

/// When Usher started or restarted the job last; without that, any completed cycle counts.
fn started_at(setup: &std::path::Path) -> jiff::Timestamp {
    let lines = FileJournal::peek(setup).unwrap_or_default();
    let starts = begun(&lines).into_iter().filter(|one| {
        one.stands() && matches!(one.change.kind, ChangeKind::Start | ChangeKind::Restart)
    });
    starts
        .map(|one| one.at)
        .max()
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

fn shown(end: CycleEnd) -> CycleEndView {
    match end {
        CycleEnd::Completed { escrowed } => CycleEndView::Completed { escrowed },
        CycleEnd::Quarantined { reason } => CycleEndView::Quarantined { reason },
        CycleEnd::NotYet | CycleEnd::Off => CycleEndView::NotYet,
    }
}
