//! Groups in groups: how many groups an identity is in, and how deep (facts on Databricks §4).

use std::collections::{BTreeSet, HashMap};

use super::errors::ApiError;
use super::model::Kind;
use super::world::World;

/// The account groups that each identity is a direct member of.
#[derive(Debug, Clone, Default)]
pub(super) struct Nesting {
    parents: HashMap<u64, BTreeSet<u64>>,
}

impl Nesting {
    /// These became members of a group.
    pub(super) fn join(&mut self, group: u64, members: &[u64]) {
        for member in members {
            self.parents.entry(*member).or_default().insert(group);
        }
    }

    /// These are members of a group no longer.
    pub(super) fn leave(&mut self, group: u64, members: &[u64]) {
        for member in members {
            if let Some(parents) = self.parents.get_mut(member) {
                parents.remove(&group);
            }
        }
    }

    /// An identity is gone.
    pub(super) fn forget(&mut self, id: u64) {
        self.parents.remove(&id);
    }

    fn direct(&self, id: u64) -> usize {
        self.parents.get(&id).map_or(0, BTreeSet::len)
    }

    /// How many levels of groups are above a group, counted up to `most`: a circle has no end.
    fn above(&self, group: u64, most: usize) -> usize {
        let parents = self.parents.get(&group).into_iter().flatten();
        match most {
            0 => 0,
            _ => parents
                .map(|parent| 1 + self.above(*parent, most - 1))
                .max()
                .unwrap_or(0),
        }
    }
}

impl World {
    /// Refuses more direct memberships than one identity may have, and groups too deep in groups. The words are ours: what the
    /// service says is not known.
    ///
    /// # Errors
    /// 400 beyond either limit.
    pub(super) fn check_nesting(&self, group: u64, joining: &[u64]) -> Result<(), ApiError> {
        for id in joining {
            if self.nesting.direct(*id) >= self.parent_limit {
                return Err(refused(format!(
                    "Principal {id} is a direct member of {} groups already, and cannot be of more",
                    self.parent_limit
                )));
            }
            if self.all(Kind::Group).contains_key(id) {
                let most = self.depth_limit;
                let depth = self.nesting.above(group, most) + 1 + self.below(*id, most);
                if depth > most {
                    return Err(refused(format!(
                        "Groups can be nested {most} levels deep at most"
                    )));
                }
            }
        }
        Ok(())
    }

    /// How many levels of groups are in a group, counted up to `most`.
    fn below(&self, group: u64, most: usize) -> usize {
        let groups = self.all(Kind::Group);
        let members = groups.get(&group).into_iter();
        let inner = members.flat_map(|group| &group.members);
        let inner = inner.filter(|id| groups.contains_key(id));
        match most {
            0 => 0,
            _ => inner
                .map(|id| 1 + self.below(*id, most - 1))
                .max()
                .unwrap_or(0),
        }
    }
}

fn refused(message: String) -> ApiError {
    ApiError::bad_request("INVALID_PARAMETER_VALUE", message)
}
