//! Carrying a plan out, or taking it back, as both faces do it: a start is judged anew, and a move has its gate.

use std::collections::BTreeSet;
use std::time::Duration;

use usher_core::model::Setup;
use usher_core::model::setup::Journey;
use usher_core::plan::Plan;

use super::executor::{Applied, ApplyError, Executor};
use super::gate::{Gate, Open};
use super::moving::{MoveGate, Witness};
use super::rollback::{carried, looking_back};
use super::starting::{Judge, StartGate};
use crate::observe::Observed;

/// What is carried out.
#[derive(Debug, Clone, Copy)]
pub enum Work<'a> {
    /// A plan, or only the changes named.
    Apply {
        /// The plan that was confirmed.
        plan: &'a Plan,
        /// The changes, by id; `None`: all.
        only: Option<&'a BTreeSet<String>>,
        /// How long cycles are waited for; `None`: as long as it takes.
        patience: Option<Duration>,
    },
    /// What the journal says was done is taken back.
    Rollback,
}

impl Executor<'_> {
    /// Carries `work` out for a set-up. `observed` is what it was planned from; `witness` looks again where a change asks for it.
    ///
    /// # Errors
    /// [`ApplyError`]: nothing was sent that the journal does not tell of.
    pub async fn carry_out(
        &mut self,
        work: Work<'_>,
        setup: &Setup,
        observed: &Observed,
        witness: &dyn Witness,
    ) -> Result<Applied, ApplyError> {
        if setup.journey != Journey::Migrate {
            return self
                .guarded(work, setup, observed, witness, &mut Open)
                .await;
        }
        let patience = match work {
            Work::Apply { patience, .. } => patience,
            Work::Rollback => None,
        };
        let seen = &observed.observation;
        let mut gate = MoveGate::new(
            setup.clone(),
            seen,
            self.graph,
            witness,
            patience,
            self.events,
            self.cancel,
        );
        self.guarded(work, setup, observed, witness, &mut gate)
            .await
    }

    async fn guarded(
        &mut self,
        work: Work<'_>,
        setup: &Setup,
        observed: &Observed,
        witness: &dyn Witness,
        inner: &mut dyn Gate,
    ) -> Result<Applied, ApplyError> {
        let looked_at = match work {
            Work::Apply { .. } => setup.clone(),
            Work::Rollback => looking_back(setup, &self.journal.lines()),
        };
        let carried = carried(&self.journal.lines());
        let mut gate = StartGate {
            inner,
            judge: Judge {
                setup: &looked_at,
                graph: self.graph,
                witness,
                carried: &carried,
                cancel: self.cancel,
            },
        };
        match work {
            Work::Apply { plan, only, .. } => {
                self.apply_through(plan, observed, only, &mut gate).await
            }
            Work::Rollback => self.rollback_through(observed, &mut gate).await,
        }
    }
}
