//! Where each person stands in the list of people, by Entra object id.
//!
//! A million memberships are a million look-ups, and each waits for memory. Entra's ids are GUIDs, so they are looked up as the
//! numbers they are, which lie in the table itself.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use uuid::Uuid;

use crate::scope::Undecided;

type Guid = (u64, u64);

/// The places of people.
pub(super) struct Places<'a> {
    guids: HashMap<Guid, u32, BuildHasherDefault<Mixed>>,
    others: HashMap<&'a str, u32>,
}

impl<'a> Places<'a> {
    /// Places in the order of these ids.
    pub(super) fn of(ids: impl ExactSizeIterator<Item = &'a str>) -> Self {
        let mut places = Self {
            guids: HashMap::with_capacity_and_hasher(ids.len(), BuildHasherDefault::default()),
            others: HashMap::new(),
        };
        for (at, id) in (0..).zip(ids) {
            match guid(id) {
                Some(guid) => places.guids.insert(guid, at),
                None => places.others.insert(id, at),
            };
        }
        places
    }

    /// The place of a person.
    ///
    /// # Errors
    /// The person is not in the list.
    pub(super) fn get(&self, id: &str) -> Result<u32, Undecided> {
        self.look_up(guid(id), id)
    }

    /// The places of several. All ids are read first: look-ups with nothing between them wait for memory side by side.
    ///
    /// # Errors
    /// One of them is not in the list.
    pub(super) fn all(&self, ids: &[Box<str>]) -> Result<Vec<u32>, Undecided> {
        let guids: Vec<Option<Guid>> = ids.iter().map(|id| guid(id)).collect();
        let read = guids.into_iter().zip(ids);
        read.map(|(guid, id)| self.look_up(guid, id)).collect()
    }

    fn look_up(&self, guid: Option<Guid>, id: &str) -> Result<u32, Undecided> {
        let place = match guid {
            Some(guid) => self.guids.get(&guid),
            None => self.others.get(id),
        };
        place
            .copied()
            .ok_or_else(|| Undecided(format!("The person with the id {id} could not be read.")))
    }
}

fn guid(id: &str) -> Option<Guid> {
    Uuid::try_parse(id).ok().map(|id| id.as_u64_pair())
}

/// GUIDs are mixed enough by a multiplication: nobody picks them to collide.
#[derive(Default)]
struct Mixed(u64);

impl Hasher for Mixed {
    fn write(&mut self, bytes: &[u8]) {
        bytes
            .iter()
            .for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(26) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_found_by_guids_in_any_case_and_by_other_ids_as_they_are() {
        let guid = "0a1b2c3d-1111-4222-8333-444455556666";
        let places = Places::of([guid, "user-7"].into_iter());
        for (id, place) in [(guid, 0), (&*guid.to_uppercase(), 0), ("user-7", 1)] {
            assert_eq!(places.get(id), Ok(place));
            assert_eq!(places.all(&[id.into(), guid.into()]), Ok(vec![place, 0]));
        }
        assert!(places.get("USER-7").is_err());
    }
}
