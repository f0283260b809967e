//! What a look that was broken off has read already, so that the next one does not read it again: workspaces, the directory where the
//! SCIM URL leads, members of its groups, and the people and groups of Entra. Connectors are always read anew: they are few, and
//! what is done about them rests on how they stand now.
//!
//! It lasts as long as the window has the set-up open, and half an hour at most; a look that came to its end leaves nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use usher_core::observation::databricks::WorkspaceFacts;
use usher_core::observation::principals::EntraGroup;
use usher_core::observation::{Observation, Principals, Seen};

use super::databricks::Read;

/// What was read by a look that began earlier than this is read again.
const FRESH: SignedDuration = SignedDuration::from_mins(30);

/// Whether what a look read that began at `at` may still be taken.
pub(super) fn is_fresh(at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(at) < FRESH
}

/// What was read by a look that was broken off. Clones share.
#[derive(Debug, Clone, Default)]
pub struct Kept(Arc<Mutex<Parts>>);

/// What is kept.
#[derive(Debug, Default)]
pub(super) struct Parts {
    workspaces: BTreeMap<String, WorkspaceFacts>,
    /// Users and groups where a SCIM URL leads.
    pub(super) directory: Option<Dated<Read>>,
    /// Members of groups there.
    pub(super) members: Option<Dated<Members>>,
    /// People and groups of Entra, read with these further attributes.
    pub(super) people: Option<Dated<Principals>>,
}

/// Ids of members, by the id of their group.
pub(super) type Members = HashMap<Box<str>, Vec<Box<str>>>;

/// Something read by a look, and what it belongs to.
#[derive(Debug)]
pub(super) struct Dated<T> {
    /// When the look began that read the first of it.
    at: Timestamp,
    /// Where it was read, or how.
    of: String,
    value: T,
}

/// Where a part is kept.
pub(super) type Slot<T> = fn(&mut Parts) -> &mut Option<Dated<T>>;

impl Kept {
    /// A workspace that was read a moment ago at this address and shows everything; it stays kept.
    pub(super) fn workspace(&self, id: &str, url: &str, now: Timestamp) -> Option<WorkspaceFacts> {
        let kept = self.lock();
        let facts = kept.workspaces.get(id).filter(|facts| facts.url == url)?;
        let read = [facts.directory.users.at(), facts.directory.groups.at()];
        let fresh = |at: &Option<Timestamp>| at.is_some_and(|at| is_fresh(at, now));
        read.iter().all(fresh).then(|| facts.clone())
    }

    pub(super) fn keep_workspace(&self, facts: &WorkspaceFacts) {
        let mut kept = self.lock();
        kept.workspaces.insert(facts.id.clone(), facts.clone());
    }

    /// Forgets everything: a look came to its end, or what is looked with is another.
    pub fn clear(&self) {
        *self.lock() = Parts::default();
    }

    /// A look came to its end. What it has read is forgotten, unless the connection broke on its way: then the next one goes on from
    /// there. `url`: the SCIM URL; `also`: the further attributes with which people were read.
    pub(super) fn settle(&self, seen: &Observation, url: &str, also: &str) {
        if !was_cut(seen) {
            return self.clear();
        }
        let mut kept = self.lock();
        let mut read = Read {
            directory: seen.databricks.directory.clone(),
            admins: seen.databricks.admins.clone(),
        };
        let began = [read.directory.users.at(), read.directory.groups.at()];
        if let Some(at) = began.into_iter().flatten().min() {
            let members = read.take_members();
            kept.members = Some(Dated::new(at, url, members));
            kept.directory = Some(Dated::new(at, url, read));
        }
        if let Some(at) = seen.entra.connectors.at() {
            let people = seen.entra.principals.clone();
            kept.people = Some(Dated::new(at, also, people));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Parts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a side that had answered gave no answer later on: the network is gone, or the laptop was closed.
fn was_cut(seen: &Observation) -> bool {
    let (entra, databricks) = (&seen.entra, &seen.databricks);
    let directory = &databricks.directory;
    let in_the_middle = [
        entra.connectors.is_known() && no_answer(&entra.principals.complete),
        directory.groups.is_known() && no_answer(&directory.users),
        directory.users.is_known() && no_answer(&directory.groups),
    ];
    // One workspace alone may have something of its own.
    let workspaces = databricks.workspaces.iter();
    let broken = workspaces
        .filter(|one| one.account_id.is_known() && no_answer(&one.directory.users))
        .count();
    in_the_middle.contains(&true) || broken > 1
}

/// Not seen, and no permission or secret would have changed that.
fn no_answer<T>(fact: &Seen<T>) -> bool {
    matches!(fact, Seen::Unknown { needs: None, .. })
}

/// Whether a group was read to its end.
fn is_whole(group: &EntraGroup) -> bool {
    group.users.is_known()
        && group.nested.is_known()
        && group.service_principals.is_known()
        && group.transitive_users.is_known()
}

impl<T> Dated<T> {
    fn new(at: Timestamp, of: &str, value: T) -> Self {
        let of = of.to_owned();
        Self { at, of, value }
    }
}

/// A part that is being read. Dropped before its end, what has come so far stays kept.
pub(super) struct Hold<'a, T: Default> {
    part: Dated<T>,
    kept: Option<(&'a Kept, Slot<T>)>,
}

impl<'a, T: Default> Hold<'a, T> {
    /// Begins with what is kept of the part where it is of the same and fresh, else with nothing. `now`: when this look began.
    pub(super) fn begin(kept: Option<&'a Kept>, slot: Slot<T>, of: &str, now: Timestamp) -> Self {
        let found = kept.and_then(|kept| slot(&mut kept.lock()).take());
        let found = found.filter(|part| part.of == of && is_fresh(part.at, now));
        Self {
            part: found.unwrap_or_else(|| Dated::new(now, of, T::default())),
            kept: kept.map(|kept| (kept, slot)),
        }
    }

    /// Nothing, and nothing is kept of it.
    pub(super) fn nothing() -> Self {
        Self {
            part: Dated::new(Timestamp::UNIX_EPOCH, "", T::default()),
            kept: None,
        }
    }

    /// It was read to its end.
    pub(super) fn end(mut self) -> T {
        self.kept = None;
        std::mem::take(&mut self.part.value)
    }
}

impl<T: Default> Deref for Hold<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.part.value
    }
}

impl<T: Default> DerefMut for Hold<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.part.value
    }
}

impl<T: Default> Drop for Hold<'_, T> {
    fn drop(&mut self) {
        if let Some((kept, slot)) = self.kept {
            let part = Dated {
                at: self.part.at,
                of: std::mem::take(&mut self.part.of),
                value: std::mem::take(&mut self.part.value),
            };
            *slot(&mut kept.lock()) = Some(part);
        }
    }
}

/// Of people and groups that are kept, those groups that are still `wanted` and were read as a whole.
pub(super) fn whole(principals: &mut Principals, wanted: &BTreeSet<String>) {
    let groups = &mut principals.groups;
    groups.retain(|id, group| wanted.contains(&**id) && is_whole(group));
    principals.absent = Seen::default();
}

/// What is being read, without those of it that were read by a look before.
pub(super) fn without(what: &str, kept: usize) -> String {
    match kept {
        0 => what.to_owned(),
        kept => format!("{what}, without {kept} that were read a moment ago"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(parts: &mut Parts) -> &mut Option<Dated<Members>> {
        &mut parts.members
    }

    fn one() -> Members {
        Members::from([("g1".into(), vec!["ada".into()])])
    }

    #[test]
    fn what_is_dropped_before_its_end_is_taken_up_again_for_half_an_hour() {
        let kept = Kept::default();
        let now = Timestamp::UNIX_EPOCH;
        let later = |minutes| now + SignedDuration::from_mins(minutes);
        let mut hold = Hold::begin(Some(&kept), members, "url", now);
        assert!(hold.is_empty());
        *hold = one();
        drop(hold);
        // Broken off again, its age is that of what was read first.
        let hold = Hold::begin(Some(&kept), members, "url", later(20));
        assert_eq!(*hold, one());
        drop(hold);
        let hold = Hold::begin(Some(&kept), members, "url", later(29));
        assert_eq!(*hold, one());
        drop(hold);
        let hold = Hold::begin(Some(&kept), members, "url", later(30));
        assert!(hold.is_empty(), "it is too old");
        drop(hold);

        let mut hold = Hold::begin(Some(&kept), members, "url", now);
        *hold = one();
        drop(hold);
        let hold = Hold::begin(Some(&kept), members, "another url", now);
        assert!(hold.is_empty(), "it was read elsewhere");
        drop(hold);

        let mut hold = Hold::begin(Some(&kept), members, "url", now);
        *hold = one();
        assert_eq!(hold.end(), one());
        let hold = Hold::begin(Some(&kept), members, "url", now);
        assert!(hold.is_empty(), "it came to its end");
    }

    #[test]
    fn a_look_whose_connection_broke_on_its_way_is_gone_on_with() {
        let kept = Kept::default();
        let now = Timestamp::UNIX_EPOCH;
        let mut seen = Observation::default();
        seen.entra.connectors = Seen::entra(Vec::new(), now);
        seen.entra.principals.complete = Seen::entra((), now);
        seen.databricks.directory.users = Seen::databricks(Vec::new(), now);
        seen.databricks.directory.groups = Seen::databricks(Vec::new(), now);
        let begin = || Hold::begin(Some(&kept), |parts| &mut parts.people, "", now);
        let group = |whole: bool| EntraGroup {
            display_name: "readers".into(),
            users: Seen::entra(Vec::new(), now),
            nested: Seen::entra(Vec::new(), now),
            service_principals: Seen::entra(Vec::new(), now),
            transitive_users: match whole {
                true => Seen::entra(0, now),
                false => Seen::unknown("The connection was cut."),
            },
            ..EntraGroup::default()
        };
        let groups = &mut seen.entra.principals.groups;
        groups.insert("whole".into(), group(true));
        groups.insert("half".into(), group(false));
        kept.settle(&seen, "url", "");
        assert!(begin().groups.is_empty(), "it came to its end");

        seen.entra.principals.complete = Seen::unknown("The connection was cut.");
        kept.settle(&seen, "url", "");
        let mut people = begin();
        let wanted = BTreeSet::from(["whole".to_owned(), "half".to_owned()]);
        whole(&mut people, &wanted);
        assert_eq!(
            people.groups.keys().map(|id| &**id).collect::<Vec<_>>(),
            ["whole"]
        );
        // What a permission hides will not come by going on.
        drop(people);
        kept.clear();
        seen.entra.principals.complete = Seen::needing("Graph refused.", "a permission");
        kept.settle(&seen, "url", "");
        assert!(begin().groups.is_empty());
    }
}
