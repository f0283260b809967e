//! The gate of a move: the connectors are looked at again before each write, an old one is paused only once the account
//! connector has proven itself, and its workspace is watched after it (`contracts/cli.md`, rules 1, 2 and 10).

mod settled;
mod witness;

use std::collections::BTreeMap;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use jiff::Timestamp;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use usher_core::model::Setup;
use usher_core::observation::Observation;
use usher_core::observation::databricks::WorkspaceFacts;
use usher_core::plan::migrate::{self, Ready};
use usher_core::plan::{Intent, Reference};
use usher_entra::graph::{GetJob, Graph, GraphError};

pub use settled::{WorkspaceKept, workspaces_kept};
pub use witness::{LiveWitness, Witness};

use super::cycle::{CycleEnd, wait_for_cycle};
use super::doubt::is_cancelled;
use super::event::ApplyEvent;
use super::executor::sentence;
use super::gate::{Aftermath, Gate, Held};
use super::journal::Brought;
use super::stand::id;
use super::target::SERVICE_PRINCIPAL;
use crate::observe::{self, Standing};

/// Replicas flap: a connector counts as changed by another hand only when it stays so for this long.
const FLAPPING: Duration = Duration::from_secs(60);

/// From one look to the next.
const EVERY: Duration = Duration::from_secs(15);

/// Stands around each change of a move, and of its rollback.
pub struct MoveGate<'a> {
    setup: Setup,
    graph: &'a Graph,
    witness: &'a dyn Witness,
    events: &'a (dyn Fn(ApplyEvent) + Send + Sync),
    cancel: &'a CancellationToken,
    /// When the waiting for cycles is over; `None`: never.
    until: Option<Instant>,
    /// How every connector the move is about is to stand now, by service principal.
    expected: BTreeMap<String, (String, Standing)>,
    /// The workspaces as they were before anything was paused.
    before: Vec<WorkspaceFacts>,
    /// The workspace that each old connector provisions to.
    workspaces: BTreeMap<String, String>,
    /// Whether the account connector has proven itself in this run.
    proven: bool,
    /// Whom the old connectors carried when it had.
    carried: BTreeMap<String, Vec<Box<str>>>,
}

impl<'a> MoveGate<'a> {
    /// The gate for a plan, or a rollback, that was made from `observed`. `patience`: how long cycles are waited for; `None`: as
    /// long as it takes.
    pub fn new(
        setup: Setup,
        observed: &Observation,
        graph: &'a Graph,
        witness: &'a dyn Witness,
        patience: Option<Duration>,
        events: &'a (dyn Fn(ApplyEvent) + Send + Sync),
        cancel: &'a CancellationToken,
    ) -> Self {
        let involved = migrate::involved(&setup, observed);
        let expected = involved.iter().map(|connector| {
            let standing = Standing::of(connector);
            let known = (connector.display_name.clone(), standing);
            (connector.service_principal_id.clone(), known)
        });
        let workspaces = involved.iter().filter_map(|connector| {
            let workspace = migrate::workspace(observed, connector)?;
            Some((connector.service_principal_id.clone(), workspace.id.clone()))
        });
        Self {
            expected: expected.collect(),
            workspaces: workspaces.collect(),
            before: observed.databricks.workspaces.clone(),
            proven: false,
            carried: BTreeMap::new(),
            until: patience.map(|patience| Instant::now() + patience),
            setup,
            graph,
            witness,
            events,
            cancel,
        }
    }

    /// What the workspaces' people kept, by an observation made after the run.
    pub fn kept(&self, after: &Observation) -> Vec<WorkspaceKept> {
        settled::workspaces_kept(&self.before, &after.databricks.workspaces)
    }

    async fn may(&mut self, intent: &Intent) -> Result<(), Held> {
        self.nobody_moved().await?;
        if matches!(intent, Intent::Pause { retires: true, .. }) && !self.proven {
            self.prove().await?;
            self.nobody_moved().await?;
            self.proven = true;
        }
        Ok(())
    }

    /// Every connector stands as the plan and this run's own changes left it.
    async fn nobody_moved(&self) -> Result<(), Held> {
        let ids: Vec<String> = self.expected.keys().cloned().collect();
        let end = Instant::now() + self.graph.scaled(FLAPPING);
        loop {
            let moved = self.moved(&ids).await.map_err(|error| of(&error))?;
            let Some(what) = moved else {
                return Ok(());
            };
            if Instant::now() >= end {
                return Err(Held::Against(what));
            }
            self.pause().await.map_err(|error| of(&error))?;
        }
    }

    async fn pause(&self) -> Result<(), GraphError> {
        self.graph.wait(self.graph.scaled(EVERY), self.cancel).await
    }

    async fn moved(&self, ids: &[String]) -> Result<Option<String>, GraphError> {
        let found = observe::standings(self.graph, ids, self.cancel).await?;
        Ok(found.into_iter().find_map(|(id, now)| {
            let (name, was) = self.expected.get(&id)?;
            let what = match &now {
                None => "is gone",
                Some(now) => was.differs(now)?,
            };
            Some(format!(
                "{name} {what}, and not by this run. Look again and make the plan anew."
            ))
        }))
    }

    /// Waits until the account connector has taken over, by what both sides show.
    async fn prove(&mut self) -> Result<(), Held> {
        // A cycle may end while the two sides are being read, and Databricks' answers lag (facts/databricks §3.5): whoever is
        // missing is looked for twice.
        let mut once = false;
        loop {
            let seen = self.witness.look(&self.setup).await;
            let seen = seen.map_err(|observe::Cancelled| Held::Cancelled)?;
            let seen = &seen.observation;
            match migrate::ready(&self.setup, seen) {
                Ready::Yes => {
                    self.before.clone_from(&seen.databricks.workspaces);
                    self.carried = migrate::carried(&self.setup, seen);
                    return Ok(());
                }
                Ready::No(refusal) if once || refusal.check != "account-sync-proven" => {
                    return Err(Held::Against(sentence(&refusal.title)));
                }
                Ready::No(_) => {
                    once = true;
                    self.pause().await.map_err(|error| of(&error))?;
                }
                Ready::NotYet(why) => self.wait(seen, &why).await?,
            }
        }
    }

    /// Waits for the next cycle of the account connector that began after its newest assignment.
    async fn wait(&self, seen: &Observation, why: &str) -> Result<(), Held> {
        let too_early = || {
            Held::Later(format!(
                "The account connector has not proven itself yet: {why}. No old connector was paused; run this again later."
            ))
        };
        let Some((connector, job)) = seen
            .connector(&self.setup)
            .and_then(|connector| Some((connector, connector.job()?)))
        else {
            return Err(too_early());
        };
        let newest = connector.assignments.value().into_iter().flatten();
        let newest = newest.filter_map(|one| one.created).max();
        let get = GetJob {
            service_principal: connector.service_principal_id.clone(),
            job: job.id.clone(),
        };
        let ended = wait_for_cycle(
            self.graph,
            &get,
            newest.unwrap_or(Timestamp::UNIX_EPOCH),
            self.left(),
            self.events,
            self.cancel,
        )
        .await
        .map_err(|error| of(&error))?;
        match ended {
            CycleEnd::NotYet => Err(too_early()),
            CycleEnd::Quarantined { reason } => Err(Held::Against(format!(
                "The account connector went into quarantine ({reason}), so no old connector was paused."
            ))),
            CycleEnd::Off => Err(Held::Against(
                "The account connector was paused while its cycle was waited for, so no old connector was paused."
                    .to_owned(),
            )),
            // Seen as ended; what it brought may be seen a moment later.
            CycleEnd::Completed { .. } => self.pause().await.map_err(|error| of(&error)),
        }
    }

    /// How long cycles may still be waited for.
    fn left(&self) -> Duration {
        const FOR_EVER: Duration = Duration::from_secs(365 * 24 * 60 * 60);
        self.until.map_or(FOR_EVER, |until| {
            until.saturating_duration_since(Instant::now())
        })
    }

    /// What a change of our own makes of how a connector is to stand.
    fn expect(&mut self, intent: &Intent, ids: &Brought) {
        if let Intent::CreateApplication { .. } = intent {
            self.setup.entra.app.service_principal_id = ids.get(SERVICE_PRINCIPAL).cloned();
            return;
        }
        let Some((_, standing)) = self.expected.get_mut(id(ids, SERVICE_PRINCIPAL)) else {
            return;
        };
        match intent {
            Intent::Pause { .. } => standing.active = Some(false),
            Intent::Start { .. } | Intent::Restart { .. } => standing.active = Some(true),
            Intent::Assign { principal_id, .. } => {
                if let Some(assigned) = &mut standing.assigned {
                    assigned.insert(observe::key(principal_id));
                }
            }
            Intent::Unassign { principal_id, .. } => {
                if let Some(assigned) = &mut standing.assigned {
                    assigned.remove(&observe::key(principal_id));
                }
            }
            // What is stored now was read back by the change itself.
            Intent::SaveSecrets { .. } => (standing.sync_all, standing.address) = (None, None),
            _ => {}
        }
    }

    fn tell(&self, what: String) {
        (self.events)(ApplyEvent::Looking {
            what,
            done: None,
            total: None,
            left: None,
        });
    }

    /// After a pause: the last cycle has ended, and the workspace's people have what they had.
    async fn watch(&self, principal: &str) -> Aftermath {
        let name = self.expected.get(principal);
        let name = name.map_or(principal, |(name, _)| name);
        self.tell(format!("Waiting until the last cycle of {name} has ended"));
        match self.stopped(principal).await {
            Ok(Some(true)) => {}
            Ok(Some(false)) => {
                return Aftermath::Trouble(
                    "It was started again by another hand. Nothing more was paused.".to_owned(),
                );
            }
            Ok(None) => {
                return Aftermath::Trouble(
                    "Its last cycle still runs. Nothing more was paused; run this again later."
                        .to_owned(),
                );
            }
            Err(error) if is_cancelled(&error) => return Aftermath::Cancelled,
            Err(error) => return Aftermath::Trouble(sentence(&error)),
        }
        let workspace = self.workspaces.get(principal);
        let Some(before) = workspace.and_then(|id| self.before.iter().find(|one| one.id == *id))
        else {
            return Aftermath::Fine(Some(
                "Its workspace is not known, so it was not watched.".to_owned(),
            ));
        };
        self.tell(format!(
            "Looking whether everyone in {} has what they had",
            before.label()
        ));
        match self.witness.workspace(&self.setup, before).await {
            Err(observe::Cancelled) => Aftermath::Cancelled,
            Ok(after) => settled::told(&before.label(), &migrate::watch(before, &after)),
        }
    }

    /// Rule 1: two agreeing looks see the schedule off and no cycle in flight. `false`: it was started again; `None`: a cycle
    /// still runs when the time is over.
    async fn stopped(&self, principal: &str) -> Result<Option<bool>, GraphError> {
        let list = usher_entra::graph::ListJobs {
            service_principal: principal.to_owned(),
        };
        let end = Instant::now() + self.left();
        let mut agreeing = 0;
        loop {
            let jobs = self.graph.all(&list, self.cancel).await?;
            let state = usher_entra::graph::ScheduleState::Active;
            if jobs.iter().any(|job| job.schedule.state == state) {
                return Ok(Some(false));
            }
            if jobs.iter().all(|job| job.is_stopped()) {
                agreeing += 1;
            } else {
                agreeing = 0;
            }
            if agreeing == 2 {
                return Ok(Some(true));
            }
            if agreeing == 0 && Instant::now() >= end {
                return Ok(None);
            }
            self.pause().await?;
        }
    }
}

impl Gate for MoveGate<'_> {
    fn before<'a>(&'a mut self, intent: &'a Intent) -> BoxFuture<'a, Result<(), Held>> {
        self.may(intent).boxed()
    }

    fn carried(&self, intent: &Intent) -> Option<Vec<Box<str>>> {
        match (intent, intent.service_principal()) {
            (Intent::Pause { retires: true, .. }, Some(Reference::Existing(principal))) => {
                self.carried.get(principal).cloned()
            }
            _ => None,
        }
    }

    fn after<'a>(&'a mut self, intent: &'a Intent, ids: &'a Brought) -> BoxFuture<'a, Aftermath> {
        self.expect(intent, ids);
        async move {
            match (intent, intent.service_principal()) {
                (Intent::Pause { retires: true, .. }, Some(Reference::Existing(principal))) => {
                    self.watch(principal).await
                }
                _ => Aftermath::Fine(None),
            }
        }
        .boxed()
    }
}

fn of(error: &GraphError) -> Held {
    if is_cancelled(error) {
        Held::Cancelled
    } else {
        Held::Against(sentence(error))
    }
}
