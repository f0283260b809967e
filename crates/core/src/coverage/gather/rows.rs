//! What was gathered, as a row for everybody.

use super::super::mapped::{mapped, range, why};
use super::super::{Bringer, Coverage, CoverageRow, Fate, Via, Way};
use super::{Account, Gathering, Judged};
use crate::model::setup::PrincipalKind;
use crate::scope::Undecided;

impl Gathering<'_> {
    /// Every way side by side, person by person, and where each person's begin: in as many steps as there are ways.
    fn by_person(&self) -> (Vec<Way>, Vec<usize>) {
        let mut begin = vec![0; self.users.len() + 1];
        for person in self.brought.iter().flat_map(|one| self.people(one)) {
            begin[*person as usize + 1] += 1;
        }
        for at in 1..begin.len() {
            begin[at] += begin[at - 1];
        }
        let nobody = Way {
            connector: 0,
            via: Via::Directly,
        };
        let mut ways = vec![nobody; begin[self.users.len()]];
        let mut next = begin.clone();
        for brought in &self.brought {
            for person in self.people(brought) {
                let at = &mut next[*person as usize];
                ways[*at] = brought.way;
                *at += 1;
            }
        }
        (ways, begin)
    }

    pub(super) fn finish(
        mut self,
        connectors: Vec<Bringer>,
        account: &Account<'_>,
    ) -> Result<Coverage, Undecided> {
        let (mut ways, begin) = self.by_person();
        let mut rows = Vec::with_capacity(self.users.len());
        let mut kept = 0;
        for (person, found) in begin.windows(2).enumerate() {
            let (from, to) = (kept, found[1]);
            let Some(all) = ways.get_mut(found[0]..to).filter(|all| !all.is_empty()) else {
                continue;
            };
            all.sort_unstable();
            // Who comes twice by the same way comes once.
            for at in found[0]..to {
                if kept == from || ways[kept - 1] != ways[at] {
                    ways[kept] = ways[at];
                    kept += 1;
                }
            }
            rows.push(self.row(person, &ways[from..kept], range(from, kept), account)?);
        }
        ways.truncate(kept);
        for ((_, id), other) in std::mem::take(&mut self.others) {
            // Groups that are assigned as such travel all the same.
            if self.group_places.contains_key(&*id) {
                continue;
            }
            let from = ways.len();
            ways.extend(other.ways);
            rows.push(CoverageRow {
                id,
                kind: other.kind,
                display_name: other.name.clone(),
                name: other.name,
                fate: Fate::CannotTravel,
                note: Some(other.note),
                ways: range(from, ways.len()),
                also: Box::default(),
            });
        }
        rows.sort_by(|one, other| {
            (one.fate, &one.name, &one.id).cmp(&(other.fate, &other.name, &other.id))
        });
        Ok(Coverage {
            connectors,
            groups: self.groups,
            rows,
            ways,
        })
    }

    /// The row of one person, by every way that brings the person.
    fn row(
        &self,
        person: usize,
        all: &[Way],
        ways: std::ops::Range<u32>,
        account: &Account<'_>,
    ) -> Result<CoverageRow, Undecided> {
        let (id, user) = self.users[person];
        // Places of the rules by which the person is carried: almost always one.
        let mut by: Vec<usize> = Vec::new();
        let (mut lost, mut left) = (false, None);
        for way in all.iter().filter(|way| way.connector != 0) {
            let Some(rule) = self.rule_of[way.connector as usize] else {
                continue;
            };
            match self.rules[rule].judged[person] {
                Judged::Carried { covered } => {
                    lost |= !covered;
                    if !by.contains(&rule) {
                        by.push(rule);
                    }
                }
                Judged::Left(why) => drop(left.get_or_insert(why)),
                Judged::NotYet => {}
            }
        }
        let mut carried = by.into_iter().map(|at| self.rules[at].mapping);
        let first = carried.next();
        let brought = account.brings[person];
        let fate = match (first, brought) {
            (Some(_), _) if lost => Fate::LosesAccess,
            (Some(_), _) => Fate::Covered,
            (None, true) => Fate::NewlyReached,
            (None, false) => Fate::CannotTravel,
        };
        let own = self.rule_of[0].map(|at| self.rules[at].mapping);
        if fate == Fate::CannotTravel && left.is_none() {
            left = match own {
                Some(mapping) => mapped(id, user, mapping)?.err(),
                None => None,
            };
        }
        let mapping = first.or(own.filter(|_| brought));
        let name = match mapping {
            Some(mapping) => mapped(id, user, mapping)?.ok(),
            None => None,
        };
        let name: Box<str> = name.map_or_else(|| user.user_principal_name.clone(), Into::into);
        let mut also = Vec::new();
        for mapping in carried {
            let other = mapped(id, user, mapping)?.ok();
            also.extend(other.filter(|one| **one != *name).map(Into::into));
        }
        Ok(CoverageRow {
            id: id.into(),
            kind: PrincipalKind::User,
            name,
            display_name: user.display_name.clone(),
            fate,
            note: (fate == Fate::CannotTravel).then(|| why(left).into()),
            ways,
            also: also.into(),
        })
    }
}
