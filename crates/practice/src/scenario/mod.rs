//! Scenarios: named states of the practice tenant to begin with.

use crate::databricks::World;
use crate::harness::{FaultRule, Harness};
use crate::seed::{DEFAULT_PEOPLE, People};

/// A named state of both sides to begin with.
#[derive(Debug, Clone, Copy)]
pub struct Scenario {
    /// The name on the command line, kebab-case.
    pub name: &'static str,
    /// A few words for a list.
    pub title: &'static str,
    /// One sentence: what is so in this scenario.
    pub description: &'static str,
    /// How many people exist.
    pub people: usize,
    /// Turns the usual state into this scenario's.
    pub build: fn(&mut Tenant),
}

/// Both sides before they are served, for a scenario to work on.
#[derive(Debug)]
pub struct Tenant {
    /// The people both sides may know.
    pub people: People,
    /// The Databricks side.
    pub world: World,
    /// The faults to begin with.
    pub faults: Vec<FaultRule>,
    /// Clock, issued tokens and logs.
    pub harness: Harness,
}

const FRESH: Scenario = Scenario {
    name: "fresh",
    title: "A fresh start",
    description: "A Databricks account with its admins, an Entra tenant with people and groups, and no connector yet.",
    people: DEFAULT_PEOPLE,
    build: |_| {},
};

/// Every scenario, in the order of a list to choose from.
pub fn scenarios() -> Vec<Scenario> {
    [FRESH].into_iter().collect()
}

/// The scenario of that name.
pub fn find(name: &str) -> Option<Scenario> {
    scenarios()
        .into_iter()
        .find(|scenario| scenario.name == name)
}
