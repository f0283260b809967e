//! A start is judged once more right before it, by a fresh look at both sides: since the plan was made somebody may have been taken
//! off, and a start would deactivate them (`contracts/cli.md`, rule 3).

use std::collections::BTreeMap;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use usher_core::model::Setup;
use usher_core::plan::{Intent, Reference, may_start};
use usher_entra::graph::Graph;

use super::gate::{Aftermath, Gate, Held};
use super::journal::Brought;
use super::moving::Witness;
use crate::observe;

/// Replicas flap: what stands against a start counts only when it stays so for this long.
const FLAPPING: Duration = Duration::from_secs(60);

/// From one look to the next.
const EVERY: Duration = Duration::from_secs(15);

/// Stands before every start, around another gate.
pub(super) struct StartGate<'a> {
    pub(super) inner: &'a mut dyn Gate,
    pub(super) judge: Judge<'a>,
}

/// What a start is judged by.
#[derive(Clone, Copy)]
pub(super) struct Judge<'a> {
    pub(super) setup: &'a Setup,
    pub(super) graph: &'a Graph,
    pub(super) witness: &'a dyn Witness,
    /// Whom paused connectors carried, by service principal, as the journal has it.
    pub(super) carried: &'a BTreeMap<String, Vec<Box<str>>>,
    pub(super) cancel: &'a CancellationToken,
}

impl Judge<'_> {
    async fn allows(self, service_principal: &str) -> Result<(), Held> {
        let end = Instant::now() + self.graph.scaled(FLAPPING);
        let carried = self.carried.get(service_principal).map(Vec::as_slice);
        loop {
            let looked = self.witness.look(self.setup).await;
            let seen = looked.map_err(|observe::Cancelled| Held::Cancelled)?;
            let may = may_start(self.setup, &seen.observation, service_principal, carried);
            let Err(why) = may else {
                return Ok(());
            };
            if Instant::now() >= end {
                return Err(Held::Against(why));
            }
            let pause = self.graph.scaled(EVERY);
            let waited = self.graph.wait(pause, self.cancel).await;
            waited.map_err(|_| Held::Cancelled)?;
        }
    }
}

/// The connector a start is about, where it was there before this run: one that this run made has brought nobody.
fn started(intent: &Intent) -> Option<&str> {
    match intent {
        Intent::Start {
            service_principal: Reference::Existing(id),
            ..
        }
        | Intent::Restart {
            service_principal: Reference::Existing(id),
            ..
        } => Some(id),
        _ => None,
    }
}

impl Gate for StartGate<'_> {
    fn before<'a>(&'a mut self, intent: &'a Intent) -> BoxFuture<'a, Result<(), Held>> {
        let judge = self.judge;
        async move {
            self.inner.before(intent).await?;
            match started(intent) {
                Some(service_principal) => judge.allows(service_principal).await,
                None => Ok(()),
            }
        }
        .boxed()
    }

    fn carried(&self, intent: &Intent) -> Option<Vec<Box<str>>> {
        self.inner.carried(intent)
    }

    fn after<'a>(&'a mut self, intent: &'a Intent, ids: &'a Brought) -> BoxFuture<'a, Aftermath> {
        self.inner.after(intent, ids)
    }
}
