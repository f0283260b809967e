//! `usher apply`.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use usher_core::model::setup::Journey;
use usher_core::outcome::{ChangeOutcome, ChangeState};
use usher_core::plan::{ChangeKind, Plan};
use usher_engine::apply::{
    ApplyError, CycleEnd, Executor, FileJournal, Work, WorkspaceKept, begun, wait_for_cycle,
    workspaces_kept,
};
use usher_engine::observe::{Entra, Observed, Progress};
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
    let earlier = done_earlier(&options.only, &sides, &cancel).await?;
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
    // What was asked for and is done already is in no plan any more.
    let only: Option<BTreeSet<String>> = (!options.only.is_empty()).then(|| {
        let done = recovered.iter().chain(&earlier);
        let done: BTreeSet<&str> = done.map(|change| change.id.as_str()).collect();
        let named = options.only.iter();
        named
            .filter(|id| !done.contains(id.as_str()) || is_planned(&plan, id))
            .cloned()
            .collect()
    });
    let mut selected = plan.clone();
    selected
        .changes
        .retain(|change| only.as_ref().is_none_or(|only| only.contains(&change.id)));
    if !selected.changes.is_empty() && !options.yes {
        let shown = PlanBody::of(&selected, &sides, &observed)?.in_words();
        output.tell(Loudness::Quiet, shown);
        confirm::ask(
            options.yes,
            &format!("{} changes are to be made.", selected.changes.len()),
            output,
        )?;
    }
    let begun = Timestamp::now();
    let told = |step: Progress| sides.tell(&step);
    let witness = sides.witness(&entra, &told, &cancel);
    let work = Work::Apply {
        plan: &plan,
        only: only.as_ref(),
        patience: options.wait,
    };
    let applied = executor
        .carry_out(work, &sides.file.setup, &observed, &witness)
        .await
        .map_err(run::failed)?;
    run::remember_application(&mut sides, &executor.journal.lines(), output);

    let (failed, has_paused) = (applied.has_failed(), applied.has_paused());
    let mut body = OutcomeBody::of([recovered, earlier].concat(), applied.outcome);
    body.by_hand = plan.by_hand;
    if sides.file.setup.journey == Journey::Migrate && !applied.interrupted && has_paused {
        body.workspaces = kept(&sides, &observed, output, &cancel).await;
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

/// What the workspaces' people kept, by a look after the run beside the one before it.
async fn kept(
    sides: &Sides,
    before: &Observed,
    output: &Output,
    cancel: &CancellationToken,
) -> Vec<WorkspaceKept> {
    match sides.look(cancel).await {
        Ok(after) => workspaces_kept(
            &before.observation.databricks.workspaces,
            &after.observation.databricks.workspaces,
        ),
        // The changes are done and in the journal; only this look is not.
        Err(_) => {
            output.tell(
                Loudness::Usual,
                "The workspaces could not be looked at again. Run `usher check`.",
            );
            Vec::new()
        }
    }
}

/// What of `only` an earlier run has done, so that no plan has it any more: nothing is left to do about it. What neither a plan
/// nor a run knows is wrong usage; it is found before the journal is opened, so that nothing is written for it.
async fn done_earlier(
    only: &[String],
    sides: &Sides,
    cancel: &CancellationToken,
) -> Result<Vec<ChangeOutcome>, Failure> {
    if only.is_empty() {
        return Ok(Vec::new());
    }
    let lines = FileJournal::peek(sides.file.path()).map_err(|error| run::failed(error.into()))?;
    let begun = begun(&lines);
    let plan = planned::plan(sides, &sides.look(cancel).await?);
    if !plan.refusals.is_empty() {
        return Ok(Vec::new());
    }
    let mut done = Vec::new();
    for id in only.iter().filter(|id| !is_planned(&plan, id)) {
        let last = begun.iter().rfind(|begun| begun.change.id == **id);
        match last {
            Some(open) if open.outcome.is_none() => {}
            Some(change) if change.stands() => done.push(ChangeOutcome {
                id: id.clone(),
                kind: change.change.kind,
                state: ChangeState::Skipped,
                at: Timestamp::now(),
                error: None,
                reason: Some(
                    "An earlier run did it, and nothing is left to do about it.".to_owned(),
                ),
            }),
            _ => return Err(run::failed(ApplyError::UnknownChange(id.clone()))),
        }
    }
    Ok(done)
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
    // From here on the changes are done and in the journal; only the wait may not be.
    let unwatched = |why: &str| {
        let words = format!("The first cycle cannot be watched: {why}");
        output.tell(Loudness::Usual, words);
        Ok(Some(Cycle::NotYet))
    };
    let observed = match sides.look(cancel).await {
        Ok(observed) => observed,
        Err(Failure::Interrupted) => return Ok(Some(Cycle::NotYet)),
        Err(Failure::Usage(body) | Failure::NoVerdict(body)) => return unwatched(&body.message),
    };
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
        Err(error) => unwatched(&format!("{error}.")),
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
