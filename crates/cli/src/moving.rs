//! Carrying a plan out, or taking it back, with a move's gate around it where the set-up is a move.

use std::collections::BTreeSet;
use std::time::Duration;

use usher_core::model::setup::Journey;
use usher_core::outcome::ChangeState;
use usher_core::plan::{ChangeKind, Plan};
use usher_engine::apply::{Applied, ApplyError, Executor, LiveWitness, MoveGate, WorkspaceKept};
use usher_engine::observe::{Entra, Observed, Progress};

use crate::failure::Failure;
use crate::run;
use crate::sides::Sides;

/// What a run came to, and what the workspaces' people kept over a move.
pub(crate) struct Ran {
    pub(crate) applied: Applied,
    pub(crate) workspaces: Vec<WorkspaceKept>,
}

/// What is carried out.
pub(crate) enum Work<'a> {
    /// A plan, or only the changes named; cycles are waited for as long as it takes, or not longer than the patience.
    Apply {
        plan: &'a Plan,
        only: Option<&'a BTreeSet<String>>,
        patience: Option<Duration>,
    },
    /// What the journal says was done is taken back.
    Rollback,
}

/// Does it.
pub(crate) async fn carry_out(
    work: Work<'_>,
    sides: &Sides,
    entra: &Entra,
    observed: &Observed,
    executor: &mut Executor<'_>,
) -> Result<Ran, Failure> {
    if sides.file.setup.journey != Journey::Migrate {
        let applied = match work {
            Work::Apply { plan, only, .. } => executor.apply(plan, observed, only).await,
            Work::Rollback => executor.rollback(observed).await,
        };
        return Ok(Ran {
            applied: applied.map_err(run::failed)?,
            workspaces: Vec::new(),
        });
    }
    let (events, cancel) = (executor.events, executor.cancel);
    let told = |step: Progress| sides.tell(&step);
    let witness = LiveWitness {
        entra,
        http: sides.client(),
        secrets: &sides.secrets,
        progress: &told,
        cancel,
    };
    let patience = match work {
        Work::Apply { patience, .. } => patience,
        Work::Rollback => None,
    };
    let setup = sides.file.setup.clone();
    let seen = &observed.observation;
    let mut gate = MoveGate::new(
        setup,
        seen,
        &entra.graph,
        &witness,
        patience,
        events,
        cancel,
    );
    let applied: Result<Applied, ApplyError> = match work {
        Work::Apply { plan, only, .. } => {
            executor
                .apply_through(plan, observed, only, &mut gate)
                .await
        }
        Work::Rollback => executor.rollback_through(observed, &mut gate).await,
    };
    let applied = applied.map_err(run::failed)?;
    let workspaces = if !applied.interrupted && has_paused(&applied) {
        gate.kept(&sides.look(cancel).await?.observation)
    } else {
        Vec::new()
    };
    Ok(Ran {
        applied,
        workspaces,
    })
}

fn has_paused(applied: &Applied) -> bool {
    let mut changes = applied.outcome.changes.iter();
    changes.any(|change| change.kind == ChangeKind::Pause && change.state == ChangeState::Done)
}
