//! What a person would press in a console that practice does not have: a new token, an entry of an IP access list, a consent.
//!
//! Usher fixes by a plan what Graph lets it fix. The rest is done by people in the consoles of Microsoft and Databricks, or by
//! others in their network, or by waiting. Each scenario names those presses, in the order of use; one that Usher puts right
//! completely names none.

pub mod control;
mod databricks;
mod entra;
mod outside;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use crate::practice::{Details, Practice};
use crate::scenario::{Scenario, Stage};

pub(crate) use databricks::*;
pub(crate) use entra::*;
pub(crate) use outside::*;

/// Something that a person presses outside Usher.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct PortalPress {
    /// The name in the control API, kebab-case.
    pub name: &'static str,
    /// What is done, in the words of the console where it has such.
    pub title: &'static str,
    /// Where: `Databricks account console`, `Microsoft Entra admin center` and so on.
    pub portal: &'static str,
    /// What it does to the world, and to the credentials that people know.
    #[serde(skip)]
    pub(crate) does: fn(&Stage, &mut Details),
}

/// The scenario has no such press.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the scenario {scenario} has no press named {name}")]
pub struct UnknownPress {
    /// The scenario's name.
    pub scenario: String,
    /// What was asked for.
    pub name: String,
}

/// The consoles of one practice tenant. Cloning shares.
#[derive(Debug, Clone)]
pub struct Portal {
    stage: Stage,
    presses: &'static [PortalPress],
    known: Arc<Mutex<Known>>,
}

/// What people have come to know.
#[derive(Debug)]
struct Known {
    /// The credentials as they are now.
    details: Details,
    /// What was pressed already.
    pressed: BTreeSet<&'static str>,
}

impl Portal {
    pub(crate) fn new(scenario: &Scenario, stage: Stage) -> Self {
        let known = Known {
            details: stage.details.clone(),
            pressed: BTreeSet::new(),
        };
        Self {
            presses: scenario.presses,
            stage,
            known: Arc::new(Mutex::new(known)),
        }
    }

    /// What makes sense to press in this scenario, in the order of use.
    pub fn presses(&self) -> Vec<PortalPress> {
        self.presses.to_vec()
    }

    /// Does to the world what the press would do. A second press of the same name does nothing.
    ///
    /// # Errors
    /// The scenario has no such press.
    pub fn press(&self, name: &str) -> Result<(), UnknownPress> {
        let Some(press) = self.presses.iter().find(|press| press.name == name) else {
            return Err(UnknownPress {
                scenario: self.stage.details.scenario.clone(),
                name: name.to_owned(),
            });
        };
        let mut known = self.known();
        if known.pressed.insert(press.name) {
            (press.does)(&self.stage, &mut known.details);
        }
        Ok(())
    }

    /// Whether the press of that name was pressed already.
    pub fn pressed(&self, name: &str) -> bool {
        self.known().pressed.contains(name)
    }

    /// Where everything listens, and the credentials as they are now: new ones after a press that makes some.
    pub fn details(&self) -> Details {
        self.known().details.clone()
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Practice {
    /// The consoles, to be kept beside the tenant.
    pub fn portal(&self) -> &Portal {
        &self.portal
    }

    /// What makes sense to press in this scenario, in the order of use; nothing where Usher puts everything right.
    pub fn portal_presses(&self) -> Vec<PortalPress> {
        self.portal.presses()
    }

    /// Does to the world what the press would do. A second press of the same name does nothing.
    ///
    /// # Errors
    /// The scenario has no such press.
    pub fn press(&self, name: &str) -> Result<(), UnknownPress> {
        self.portal.press(name)
    }

    /// As [`Practice::details`], with the credentials as they are now: new ones after a press that makes some.
    pub fn live_details(&self) -> Details {
        self.portal.details()
    }
}
