//! Coverage of a move: what the connectors to retire bring against what the account connector brings, person by person
//! (check `coverage`, facts/databricks §5.1, D29).
//!
//! In: the set-up and what was seen. Out: a [`Coverage`], a row a person, compact enough for 100,000 people and 1,000,000
//! memberships. People are compared by the `userName` each connector would send, without regard to case. What cannot be
//! evaluated is [`Undecided`]: a plan that meets it is refused.

mod gather;
mod mapped;
mod places;
mod table;
#[cfg(test)]
mod tests;

use std::ops::Range;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::checks::retiring;
use crate::model::Setup;
use crate::model::setup::{PrincipalKind, Scope, WantedAssignment};
use crate::observation::Observation;
use crate::scope::Undecided;

pub use table::{CoverageLine, CoverageWay};

/// What a move means for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(rename = "CoverageFate")]
pub enum Fate {
    /// An old connector brings the person, and the account connector would not.
    LosesAccess,
    /// The account connector brings the person, and no old connector does.
    NewlyReached,
    /// Comes through neither: a group inside a group, a service principal, or a person whom the rules leave out.
    CannotTravel,
    /// Both bring the person.
    Covered,
}

impl Fate {
    /// The most pressing first.
    pub const ALL: [Self; 4] = [
        Self::LosesAccess,
        Self::NewlyReached,
        Self::CannotTravel,
        Self::Covered,
    ];

    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Self::LosesAccess => "would lose access",
            Self::NewlyReached => "newly reached",
            Self::CannotTravel => "cannot travel",
            Self::Covered => "covered",
        }
    }
}

/// A connector that brings somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bringer {
    /// Object id of its service principal; empty for an account application that is still to be made.
    pub id: Box<str>,
    /// Its display name.
    pub name: Box<str>,
    /// The workspace it provisions to, for people; `None`: the account, or a workspace that was not seen.
    pub workspace: Option<Box<str>>,
}

/// How a connector brings somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Via {
    /// By an assignment of its own.
    Directly,
    /// As a direct member of an assigned group: its place in [`Coverage::groups`].
    Group(u32),
    /// The connector syncs all users.
    Everyone,
}

/// One way by which a connector brings somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    /// Its place in [`Coverage::connectors`].
    pub connector: u32,
    /// How.
    pub via: Via,
}

/// Somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageRow {
    /// Entra object id.
    pub id: Box<str>,
    /// A person; a group inside an assigned group; a service principal.
    pub kind: PrincipalKind,
    /// The user name that is sent, or the name.
    pub name: Box<str>,
    /// The display name.
    pub display_name: Box<str>,
    /// What the move means.
    pub fate: Fate,
    /// Why, where it does not travel.
    pub note: Option<Box<str>>,
    ways: Range<u32>,
    /// Further user names that old connectors send for the same person.
    also: Box<[Box<str>]>,
}

impl CoverageRow {
    /// Every user name that the old connectors send for a person whom they carry.
    pub fn sent(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.name)
            .chain(&self.also)
            .map(|name| &**name)
    }
}

/// How many have which fate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "CoverageCounts")]
pub struct Counts {
    /// [`Fate::LosesAccess`].
    pub loses_access: usize,
    /// [`Fate::NewlyReached`].
    pub newly_reached: usize,
    /// [`Fate::CannotTravel`].
    pub cannot_travel: usize,
    /// [`Fate::Covered`].
    pub covered: usize,
}

/// What counts besides what is there.
struct Wanted<'a> {
    assign: Vec<&'a WantedAssignment>,
    scope: Option<Scope>,
}

/// Who is brought by whom, and what a move means for them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// The account connector first, then the connectors to retire.
    pub connectors: Vec<Bringer>,
    /// Assigned groups: Entra id and name.
    pub groups: Vec<(Box<str>, Box<str>)>,
    /// Everybody, by fate (the most pressing first) and name.
    pub rows: Vec<CoverageRow>,
    ways: Vec<Way>,
}

impl Coverage {
    /// How it is: by what is assigned to the account connector now.
    ///
    /// # Errors
    /// [`Undecided`], in words: something could not be read, or a filter or expression cannot be evaluated.
    pub fn now(setup: &Setup, seen: &Observation) -> Result<Self, Undecided> {
        let wanted = Wanted {
            assign: Vec::new(),
            scope: None,
        };
        gather::gather(setup, seen, &retiring(setup, seen)?, &wanted)
    }

    /// How it will be once what the set-up wants is assigned, and `added` besides.
    ///
    /// # Errors
    /// As [`Coverage::now`].
    pub fn planned(
        setup: &Setup,
        seen: &Observation,
        added: &[WantedAssignment],
    ) -> Result<Self, Undecided> {
        let wanted = Wanted {
            assign: setup.want.assign.iter().chain(added).collect(),
            scope: setup.want.scope,
        };
        gather::gather(setup, seen, &retiring(setup, seen)?, &wanted)
    }

    /// The ways by which the connectors bring the one of a row; those of the account connector have connector 0.
    pub fn ways(&self, row: &CoverageRow) -> &[Way] {
        let (from, to) = (row.ways.start as usize, row.ways.end as usize);
        self.ways.get(from..to).unwrap_or_default()
    }

    /// How many have which fate.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for row in &self.rows {
            *match row.fate {
                Fate::LosesAccess => &mut counts.loses_access,
                Fate::NewlyReached => &mut counts.newly_reached,
                Fate::CannotTravel => &mut counts.cannot_travel,
                Fate::Covered => &mut counts.covered,
            } += 1;
        }
        counts
    }

    /// Everybody of one fate.
    pub fn with(&self, fate: Fate) -> impl Iterator<Item = &CoverageRow> {
        self.rows.iter().filter(move |row| row.fate == fate)
    }
}
