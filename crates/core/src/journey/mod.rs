//! The steps of each journey, and how their state follows from what was decided and what was found.
//!
//! A step is done when the world says so, or a person attests it where the world cannot be seen. Nothing here remembers.

mod page;
mod portal;
mod rail;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use portal::{PortalGuide, registration};
pub use rail::step_of;
use rail::{RAIL, Stop};

use crate::finding::{Finding, Report, Status, Weight};
use crate::model::Setup;
use crate::model::setup::SignIn;
use crate::observation::{Connector, Observation};

/// How a step of the rail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum StepState {
    /// Done, by observation or a person's word.
    Done,
    /// Something is wrong here.
    Attention,
    /// Can be done now.
    Open,
    /// Cannot be done yet; `why` says why.
    Blocked,
}

/// A step of the rail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// A stable id: `prepare`, `enable`, `test`, `sign-in`, `application`, `connection`, `settings`, `people`, `start`, `checklist`;
    /// in a move `connectors`, `coverage`, `move` and `tidy-up` as well.
    pub id: String,
    /// The rail's label.
    pub title: String,
    /// The heading of its page.
    pub heading: String,
    /// What it is for, in a few sentences. Portal labels stand in `**bold**`.
    pub purpose: String,
    /// How it stands.
    pub state: StepState,
    /// Why it cannot be done yet; with `blocked`.
    pub why: Option<String>,
    /// The checks that belong to it, in the catalogue's order.
    pub checks: Vec<String>,
    /// How it is done by hand in a portal; none where there is nothing to do in one.
    pub guide: Option<PortalGuide>,
}

/// The steps of the set-up's journey. `token_held`: whether the vault has a token for the SCIM URL.
pub fn steps(setup: &Setup, seen: &Observation, report: &Report, token_held: bool) -> Vec<Step> {
    let look = Look {
        setup,
        seen,
        report,
        token_held,
    };
    let stops: Vec<&Stop> = RAIL
        .iter()
        .filter(|stop| stop.journeys.contains(&setup.journey))
        .collect();
    let done: Vec<&str> = stops
        .iter()
        .filter(|stop| look.is_done(stop))
        .map(|stop| stop.id)
        .collect();
    stops
        .iter()
        .map(|stop| {
            let why = look.blocked(stop, &done);
            let state = look.state(stop, &done, why.is_some());
            Step {
                id: stop.id.to_owned(),
                title: stop.title.to_owned(),
                heading: page::heading(stop.id).unwrap_or(stop.title).to_owned(),
                purpose: page::purpose(setup.journey, stop.id, state == StepState::Done).to_owned(),
                state,
                why: why.map(str::to_owned),
                checks: look
                    .findings(stop)
                    .map(|finding| finding.check.clone())
                    .collect(),
                guide: portal::guide(setup.journey, stop.id),
            }
        })
        .collect()
}

/// The step to go to next: the first that is not done and not blocked; the last one when all are.
pub fn next(steps: &[Step]) -> Option<&Step> {
    let waiting = |step: &&Step| matches!(step.state, StepState::Open | StepState::Attention);
    steps.iter().find(waiting).or_else(|| steps.last())
}

struct Look<'a> {
    setup: &'a Setup,
    seen: &'a Observation,
    report: &'a Report,
    token_held: bool,
}

impl Look<'_> {
    fn findings<'b>(&'b self, stop: &'b Stop) -> impl Iterator<Item = &'b Finding> {
        self.report
            .findings
            .iter()
            .filter(|finding| step_of(self.setup.journey, &finding.check) == Some(stop.id))
    }

    fn status(&self, check: &str) -> Option<Status> {
        self.report
            .findings
            .iter()
            .find(|finding| finding.check == check)
            .map(|finding| finding.status)
    }

    fn good(&self, check: &str) -> bool {
        !matches!(self.status(check), Some(Status::Fail | Status::Unknown))
    }

    /// Done: nothing of it fails, and what decides it is known.
    fn is_done(&self, stop: &Stop) -> bool {
        let itself = match stop.id {
            "enable" => {
                self.setup.databricks.scim_url.is_some()
                    && (self.token_held
                        || self.status("connection-from-here") == Some(Status::Pass))
            }
            // Choosing to do it by hand is the step; the role is then attested where somebody can.
            "sign-in" if self.setup.entra.sign_in == Some(SignIn::ByHand) => return true,
            "sign-in" => self.seen.entra.signed_in.is_known(),
            // That provisioning is on is not yet that anybody has come.
            "start" => match self.seen.connector(self.setup).and_then(Connector::job) {
                Some(job) => job.last_success.is_some(),
                None => self.status("users-arrived") == Some(Status::Pass),
            },
            "tidy-up" => self.status("connectors-off") == Some(Status::Pass),
            "checklist" => {
                return self.report.findings.iter().all(|finding| {
                    finding.status != Status::Fail
                        && !(finding.status == Status::Unknown && finding.weight == Weight::Blocks)
                });
            }
            _ => true,
        };
        let nothing_fails = self
            .findings(stop)
            .all(|finding| finding.status != Status::Fail);
        itself && nothing_fails && stop.decided_by.iter().all(|check| self.good(check))
    }

    /// Why a step cannot be done yet.
    fn blocked(&self, stop: &Stop, done: &[&str]) -> Option<&'static str> {
        if done.contains(&stop.id) {
            return None;
        }
        stop.after
            .iter()
            .find(|(before, _)| !self.reached(before, done))
            .map(|(_, why)| *why)
    }

    /// Whether an earlier step has brought what a later one needs; that it has a flaw of its own does not hold the later one up.
    fn reached(&self, before: &str, done: &[&str]) -> bool {
        let by_hand = self.setup.entra.sign_in == Some(SignIn::ByHand);
        match before {
            "enable" => self.setup.databricks.scim_url.is_some(),
            "token" => self.token_held || self.status("connection-from-here") == Some(Status::Pass),
            // Whom it has brought is proven before each pause, save whom a person accepted by name.
            "running" => self.status("provisioning-on") == Some(Status::Pass),
            "application" => by_hand || self.seen.connector(self.setup).is_some(),
            _ => done.contains(&before),
        }
    }

    fn state(&self, stop: &Stop, done: &[&str], blocked: bool) -> StepState {
        if done.contains(&stop.id) {
            return StepState::Done;
        }
        if blocked {
            return StepState::Blocked;
        }
        // What the step itself is to bring about is no alarm before provisioning runs.
        let runs = self.status("provisioning-on") == Some(Status::Pass);
        let alarming = |finding: &Finding| {
            finding.status == Status::Fail
                && (runs || !stop.brings.contains(&finding.check.as_str()))
        };
        if self.findings(stop).any(alarming) {
            StepState::Attention
        } else {
            StepState::Open
        }
    }
}

#[cfg(test)]
mod tests;
