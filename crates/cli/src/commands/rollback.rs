//! `usher rollback`.

use std::sync::Arc;

use usher_core::plan::undo::Undoing;
use usher_engine::apply::{Executor, Work, journal_path, looking_back, planned_rollback};
use usher_engine::observe::Progress;

use crate::arguments::{Global, Rollback};
use crate::confirm;
use crate::failure::{Exit, Failure};
use crate::interrupt::on_interrupt;
use crate::output::{Loudness, Output};
use crate::run::{self, OutcomeBody};
use crate::sides::Sides;

/// Takes back what the journal says was done.
pub(crate) async fn run(
    options: &Rollback,
    global: &Global,
    output: &Arc<Output>,
) -> Result<Exit, Failure> {
    confirm::is_possible(options.yes)?;
    let cancel = on_interrupt();
    let mut sides = Sides::open(global, output, &cancel).await?;
    sides.entra()?;
    if !journal_path(sides.file.path()).exists() {
        return without_a_journal(output);
    }
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
    let lines = executor.journal.lines();
    let setup = looking_back(&sides.file.setup, &lines);
    let observed = sides.look_by(&setup, &cancel).await?;
    let planned = planned_rollback(&lines, &observed.observation);
    if !planned.is_empty() && !options.yes {
        for (change, undoing) in &planned {
            output.tell(
                Loudness::Quiet,
                format!("{} {}  [{}]", verb(undoing), change.title, change.id),
            );
        }
        confirm::ask(
            options.yes,
            &format!(
                "{} changes are to be taken back or kept as said.",
                planned.len()
            ),
            output,
        )?;
    }
    let told = |step: Progress| sides.tell(&step);
    let witness = sides.witness(&entra, &told, &cancel);
    let applied = executor
        .carry_out(Work::Rollback, &sides.file.setup, &observed, &witness)
        .await
        .map_err(run::failed)?;
    let body = OutcomeBody::of(recovered, applied.outcome);
    let exit = match (applied.interrupted, body.is_bad()) {
        (true, _) => Exit::Interrupted,
        (false, true) => Exit::NotGood,
        (false, false) => Exit::Good,
    };
    run::show(body, output)?;
    Ok(exit)
}

/// A set-up that was handed over carries no journal (`contracts/cli.md`, rule 11).
fn without_a_journal(output: &Output) -> Result<Exit, Failure> {
    let body = OutcomeBody {
        note: Some(
            "There is no journal beside this set-up, so nothing is known to have been done from here, and nothing was taken back. \
             What another machine did, its own journal tells there."
                .to_owned(),
        ),
        ..OutcomeBody::default()
    };
    run::show(body, output)?;
    Ok(Exit::Good)
}

fn verb(undoing: &Undoing) -> String {
    match undoing {
        Undoing::TakeBack { reason: None, .. } => "Take back:".to_owned(),
        Undoing::TakeBack {
            reason: Some(reason),
            ..
        } => format!("Take back ({reason}):"),
        Undoing::Keep(reason) => format!("Keep ({reason}):"),
        Undoing::Manual(how) => format!("By hand ({how}):"),
    }
}
