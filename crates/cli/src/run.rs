//! What `apply` and `rollback` share: the journal, the progress, the outcome.

use serde::Serialize;
use usher_core::document::Schema;
use usher_core::outcome::{ChangeOutcome, ChangeState, Outcome};
use usher_core::plan::{ByHand, Refusal};
use usher_engine::apply::{
    ApplyError, ApplyEvent, FileJournal, JournalError, ScimToken, WorkspaceKept,
    created_application, journal,
};
use usher_engine::doctor::without_tokens;
use usher_engine::observe::Progress;

use crate::failure::Failure;
use crate::output::{Loudness, Output};
use crate::sides::Sides;

/// The body of `usher.outcome/1`, with what else a run came to.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OutcomeBody {
    pub(crate) changes: Vec<ChangeOutcome>,
    /// Why nothing was done.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) refusals: Vec<Refusal>,
    /// What is left to a person.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) by_hand: Vec<ByHand>,
    /// What the workspaces' people kept over a move.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) workspaces: Vec<WorkspaceKept>,
    /// How the wait for the first cycle ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cycle: Option<Cycle>,
    /// What a person is to know about the whole run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
}

/// How the wait for the first cycle ended.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub(crate) enum Cycle {
    /// It completed; so many entries failed in it and are tried again.
    Completed {
        /// Entries that failed.
        escrowed: u64,
    },
    /// The job went into quarantine.
    Quarantined {
        /// Why, as Entra writes it.
        reason: String,
    },
    /// The time was over before it completed.
    NotYet,
    /// Provisioning is off, so none will complete.
    Off,
}

impl Schema for OutcomeBody {
    const SCHEMA: &'static str = "usher.outcome/1";

    fn plain(mut self) -> Self {
        self.changes.iter_mut().for_each(ChangeOutcome::unmark);
        self
    }
}

impl OutcomeBody {
    /// What an earlier run left open and this one found out, then what this one did. A change that is taken up again after
    /// the doubt counts once, by its last state.
    pub(crate) fn of(recovered: Vec<ChangeOutcome>, outcome: Outcome) -> Self {
        let again =
            |earlier: &ChangeOutcome| outcome.changes.iter().any(|change| change.id == earlier.id);
        let mut changes: Vec<ChangeOutcome> = recovered
            .into_iter()
            .filter(|earlier| !again(earlier))
            .collect();
        changes.extend(outcome.changes);
        Self {
            changes,
            ..Self::default()
        }
    }

    /// Whether something is not as it should be.
    pub(crate) fn is_bad(&self) -> bool {
        let failed = self
            .changes
            .iter()
            .any(|change| change.state == ChangeState::Failed);
        let lost = self.workspaces.iter().any(|one| !one.lost.is_empty());
        failed
            || lost
            || !self.refusals.is_empty()
            || matches!(self.cycle, Some(Cycle::Quarantined { .. }))
    }

    fn in_words(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        for refusal in &self.refusals {
            lines.push(format!("✗ {} ({})", refusal.title, refusal.check));
            lines.extend(refusal.fix.lines().map(|line| format!("    {line}")));
        }
        for change in &self.changes {
            let (mark, word) = word(change.state);
            let why = change
                .error
                .as_ref()
                .or(change.reason.as_ref())
                .map(|why| format!(": {why}"))
                .unwrap_or_default();
            lines.push(format!("{mark} {word:<10} {}{why}", change.id));
        }
        for by_hand in &self.by_hand {
            lines.push(format!("By hand: {} ({})", by_hand.title, by_hand.check));
            lines.extend(by_hand.fix.lines().map(|line| format!("    {line}")));
        }
        for kept in &self.workspaces {
            let workspace = &kept.workspace;
            lines.extend(
                kept.lost
                    .iter()
                    .map(|what| format!("✗ {workspace}: {what}")),
            );
            if kept.lost.is_empty() && kept.unseen.is_empty() {
                lines.push(format!("✓ {workspace}: everyone has what they had"));
            }
            lines.extend(
                kept.unseen
                    .iter()
                    .map(|why| format!("? {workspace}: {why}")),
            );
        }
        match &self.cycle {
            Some(Cycle::Completed { escrowed: 0 }) => {
                lines.push("The first cycle has completed.".to_owned())
            }
            Some(Cycle::Completed { escrowed }) => {
                lines.push(format!(
                    "The first cycle has completed; {escrowed} entries failed and are tried again."
                ));
            }
            Some(Cycle::Quarantined { reason }) => {
                lines.push(format!("The job went into quarantine: {reason}."))
            }
            Some(Cycle::NotYet) => lines
                .push("The first cycle has not completed yet; it goes on by itself.".to_owned()),
            Some(Cycle::Off) => {
                lines.push("Provisioning is off, so no cycle was waited for.".to_owned())
            }
            None => {}
        }
        lines.extend(self.note.clone());
        if lines.is_empty() {
            lines.push("Nothing was to be done.".to_owned());
        }
        // The window shows labels in bold; a terminal shows them as they are.
        lines.join("\n").replace("**", "")
    }
}

fn word(state: ChangeState) -> (&'static str, &'static str) {
    match state {
        ChangeState::Done => ("✓", "done"),
        ChangeState::Skipped => ("✓", "already so"),
        ChangeState::Failed => ("✗", "failed"),
        ChangeState::Undone => ("✓", "undone"),
        ChangeState::Kept => ("–", "kept"),
        ChangeState::Manual => ("!", "by hand"),
        ChangeState::NotTried => ("–", "not tried"),
    }
}

/// Opens and locks the journal beside the set-up file: without one nothing is written anywhere.
pub(crate) fn open_journal(sides: &Sides) -> Result<FileJournal, Failure> {
    FileJournal::open(sides.file.path(), "the command line").map_err(|error| of_journal(&error))
}

/// The SCIM token with the address it was entered for; none where that is no address of Databricks.
pub(crate) fn scim_token(sides: &Sides) -> Option<ScimToken> {
    Some(ScimToken {
        url: sides.scim_url().good()?.url.clone(),
        secret: sides.secrets.scim_token.clone()?,
    })
}

/// Why a run could not be made.
pub(crate) fn failed(error: ApplyError) -> Failure {
    match error {
        ApplyError::Journal(error) => of_journal(&error),
        ApplyError::UnknownChange(id) => {
            let message = format!("The plan has no change {id}.");
            Failure::usage(
                "only",
                message,
                "`usher plan` lists the changes with their ids.",
            )
        }
        other => Failure::no_verdict("apply", format!("{other}."), "Look at `usher plan`."),
    }
}

fn of_journal(error: &JournalError) -> Failure {
    let (code, hint) = match error {
        JournalError::Locked { .. } => ("locked", "Wait until the other run is over, or end it."),
        _ => (
            "journal",
            "The journal lies beside the set-up file; without one nothing is changed. Check the disk.",
        ),
    };
    Failure::no_verdict(code, format!("{}.", capital(&error.to_string())), hint)
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
        .unwrap_or_default()
}

/// Takes the application that the journal tells was made over into the set-up, so that every later look finds it by its id.
pub(crate) fn remember_application(sides: &mut Sides, lines: &[journal::Line], output: &Output) {
    if sides.file.setup.entra.app.service_principal_id.is_some() {
        return;
    }
    let Some(id) = created_application(lines) else {
        return;
    };
    sides.file.setup.entra.app.service_principal_id = Some(id);
    if let Err(error) = sides.file.save() {
        // The journal has it as well, so nothing is lost.
        output.tell(
            Loudness::Usual,
            format!("The set-up file could not be saved: {error}."),
        );
    }
}

/// Shows an outcome.
pub(crate) fn show(body: OutcomeBody, output: &Output) -> Result<(), Failure> {
    if output.is_json() {
        output.document(body)
    } else {
        output.line(body.in_words())
    }
}

/// What a person sees meanwhile, on standard error.
pub(crate) fn progress(output: &Output, event: &ApplyEvent) {
    match event {
        ApplyEvent::Begun { .. } => {}
        ApplyEvent::Change { title, doing, .. } => {
            output.tell(Loudness::Verbose, format!("{title}: {doing:?}"));
        }
        ApplyEvent::Settled { outcome } => {
            let (mark, word) = word(outcome.state);
            output.tell(
                Loudness::Usual,
                without_tokens(&format!("{mark} {word:<10} {}", outcome.id)),
            );
        }
        ApplyEvent::Looking {
            what,
            done,
            total,
            left,
        } => output.step(&Progress {
            what: what.clone(),
            done: *done,
            total: *total,
            left: left.clone(),
        }),
        ApplyEvent::Cycle { state, done, total } => {
            let count = done
                .zip(*total)
                .map(|(done, total)| format!(", {done} of {total}"))
                .unwrap_or_default();
            output.tell(
                Loudness::Verbose,
                format!("Waiting for the first cycle: {state}{count}"),
            );
        }
    }
}
