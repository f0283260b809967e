//! `usher apply`.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use usher_core::model::setup::Journey;
use usher_core::outcome::{ChangeOutcome, ChangeState};
use usher_core::plan::{ChangeKind, Plan};
use usher_engine::apply::{
    ApplyError, CycleEnd, Executor, FileJournal, Work, begun, wait_for_cycle, workspaces_kept,
};
use usher_engine::observe::{Entra, Progress};
use usher_entra::graph::GetJob;
use usher_transport::CancellationToken;

use crate::arguments::{Apply, Global};
use crate::confirm;
use crate::failure::{Exit, Failure};
use crate::interrupt::on_interrupt;
use crate::output::{Loudness, Output};
use crate::planned::{self, PlanBody};
use crate::run::{self, Cycle, OutcomeBody};
use crate::sides::Sides;

/// Carries the plan out.
pub(crate) async fn run(
    options: Apply,
    global: &Global,
    output: &Arc<Output>,
) -> Result<Exit, Failure> {
    confirm::is_possible(options.yes)?;
    let cancel = on_interrupt();
    let mut sides = Sides::open(global, output, &cancel).await?;
    sides.entra()?;
    refuse_unknown(&options.only, &sides, &cancel).await?;
    let mut journal = run::open_journal(&sides)?;
    let entra = sides.raise(&cancel).await?.clone();
    let token = run::scim_token(&sides);
    let events = |event| run::progress(output, &event);
    let mut executor = Executor {
        graph: &entra.graph,
        journal: &mut journal,
        token: token.as_ref(),
        events: &events,
        cancel: &cancel,
    };
    let recovered = executor.recover().await.map_err(run::failed)?;
    run::remember_application(&mut sides, &executor.journal.lines(), output);

    let observed = sides.look(&cancel).await?;
    let plan = planned::plan(&sides, &observed);
    if !plan.refusals.is_empty() {
        let body = OutcomeBody {
            changes: recovered,
            refusals: plan.refusals,
            ..OutcomeBody::default()
        };
        run::show(body, output)?;
        return Ok(Exit::NotGood);
    }
    if !plan.changes.is_empty() && !options.yes {
        output.tell(
            Loudness::Quiet,
            PlanBody::of(&plan, &sides, &observed)?.in_words(),
        );
        confirm::ask(
            options.yes,
            &format!("{} changes are to be made.", plan.changes.len()),
            output,
        )?;
    }
    // What was asked for and is done already, by the run before this one, is in no plan any more.
    let asked = !options.only.is_empty();
    let named = options.only.into_iter();
    let only: BTreeSet<String> = named
        .filter(|id| !recovered.iter().any(|change| change.id == *id) || is_planned(&plan, id))
        .collect();
    let begun = Timestamp::now();
    let told = |step: Progress| sides.tell(&step);
    let witness = sides.witness(&entra, &told, &cancel);
    let work = Work::Apply {
        plan: &plan,
        only: asked.then_some(&only),
        patience: options.wait,
    };
    let applied = executor
        .carry_out(work, &sides.file.setup, &observed, &witness)
        .await
        .map_err(run::failed)?;
    run::remember_application(&mut sides, &executor.journal.lines(), output);

    let (failed, has_paused) = (applied.has_failed(), applied.has_paused());
    let mut body = OutcomeBody::of(recovered, applied.outcome);
    body.by_hand = plan.by_hand;
    if sides.file.setup.journey == Journey::Migrate && !applied.interrupted && has_paused {
        match sides.look(&cancel).await {
            Ok(after) => {
                body.workspaces = workspaces_kept(
                    &observed.observation.databricks.workspaces,
                    &after.observation.databricks.workspaces,
                );
            }
            // The changes are done and in the journal; only this look is not.
            Err(_) => output.tell(
                Loudness::Usual,
                "The workspaces could not be looked at again. Run `usher check`.",
            ),
        }
    }
    if let Some(patience) = options
        .wait
        .filter(|_| !applied.interrupted && !body.is_bad())
    {
        body.cycle = wait(
            &sides,
            &entra,
            first_of(&body.changes, begun),
            patience,
            output,
            &cancel,
        )
        .await?;
    }
    let exit = match (
        applied.interrupted || cancel.is_cancelled(),
        failed || body.is_bad(),
    ) {
        (true, _) => Exit::Interrupted,
        (false, true) => Exit::NotGood,
        (false, false) => Exit::Good,
    };
    run::show(body, output)?;
    Ok(exit)
}

/// A change that neither the plan nor the run before this one knows is wrong usage: it is found before the journal is opened, so
/// that nothing is written for it.
async fn refuse_unknown(
    only: &[String],
    sides: &Sides,
    cancel: &CancellationToken,
) -> Result<(), Failure> {
    if only.is_empty() {
        return Ok(());
    }
    let lines = FileJournal::peek(sides.file.path()).map_err(|error| run::failed(error.into()))?;
    let begun = begun(&lines);
    let plan = planned::plan(sides, &sides.look(cancel).await?);
    let unknown = only.iter().find(|id| {
        let open = begun
            .iter()
            .any(|begun| begun.outcome.is_none() && begun.change.id == **id);
        plan.refusals.is_empty() && !open && !is_planned(&plan, id)
    });
    match unknown {
        None => Ok(()),
        Some(id) => Err(run::failed(ApplyError::UnknownChange(id.clone()))),
    }
}

fn is_planned(plan: &Plan, id: &str) -> bool {
    plan.changes.iter().any(|change| change.id == id)
}

/// From when on a cycle is the first one: from the start of this run; or from ever where this run made the job (the clocks of
/// this machine and of Entra need not agree), or changed nothing that a cycle would have to carry over.
fn first_of(changes: &[ChangeOutcome], begun: Timestamp) -> Timestamp {
    let mut done = changes
        .iter()
        .filter(|change| change.state == ChangeState::Done)
        .peekable();
    if done.peek().is_none() || done.any(|change| change.kind == ChangeKind::CreateJob) {
        Timestamp::UNIX_EPOCH
    } else {
        begun
    }
}

/// Waits for the first cycle of the set-up's job; `None` where it has none.
async fn wait(
    sides: &Sides,
    entra: &Entra,
    since: Timestamp,
    patience: Duration,
    output: &Arc<Output>,
    cancel: &CancellationToken,
) -> Result<Option<Cycle>, Failure> {
    let observed = sides.look(cancel).await?;
    let connector = observed.observation.connector(&sides.file.setup);
    let job = connector.and_then(|connector| Some((connector, connector.job()?)));
    let Some((connector, job)) = job else {
        return Ok(None);
    };
    let get = GetJob {
        service_principal: connector.service_principal_id.clone(),
        job: job.id.clone(),
    };
    let events = |event| run::progress(output, &event);
    match wait_for_cycle(&entra.graph, &get, since, patience, &events, cancel).await {
        Ok(CycleEnd::Completed { escrowed }) => Ok(Some(Cycle::Completed { escrowed })),
        Ok(CycleEnd::Quarantined { reason }) => Ok(Some(Cycle::Quarantined { reason })),
        Ok(CycleEnd::NotYet) => Ok(Some(Cycle::NotYet)),
        Ok(CycleEnd::Off) => Ok(Some(Cycle::Off)),
        Err(_) if cancel.is_cancelled() => Ok(Some(Cycle::NotYet)),
        Err(error) => {
            // The changes are done and in the journal; only the wait is not.
            output.tell(
                Loudness::Usual,
                format!("The first cycle cannot be watched: {error}."),
            );
            Ok(Some(Cycle::NotYet))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_changed_nothing_takes_any_completed_cycle_for_the_first() {
        let begun: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        let change = |kind, state| ChangeOutcome {
            id: "x".to_owned(),
            kind,
            state,
            at: begun,
            error: None,
            reason: None,
        };
        let job = change(ChangeKind::CreateJob, ChangeState::Done);
        let assigned = change(ChangeKind::Assign, ChangeState::Done);
        let skipped = change(ChangeKind::Start, ChangeState::Skipped);
        assert_eq!(first_of(&[], begun), Timestamp::UNIX_EPOCH);
        assert_eq!(first_of(&[skipped], begun), Timestamp::UNIX_EPOCH);
        assert_eq!(first_of(std::slice::from_ref(&assigned), begun), begun);
        assert_eq!(first_of(&[assigned, job], begun), Timestamp::UNIX_EPOCH);
    }
}
