//! The plan of the open set-up, and carrying it out when a person confirmed it.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use usher_core::model::setup::Journey;
use usher_core::model::{Setup, scim_url};
use usher_core::outcome::Outcome;
use usher_core::plan::undo::Undoing;
use usher_core::plan::{self, Change, Plan, PlanOptions};

use super::jobs::{Job, JobKind};
use super::observe::wait_in_words;
use super::place::Place;
use super::setups::Open;
use super::view::{
    ApplyRequest, ApplyResult, ChangeView, Failure, FailureCode, JournalView, Nothing,
    ObserveEvent, PlanView, RollbackView, SecretSlot, StartJob, UndoKind, UndoView,
};
use super::{Progress, Session, fix, secrets, show};
use crate::apply::{
    Applied, ApplyError, ApplyEvent, Executor, FileJournal, JournalError, LiveWitness, ScimToken,
    Work, WorkspaceKept, begun, created_application, planned_rollback, workspaces_kept,
};
use crate::observe::{Entra, Observed, Secrets, What};

/// Who holds the journal, for whoever is refused meanwhile.
const WHO: &str = "the window";

impl Session {
    /// `plan`
    pub async fn plan(&self, _: Nothing) -> Result<PlanView, Failure> {
        let token_held = self.kept(SecretSlot::ScimToken).await?.is_some();
        self.blocking(move |session| {
            session.with_open(|open, place| plan_view(make(open, place, token_held)?, open))?
        })
        .await
    }

    /// `apply`
    pub async fn apply(
        &self,
        request: ApplyRequest,
        progress: Progress<ApplyEvent>,
    ) -> Result<ApplyResult, Failure> {
        let job = self.0.jobs.begin(request.job, JobKind::Apply)?;
        let (digest, fix, only) = (request.digest, request.fix, request.only);
        self.job(async move |session| {
            let ground = session.ground().await?.telling(&progress);
            let plan = session.with_open(|open, place| match fix {
                Some(check) => fix::make(open, place, ground.token.is_some(), &check),
                None => make(open, place, ground.token.is_some()),
            })??;
            if digest_of(&plan) != digest {
                return Err(another_plan());
            }
            let only: Option<BTreeSet<String>> = only.map(|ids| ids.into_iter().collect());
            let applied = session
                .run(&ground, &job, &progress, async |executor| {
                    executor.recover().await?;
                    let work = Work::Apply {
                        plan: &plan,
                        only: only.as_ref(),
                        patience: None,
                    };
                    ground.carry_out(executor, work).await
                })
                .await?;
            session.settled(applied, &ground, &job, &progress).await
        })
        .await
    }

    /// `resume`
    pub async fn resume(
        &self,
        request: StartJob,
        progress: Progress<ApplyEvent>,
    ) -> Result<ApplyResult, Failure> {
        let job = self.0.jobs.begin(request.job, JobKind::Apply)?;
        self.job(async move |session| {
            let ground = session.ground().await?.telling(&progress);
            let applied = session
                .run(&ground, &job, &progress, async |executor| {
                    let changes = executor.recover().await?;
                    let interrupted = executor.cancel.is_cancelled();
                    Ok(Applied {
                        outcome: Outcome { changes },
                        interrupted,
                        troubled: false,
                    })
                })
                .await?;
            session.settled(applied, &ground, &job, &progress).await
        })
        .await
    }

    /// `planned_rollback`
    pub async fn planned_rollback(&self, _: Nothing) -> Result<RollbackView, Failure> {
        self.blocking(|session| {
            session.with_open(|open, _| {
                open.observed_at.ok_or_else(not_observed)?;
                let lines = FileJournal::peek(open.file.path())?;
                let changes = planned_rollback(&lines, &open.observed.observation);
                Ok(RollbackView {
                    order: order_of(open.file.setup.journey).to_owned(),
                    changes: changes
                        .into_iter()
                        .map(|(change, undoing)| undone(change, undoing))
                        .collect(),
                })
            })?
        })
        .await
    }

    /// `rollback`
    pub async fn rollback(
        &self,
        request: StartJob,
        progress: Progress<ApplyEvent>,
    ) -> Result<ApplyResult, Failure> {
        let job = self.0.jobs.begin(request.job, JobKind::Apply)?;
        self.job(async move |session| {
            session
                .look(What::EVERYTHING, &job.token, &around(&progress))
                .await?;
            let ground = session.ground().await?.telling(&progress);
            let applied = session
                .run(&ground, &job, &progress, async |executor| {
                    executor.recover().await?;
                    ground.carry_out(executor, Work::Rollback).await
                })
                .await?;
            session.settled(applied, &ground, &job, &progress).await
        })
        .await
    }

    /// What a run stands on.
    pub(super) async fn ground(&self) -> Result<Ground, Failure> {
        let kept = self.databricks_secrets().await?;
        self.with_open(|open, place| {
            let secret = kept.scim_token.clone();
            let url = secrets::scim_url_of(&open.file.setup, &place.world).map(|url| url.url);
            let entra = open.entra.clone().ok_or_else(|| {
                Failure::not_ready(
                    "Nobody is signed in to Entra.",
                    "Sign in first, or go on by hand.",
                )
            })?;
            Ok(Ground {
                path: open.file.path().to_owned(),
                setup: open.file.setup.clone(),
                client: place.client.clone(),
                secrets: kept,
                entra,
                observed: Arc::clone(&open.observed),
                token: url
                    .zip(secret)
                    .map(|(url, secret)| ScimToken { url, secret }),
            })
        })?
    }

    /// Opens the journal, has `work` done by an executor, and keeps the application it made in the set-up. What was done is told
    /// even when the set-up file cannot be saved afterwards: the journal has it.
    pub(super) async fn run<Doing>(
        &self,
        ground: &Ground,
        job: &Job,
        progress: &Progress<ApplyEvent>,
        work: Doing,
    ) -> Result<Ran, Failure>
    where
        Doing: AsyncFnOnce(&mut Executor<'_>) -> Result<Applied, ApplyError>,
    {
        let mut journal = FileJournal::open(&ground.path, WHO)?;
        let tell = |event| progress(event);
        let mut executor = Executor {
            graph: &ground.entra.graph,
            journal: &mut journal,
            token: ground.token.as_ref(),
            events: &tell,
            cancel: &job.token,
        };
        let applied = work(&mut executor).await;
        drop(journal);
        let kept = self.edit(|open| {
            open.read_journal();
            Ok(())
        });
        let notice = kept.await.err();
        Ok(Ran {
            applied: applied?,
            notice,
        })
    }

    /// Observes anew, so that what was done shows, and answers.
    async fn settled(
        &self,
        ran: Ran,
        ground: &Ground,
        job: &Job,
        progress: &Progress<ApplyEvent>,
    ) -> Result<ApplyResult, Failure> {
        // Cancelled meanwhile: what was done is done, and the set-up shows what was seen before.
        let told = around(progress);
        let looked = self.look(What::EVERYTHING, &job.token, &told).await;
        let Ran { applied, notice } = ran;
        let workspaces = self.with_open(|open, _| ground.kept(&applied, open))?;
        Ok(ApplyResult {
            workspaces,
            outcome: applied.outcome,
            interrupted: applied.interrupted,
            notice: notice.or(looked.err()),
            setup: self.with_open(show::setup)?,
        })
    }
}

/// What a run came to.
pub(super) struct Ran {
    pub(super) applied: Applied,
    /// Why the set-up could not be saved afterwards.
    notice: Option<Failure>,
}

/// What a run stands on.
pub(super) struct Ground {
    path: std::path::PathBuf,
    setup: Setup,
    client: usher_transport::Client,
    secrets: Secrets,
    pub(super) entra: Entra,
    observed: Arc<Observed>,
    pub(super) token: Option<ScimToken>,
}

impl Ground {
    /// The same, with waits for either side told as what is being looked at.
    pub(super) fn telling(self, progress: &Progress<ApplyEvent>) -> Self {
        let progress = Arc::clone(progress);
        let waits: usher_transport::EventSink = Arc::new(move |event| {
            if let Some((seconds, reason)) = wait_in_words(&event) {
                progress(ApplyEvent::Looking {
                    what: format!("Waiting {seconds:.0} s: {reason}"),
                    done: None,
                    total: None,
                    left: None,
                });
            }
        });
        Self {
            client: self.client.with_events(Arc::clone(&waits)),
            entra: self.entra.telling(waits),
            ..self
        }
    }

    /// Carries `work` out.
    async fn carry_out(
        &self,
        executor: &mut Executor<'_>,
        work: Work<'_>,
    ) -> Result<Applied, ApplyError> {
        let events = executor.events;
        let witness = LiveWitness {
            entra: &self.entra,
            http: &self.client,
            secrets: &self.secrets,
            progress: &|step| {
                events(ApplyEvent::Looking {
                    what: step.what,
                    done: step.done,
                    total: step.total,
                    left: step.left,
                });
            },
            cancel: executor.cancel,
        };
        executor
            .carry_out(work, &self.setup, &self.observed, &witness)
            .await
    }

    /// What the workspaces' people kept over a move in which a connector was paused, by the look after it.
    fn kept(&self, applied: &Applied, open: &Open) -> Vec<WorkspaceKept> {
        if self.setup.journey != Journey::Migrate || !applied.has_paused() {
            return Vec::new();
        }
        let workspaces = |observed: &Observed| observed.observation.databricks.workspaces.clone();
        workspaces_kept(&workspaces(&self.observed), &workspaces(&open.observed))
    }
}

impl Open {
    /// Reads what the journal tells. An application that a run made, and that the set-up does not know because the run ended
    /// before it was saved, is the set-up's own.
    pub(super) fn read_journal(&mut self) {
        let lines = FileJournal::peek(self.file.path()).unwrap_or_default();
        let app = &mut self.file.setup.entra.app;
        app.service_principal_id = app
            .service_principal_id
            .take()
            .or_else(|| created_application(&lines));
        let begun = begun(&lines);
        self.journal = JournalView {
            unfinished: begun
                .iter()
                .filter(|one| one.outcome.is_none())
                .map(|one| one.change.title.clone())
                .collect(),
            standing: begun.iter().filter(|one| one.stands()).count(),
        };
    }
}

/// What a rollback does first and last (the twelve rules of a move; else the journal backwards).
fn order_of(journey: Journey) -> &'static str {
    match journey {
        Journey::Migrate => {
            "Every assignment that was taken off an old connector is put back first and read back. Then its saved credentials are \
             tested, and only then is it started again. What stays is named with its reason."
        }
        _ => {
            "Usher takes back what its journal says it did, newest first. What it must not or cannot take back is named with its \
             reason."
        }
    }
}

/// What a look before or after the changes tells, as the run tells it.
fn around(progress: &Progress<ApplyEvent>) -> Progress<ObserveEvent> {
    let progress = Arc::clone(progress);
    Arc::new(move |event| {
        if let ObserveEvent::Looking {
            what,
            done,
            total,
            left,
        } = event
        {
            progress(ApplyEvent::Looking {
                what,
                done,
                total,
                left,
            });
        }
    })
}

pub(super) fn silent() -> Progress<ObserveEvent> {
    std::sync::Arc::new(|_| {})
}

fn make(open: &Open, place: &Place, token_held: bool) -> Result<Plan, Failure> {
    open.observed_at.ok_or_else(not_observed)?;
    let (setup, seen) = (&open.file.setup, &open.observed.observation);
    let options = options(setup, place, token_held);
    Ok(plan::plan(setup, seen, options, Timestamp::now()))
}

/// What a plan takes for granted besides what was observed.
pub(super) fn options(setup: &Setup, place: &Place, token_held: bool) -> PlanOptions {
    let url = setup.databricks.scim_url.as_deref().unwrap_or_default();
    PlanOptions {
        token_held,
        admin_confirmed: false,
        address_fault: scim_url::recognise(url, &place.world).fault(),
    }
}

/// A plan as the page shows it.
pub(super) fn plan_view(plan: Plan, open: &Open) -> Result<PlanView, Failure> {
    let at = open.observed_at.ok_or_else(not_observed)?;
    let base = open.entra.as_ref().map(|entra| entra.graph.base());
    let may_write = open.signed_in.as_ref().is_some_and(|who| who.may_write);
    Ok(PlanView {
        digest: digest_of(&plan),
        changes: plan
            .changes
            .iter()
            .map(|change| ChangeView::of(change, &open.observed, base))
            .collect(),
        refusals: plan.refusals,
        by_hand: plan.by_hand,
        may_write,
        observed_at: at,
    })
}

fn another_plan() -> Failure {
    Failure::new(
        FailureCode::WorldMoved,
        "The plan is no longer the one you confirmed.",
        "What was observed or wanted has changed since. Nothing was sent.",
        &["Look at the new plan, and confirm it."],
    )
}

pub(super) fn not_observed() -> Failure {
    Failure::not_ready(
        "Both sides have not been looked at yet.",
        "Look at both sides first; the plan follows from that.",
    )
}

/// A plan's digest: of its changes as they stand, so that another before or after is another plan.
fn digest_of(plan: &Plan) -> String {
    let text = serde_json::to_vec(plan).unwrap_or_default();
    Sha256::digest(text)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn undone(change: Change, undoing: Undoing) -> UndoView {
    let (undo, reason) = match undoing {
        Undoing::TakeBack { reason, .. } => (UndoKind::TakeBack, reason),
        Undoing::Keep(why) => (UndoKind::Keep, Some(why)),
        Undoing::Manual(how) => (UndoKind::Manual, Some(how)),
    };
    UndoView {
        id: change.id,
        title: change.title,
        undo,
        reason,
    }
}

impl From<ApplyError> for Failure {
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::Journal(error) => error.into(),
            ApplyError::Refused(why) => Self::new(
                FailureCode::Refused,
                why,
                "A guard forbids this plan. Nothing was sent.",
                &["Do what the refusal says, and plan again."],
            ),
            ApplyError::UnknownChange(id) => Self::bad_input(
                format!("The plan has no change {id}."),
                "Look at the plan again.",
            ),
        }
    }
}

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        let details = error.to_string();
        let meaning = "Without its journal Usher writes nothing anywhere, so nothing was sent.";
        let failure = match error {
            JournalError::Locked { by } => Self::new(
                FailureCode::SetupLocked,
                format!("Another Usher works on this set-up: {by}."),
                "Two runs on one set-up could do things twice, so this one did not begin.",
                &[
                    "Wait for the other run to end, or close it.",
                    "Try it again.",
                ],
            ),
            JournalError::Disk { .. } => Self::new(
                FailureCode::Disk,
                "The journal beside the set-up cannot be used.",
                meaning,
                &[
                    "Look at the disk and the folder of the set-up.",
                    "Try it again.",
                ],
            ),
            JournalError::Unreadable { .. } => Self::new(
                FailureCode::SetupUnreadable,
                "A line of the journal cannot be read.",
                meaning,
                &[
                    "Keep a copy of the journal file.",
                    "Put the line right that the details name, or ask for help with the copy.",
                ],
            ),
        };
        failure.with_details(details)
    }
}
