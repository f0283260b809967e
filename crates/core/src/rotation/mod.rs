//! Renewing the connector's token, step by step: a new token made, kept, tried, saved in Entra, proven from both sides, the old one
//! gone. Which step is done follows from what was seen and from what a person attested, as in every journey; the set-up only says
//! when the renewal began.

mod presses;

use jiff::Timestamp;
use serde::Serialize;
use ts_rs::TS;

use crate::connection::Verdict;
use crate::journey::StepState;
use crate::model::Setup;
use crate::observation::Observation;

/// What the steps follow from.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The set-up: when the renewal began, and what was attested.
    pub setup: &'a Setup,
    /// What was seen of both sides.
    pub seen: &'a Observation,
    /// When the token that is kept was kept.
    pub kept_at: Option<Timestamp>,
    /// When Usher last saved URL and token in Entra, by its journal.
    pub saved_at: Option<Timestamp>,
}

/// A step of a renewal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "RotationStep")]
pub struct Step {
    /// A stable id: `make`, `keep`, `test`, `save`, `prove`, `retire`, `last`.
    pub id: String,
    /// What is done in it.
    pub title: String,
    /// How it stands.
    pub state: StepState,
    /// What was seen of it; with `attention` what is wrong.
    pub said: Option<String>,
    /// When that was.
    #[ts(type = "string | null")]
    pub at: Option<Timestamp>,
    /// What to press, where a person does it.
    pub presses: Vec<String>,
    /// The check whose attestation stands for the step where Usher cannot see it.
    pub attest: Option<String>,
}

/// How a step came out.
enum Outcome {
    /// Done, by what, when.
    Done(String, Timestamp),
    /// Wrong, and what.
    Wrong(String, Timestamp),
    /// Nothing yet.
    Nothing,
}

/// The steps of the renewal that is under way; none where none is.
pub fn steps(facts: &Facts<'_>) -> Vec<Step> {
    let Some(began) = facts.setup.databricks.token_rotation_began_at else {
        return Vec::new();
    };
    let mut reached = Some(began);
    let mut steps = Vec::new();
    for (id, title) in TITLES {
        // A step counts from the moment at which the one before it was done: what was seen earlier says nothing about it.
        let outcome = reached.map(|since| facts.outcome(id, since));
        let (state, said, at) = match outcome {
            None => (StepState::Blocked, None, None),
            Some(Outcome::Nothing) => (StepState::Open, None, None),
            Some(Outcome::Done(said, at)) => (StepState::Done, Some(said), Some(at)),
            Some(Outcome::Wrong(said, at)) => (StepState::Attention, Some(said), Some(at)),
        };
        // A look can be repeated and then is younger than what followed it: the next step counts from what the look proves.
        reached = match id {
            "keep" | "save" | "retire" => at.filter(|_| state == StepState::Done),
            "make" => reached,
            _ => reached.filter(|_| state == StepState::Done),
        };
        steps.push(Step {
            id: id.to_owned(),
            title: title.to_owned(),
            state,
            said,
            at,
            presses: presses::of(id, facts.setup.journey),
            attest: attested_by(id).map(str::to_owned),
        });
    }
    steps
}

/// Whether every step is done.
pub fn is_complete(steps: &[Step]) -> bool {
    !steps.is_empty() && steps.iter().all(|step| step.state == StepState::Done)
}

const TITLES: [(&str, &str); 7] = [
    ("make", "Make a new token in Databricks"),
    ("keep", "Paste it here"),
    ("test", "Try it from this computer"),
    ("save", "Save it in Entra"),
    ("prove", "See Entra get in with it"),
    ("retire", "Let the old token go"),
    ("last", "See that Entra still gets in"),
];

fn attested_by(id: &str) -> Option<&'static str> {
    match id {
        "save" => Some("secret-saved"),
        "prove" | "last" => Some("connection-from-entra"),
        "retire" => Some("token-age"),
        _ => None,
    }
}

impl Facts<'_> {
    fn outcome(&self, id: &str, since: Timestamp) -> Outcome {
        match id {
            "make" | "keep" => self.kept(since),
            "test" => self.tested(since),
            "save" => self.saved_at.filter(|at| *at >= since).map_or_else(
                || self.word(id, since),
                |at| Outcome::Done("Usher saved URL and token in Entra.".to_owned(), at),
            ),
            "prove" | "last" => self.entra(id, since),
            _ => self.word(id, since),
        }
    }

    fn kept(&self, since: Timestamp) -> Outcome {
        match self.kept_at.filter(|at| *at >= since) {
            Some(at) => Outcome::Done("A token was kept after the renewal began.".to_owned(), at),
            None => Outcome::Nothing,
        }
    }

    fn tested(&self, since: Timestamp) -> Outcome {
        let seen = &self.seen.databricks.connection;
        let Some((report, at)) = seen.value().zip(seen.at()).filter(|(_, at)| *at >= since) else {
            return Outcome::Nothing;
        };
        match (report.verdict, &report.fault) {
            (Verdict::Pass, _) => Outcome::Done("Databricks accepts it.".to_owned(), at),
            (Verdict::Fail, Some(fault)) => Outcome::Wrong(fault.title.clone(), at),
            (Verdict::Fail, None) => Outcome::Wrong("The connection test failed.".to_owned(), at),
        }
    }

    /// What Entra's own test of the saved credentials said.
    fn entra(&self, id: &str, since: Timestamp) -> Outcome {
        let connector = self.seen.connector(self.setup);
        let seen = connector.map(|connector| &connector.saved_credentials);
        let told = seen.and_then(|seen| seen.value().zip(seen.at()));
        match told.filter(|(_, at)| *at >= since) {
            Some((check, at)) if check.accepted => Outcome::Done(
                "Entra's own test of the saved URL and token passes.".to_owned(),
                at,
            ),
            Some((check, at)) => Outcome::Wrong(
                format!(
                    "Entra's own test fails: {}.",
                    check.code.as_deref().unwrap_or("no reason is given")
                ),
                at,
            ),
            None => self.word(id, since),
        }
    }

    /// What a person attested, where it was after the step before.
    fn word(&self, id: &str, since: Timestamp) -> Outcome {
        let word = attested_by(id).and_then(|check| self.setup.attested.get(check));
        match word.filter(|word| word.at >= since) {
            Some(word) => Outcome::Done(format!("Confirmed by {}.", word.by), word.at),
            None => Outcome::Nothing,
        }
    }
}

#[cfg(test)]
mod tests;
