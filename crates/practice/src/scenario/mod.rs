//! Scenarios: named states of the practice tenant to begin with.

mod bad_days;
mod databricks;
mod entra;
mod faults;
mod migrate;
mod migrate_faults;
mod migrate_large;
mod sign_in;
mod stage;

pub use stage::{Opening, Stage};

use crate::databricks::World;
use crate::entra::{Directory, Knobs, sample};
use crate::harness::{FaultRule, Harness};
use crate::portal::PortalPress;
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
    /// What people press outside Usher to put it right, in the order of use.
    pub presses: &'static [PortalPress],
}

/// A scenario with as many people as the usual state has.
const fn scenario(
    name: &'static str,
    title: &'static str,
    description: &'static str,
    build: fn(&mut Tenant),
) -> Scenario {
    Scenario {
        name,
        title,
        description,
        people: DEFAULT_PEOPLE,
        build,
        presses: &[],
    }
}

impl Scenario {
    /// The same scenario with what people press outside Usher.
    const fn pressing(self, presses: &'static [PortalPress]) -> Self {
        Self { presses, ..self }
    }
}

/// Both sides before they are served, for a scenario to work on.
#[derive(Debug)]
pub struct Tenant {
    /// The people both sides may know.
    pub people: People,
    /// The Databricks side.
    pub world: World,
    /// The Entra side.
    pub directory: Directory,
    /// How the Entra side behaves.
    pub knobs: Knobs,
    /// What happens once every host answers: connectors need the addresses of the hosts, and people arrive through them.
    pub opening: Option<Opening>,
    /// The faults to begin with.
    pub faults: Vec<FaultRule>,
    /// Clock, issued tokens and logs.
    pub harness: Harness,
}

/// Every scenario, in the order of a list to choose from.
pub fn scenarios() -> Vec<Scenario> {
    [
        databricks::SCENARIOS,
        entra::SCENARIOS,
        bad_days::SCENARIOS,
        migrate::SCENARIOS,
        migrate_large::SCENARIOS,
        migrate_faults::SCENARIOS,
        sign_in::SCENARIOS,
        faults::SCENARIOS,
    ]
    .concat()
}

/// The scenario of that name.
pub fn find(name: &str) -> Option<Scenario> {
    scenarios()
        .into_iter()
        .find(|scenario| scenario.name == name)
}

impl Tenant {
    /// The state every scenario begins with: both sides with their admins, and no connector.
    pub fn usual(people: People, harness: Harness) -> Self {
        let world = databricks::usual(&harness);
        let directory = sample::directory(&people, harness.clock.now());
        Self {
            people,
            world,
            directory,
            knobs: Knobs::default(),
            opening: None,
            faults: Vec::new(),
            harness,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_scenario_has_a_name_of_its_own_in_kebab_case_and_says_what_it_is() {
        let all = scenarios();
        let names: HashSet<_> = all.iter().map(|scenario| scenario.name).collect();
        assert_eq!(names.len(), all.len());
        for scenario in all {
            assert!(
                scenario
                    .name
                    .chars()
                    .all(|letter| letter.is_ascii_lowercase()
                        || letter.is_ascii_digit()
                        || letter == '-'),
                "{}",
                scenario.name
            );
            assert!(
                scenario.description.ends_with('.') && !scenario.title.is_empty(),
                "{}",
                scenario.name
            );
            assert!(find(scenario.name).is_some());
        }
    }
}
