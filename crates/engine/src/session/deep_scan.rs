//! Going over every enterprise application of the tenant, for connectors that were not made from the gallery's template.

use jiff::Timestamp;

use super::jobs::JobKind;
use super::sign_in::nobody;
use super::view::{Failure, ObserveEvent, SetupView, StartJob};
use super::{Progress, Session, show};
use crate::observe;

impl Session {
    /// `deep_scan`
    pub async fn deep_scan(
        &self,
        request: StartJob,
        progress: Progress<ObserveEvent>,
    ) -> Result<SetupView, Failure> {
        let job = self.0.jobs.begin(request.job, JobKind::Observe)?;
        self.job(async move |session| {
            let (key, entra, world, scan) = session.with_open(|open, place| {
                (
                    open.file.key(),
                    open.entra.clone(),
                    place.world.clone(),
                    open.scan.clone(),
                )
            })?;
            let entra = entra.ok_or_else(nobody)?;
            let scan = scan.filter(|scan| scan.is_fresh(Timestamp::now()));
            let mut scan = scan.unwrap_or_default();
            let told = |step: observe::Progress| {
                progress(ObserveEvent::Looking {
                    what: step.what,
                    done: step.done,
                    total: step.total,
                    left: step.left,
                });
            };
            let went = tokio::select! {
                biased;
                () = job.token.cancelled() => Err(Failure::cancelled()),
                went = scan.go_on(&entra.graph, &world, &told, &job.token) => went.map_err(Failure::from),
            };
            // Broken off, it goes on from here the next time.
            let ended = scan.ended(Timestamp::now()).filter(|_| went.is_ok());
            let rest = ended.is_none().then_some(scan);
            session.update(&key, |open| open.scan = rest)?;
            went?;
            session
                .edit(move |open| {
                    open.file.setup.entra.deep_scan = ended;
                    Ok(())
                })
                .await?;
            session.with_open(show::setup)
        })
        .await
    }
}
