//! Practice people: the same seed gives the same people, on both sides.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use uuid::{Builder, Uuid};

use crate::ids::DOMAIN;

/// How many people a scenario has unless it says otherwise.
pub const DEFAULT_PEOPLE: usize = 25;

/// A person, as both sides may know them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The Entra object id.
    pub entra_id: Uuid,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Given and family name.
    pub display_name: String,
    /// Lower case, unique.
    pub user_principal_name: String,
    /// The same address as the user principal name.
    pub mail: String,
    /// One of [`Department`]'s names.
    pub department: &'static str,
    /// What the person does.
    pub job_title: &'static str,
}

/// A group of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonGroup {
    /// The Entra object id.
    pub entra_id: Uuid,
    /// The group's name.
    pub display_name: String,
    /// Indices into [`People::people`].
    pub members: Vec<usize>,
}

/// A department with the group its people are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Department {
    /// The department's name.
    pub name: &'static str,
    /// The name of its group.
    pub group: &'static str,
    /// Its people's job title.
    pub job_title: &'static str,
}

/// The departments; people are dealt out to them in turn.
pub const DEPARTMENTS: [Department; 5] = [
    Department {
        name: "Data Engineering",
        group: "databricks-engineers",
        job_title: "Data engineer",
    },
    Department {
        name: "Analytics",
        group: "databricks-analysts",
        job_title: "Analyst",
    },
    Department {
        name: "Data Science",
        group: "databricks-scientists",
        job_title: "Data scientist",
    },
    Department {
        name: "Finance",
        group: "databricks-finance",
        job_title: "Controller",
    },
    Department {
        name: "Operations",
        group: "databricks-operations",
        job_title: "Operations lead",
    },
];

/// The group everybody is in.
pub const EVERYONE_GROUP: &str = "databricks-users";

const GIVEN: [&str; 40] = [
    "Ada", "Bilal", "Carmen", "Dmitri", "Eleni", "Femi", "Greta", "Hiro", "Ines", "Jonas", "Kavya",
    "Lars", "Mei", "Nadia", "Omar", "Priya", "Quentin", "Rosa", "Samir", "Tove", "Uma", "Viktor",
    "Wanda", "Xavier", "Yara", "Zoltan", "Anouk", "Bruno", "Chiara", "Dario", "Esther", "Farid",
    "Gwen", "Hanna", "Ivo", "Jamila", "Kenji", "Leila", "Marta", "Noor",
];
const FAMILY: [&str; 50] = [
    "Abara",
    "Bergman",
    "Castell",
    "Dimov",
    "Ekström",
    "Farrow",
    "Galanis",
    "Haddad",
    "Ivanova",
    "Jansen",
    "Kimura",
    "Lindqvist",
    "Moreau",
    "Nakagawa",
    "Okafor",
    "Petrov",
    "Quiroga",
    "Rossi",
    "Sandoval",
    "Tanaka",
    "Ueda",
    "Varga",
    "Weber",
    "Ximenes",
    "Yilmaz",
    "Zimmer",
    "Arslan",
    "Blom",
    "Cardoso",
    "Duarte",
    "Engel",
    "Fontaine",
    "Grieg",
    "Holm",
    "Ishida",
    "Jovic",
    "Keller",
    "Larsen",
    "Mbeki",
    "Novak",
    "Olsen",
    "Palma",
    "Rahman",
    "Silva",
    "Torres",
    "Ulrich",
    "Vance",
    "Wójcik",
    "Yamada",
    "Zafar",
];

/// The people of a scenario and their groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct People {
    /// The people. The first is the admin who runs the setup.
    pub people: Vec<Person>,
    /// The group of everyone first, then one group a department.
    pub groups: Vec<PersonGroup>,
}

impl People {
    /// Makes `count` people from `seed`. The first people of a larger set are those of a smaller one.
    pub fn generate(seed: u64, count: usize) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let everyone = PersonGroup {
            entra_id: uuid(&mut random),
            display_name: EVERYONE_GROUP.to_owned(),
            members: (0..count).collect(),
        };
        let mut groups = vec![everyone];
        for department in DEPARTMENTS {
            groups.push(PersonGroup {
                entra_id: uuid(&mut random),
                display_name: department.group.to_owned(),
                members: Vec::new(),
            });
        }
        let mut people = Vec::with_capacity(count);
        for index in 0..count {
            let place = index % DEPARTMENTS.len();
            people.push(person(&mut random, index, DEPARTMENTS[place]));
            groups[place + 1].members.push(index);
        }
        Self { people, groups }
    }

    /// The group of that name, if there is one.
    pub fn group(&self, display_name: &str) -> Option<&PersonGroup> {
        self.groups
            .iter()
            .find(|group| group.display_name == display_name)
    }
}

fn person(random: &mut StdRng, index: usize, department: Department) -> Person {
    let entra_id = uuid(random);
    // Names repeat after 2,000 people; a number keeps the addresses apart.
    let given = GIVEN[index % GIVEN.len()];
    let family = FAMILY[(index / GIVEN.len() + index * 7) % FAMILY.len()];
    let round = index / (GIVEN.len() * FAMILY.len());
    let number = if index < GIVEN.len() {
        String::new()
    } else {
        format!("{}", index / GIVEN.len() + round + 1)
    };
    let address = format!("{}.{}{number}@{DOMAIN}", ascii(given), ascii(family));
    Person {
        entra_id,
        given_name: given.to_owned(),
        family_name: family.to_owned(),
        display_name: format!("{given} {family}"),
        user_principal_name: address.clone(),
        mail: address,
        department: department.name,
        job_title: department.job_title,
    }
}

fn ascii(name: &str) -> String {
    name.chars()
        .map(|letter| match letter {
            'ö' | 'ó' => 'o',
            other => other.to_ascii_lowercase(),
        })
        .collect()
}

/// A random version 4 UUID from the generator given, so that a seed repeats it.
pub fn uuid(random: &mut impl Rng) -> Uuid {
    Builder::from_random_bytes(random.random()).into_uuid()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_people_and_a_larger_set_begins_with_the_smaller() {
        let few = People::generate(7, 25);
        assert_eq!(few, People::generate(7, 25));
        assert_eq!(few.people[..], People::generate(7, 10_000).people[..25]);
        assert_ne!(
            few.people[0].entra_id,
            People::generate(8, 25).people[0].entra_id
        );
    }

    #[test]
    fn ten_thousand_people_have_ten_thousand_addresses() {
        let many = People::generate(1, 10_000);
        let addresses: HashSet<_> = many
            .people
            .iter()
            .map(|person| &person.user_principal_name)
            .collect();
        assert_eq!(addresses.len(), 10_000);
        assert_eq!(many.groups[0].members.len(), 10_000);
    }
}
