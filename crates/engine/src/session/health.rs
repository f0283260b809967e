//! What is wrong with a sync that runs, beside the findings: the quarantine's clock, failures by cause, what has changed since the
//! last look, and what to know at a step.

use jiff::Timestamp;
use usher_core::article;
use usher_core::health;
use usher_core::observation::connector::{Job, LogSummary};

use super::Session;
use super::hand_over::free;
use super::setups::Open;
use super::view::{Failure, HealthView, Nothing, SaveInto, Saved, TipList, TipsOf};
use crate::store::write_atomically;

impl Session {
    /// `health`
    pub async fn health(&self, _: Nothing) -> Result<HealthView, Failure> {
        self.blocking(|session| {
            session.with_open(|open, _| {
                let log = log(open);
                let job = job(open);
                let clock = job.and_then(|job| health::clock(job, Timestamp::now()));
                HealthView {
                    restarts: job
                        .map(|job| {
                            let connector = open.observed.observation.connector(&open.file.setup);
                            let said =
                                connector.and_then(|connector| connector.saved_credentials.value());
                            health::choices(job, said)
                        })
                        .unwrap_or_default(),
                    clock,
                    causes: log.map(health::causes).unwrap_or_default(),
                    log_since: log.and_then(|log| log.since),
                    comparison: open.comparison.clone(),
                }
            })
        })
        .await
    }

    /// `save_failures`
    pub async fn save_failures(&self, request: SaveInto) -> Result<Saved, Failure> {
        let (stem, text) = self.with_open(|open, _| {
            let log = log(open).filter(|log| !log.failures.is_empty());
            (open.file.stem(), log.map(health::csv))
        })?;
        let text = text.ok_or_else(|| {
            Failure::not_ready(
                "There are no failures to save.",
                "Look at both sides first.",
            )
        })?;
        self.save(request, format!("{stem}-failures"), "csv", text)
            .await
    }

    /// `tips`
    pub async fn tips(&self, request: TipsOf) -> Result<TipList, Failure> {
        self.with_open(|open, _| TipList {
            tips: article::tips(&request.step, open.file.setup.journey)
                .copied()
                .collect(),
        })
    }

    /// Writes a text into the folder a person named, or the documents folder, beside what is there already.
    pub(super) async fn save(
        &self,
        request: SaveInto,
        stem: String,
        ending: &'static str,
        text: String,
    ) -> Result<Saved, Failure> {
        let folder = self.target_folder(request.folder)?;
        self.blocking(move |_| {
            let path = free(&folder, &stem, ending);
            write_atomically(&path, text.as_bytes())?;
            Ok(Saved {
                path: path.display().to_string(),
            })
        })
        .await
    }
}

fn log(open: &Open) -> Option<&LogSummary> {
    let connector = open.observed.observation.connector(&open.file.setup)?;
    connector.log.value()
}

fn job(open: &Open) -> Option<&Job> {
    open.observed.observation.connector(&open.file.setup)?.job()
}
