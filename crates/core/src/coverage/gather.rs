//! Who is brought by whom: one pass over the memberships of every connector.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::sorting::{by_person, mapped, range, why};
use super::{Bringer, Coverage, CoverageRow, Fate, Via, Wanted, Way};
use crate::checks::workspace_of;
use crate::model::Setup;
use crate::model::setup::{PrincipalKind, Scope as WantedScope};
use crate::observation::connector::ObjectMapping;
use crate::observation::principals::EntraUser;
use crate::observation::{Connector, Observation, Principals};
use crate::scope::{self, LeftOut, Undecided};

/// What a rule makes of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Judged {
    NotYet,
    /// Carried, and whether under a name that the account connector sends as well.
    Carried {
        covered: bool,
    },
    Left(LeftOut),
}

/// A mapping and what it makes of each person: connectors that map alike share it.
struct Rule<'a> {
    mapping: &'a ObjectMapping,
    judged: Vec<Judged>,
}

/// An object id. One of the usual length lies in the table itself: a million look-ups that follow a pointer wait for memory.
#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    Usual([u8; 36]),
    Other(&'a str),
}

impl<'a> Key<'a> {
    fn of(id: &'a str) -> Self {
        id.as_bytes()
            .try_into()
            .map_or(Self::Other(id), Self::Usual)
    }
}

struct Gathering<'a> {
    principals: &'a Principals,
    users: Vec<(&'a str, &'a EntraUser)>,
    places: HashMap<Key<'a>, u32>,
    groups: Vec<(Box<str>, Box<str>)>,
    group_places: HashMap<&'a str, u32>,
    /// The places of each group's members, looked up once: most groups are assigned to two connectors.
    members: Vec<Vec<u32>>,
    /// Each way with the person's place.
    ways: Vec<(u32, Way)>,
    /// Those who never travel: groups in groups and service principals.
    others: BTreeMap<(u8, Box<str>), Other>,
    rules: Vec<Rule<'a>>,
    /// The rule of each connector; `None`: it provisions no users, or its mappings are not known yet.
    rule_of: Vec<Option<usize>>,
}

struct Other {
    kind: PrincipalKind,
    name: Box<str>,
    note: Box<str>,
    ways: Vec<Way>,
}

/// Who the account connector brings, with what is wanted besides.
struct Account {
    everyone: bool,
    /// By place: it brings the person.
    brings: Vec<bool>,
    /// The names it sends, in lower case; `None` before it exists: then people are compared by their ids. That everyone reads
    /// back active by name is proven before anything is paused.
    names: Option<HashSet<String>>,
}

pub(super) fn gather(
    setup: &Setup,
    seen: &Observation,
    old: &[&Connector],
    wanted: &Wanted<'_>,
) -> Result<Coverage, Undecided> {
    let mut gathering = Gathering::new(&seen.entra.principals);
    let account = gathering.account(setup, seen, wanted)?;
    let mut connectors = vec![Bringer {
        id: account_id(setup, seen),
        name: setup.entra.app.name().into(),
        workspace: None,
    }];
    if let Some(own) = seen.connector(setup) {
        connectors[0].name = own.display_name.as_str().into();
    }
    for connector in old {
        gathering.old(connector, &account)?;
        connectors.push(Bringer {
            id: connector.service_principal_id.as_str().into(),
            name: connector.display_name.as_str().into(),
            workspace: workspace_of(seen, connector).map(|one| one.label().into()),
        });
    }
    gathering.finish(connectors, &account)
}

fn account_id(setup: &Setup, seen: &Observation) -> Box<str> {
    seen.connector(setup)
        .map_or("", |own| own.service_principal_id.as_str())
        .into()
}

impl<'a> Gathering<'a> {
    fn new(principals: &'a Principals) -> Self {
        let users: Vec<(&str, &EntraUser)> = principals
            .users
            .iter()
            .map(|(id, user)| (&**id, user))
            .collect();
        let places = (0u32..)
            .zip(&users)
            .map(|(at, (id, _))| (Key::of(id), at))
            .collect();
        Self {
            principals,
            users,
            places,
            groups: Vec::new(),
            group_places: HashMap::new(),
            members: Vec::new(),
            ways: Vec::new(),
            others: BTreeMap::new(),
            rules: Vec::new(),
            rule_of: Vec::new(),
        }
    }

    /// The account connector, as connector 0.
    fn account(
        &mut self,
        setup: &Setup,
        seen: &'a Observation,
        wanted: &Wanted<'a>,
    ) -> Result<Account, Undecided> {
        let own = seen.connector(setup);
        let found = own
            .and_then(|own| own.assignments.value())
            .into_iter()
            .flatten();
        let found = found.map(|one| (one.kind, &*one.principal_id, &*one.display_name));
        let assign = wanted.assign.iter().map(|one| {
            let name = one.display_name.as_deref().unwrap_or(&one.id);
            (one.kind, &*one.id, name)
        });
        let assigned: Vec<_> = found.chain(assign).collect();
        let sync_all = own
            .and_then(|own| own.secrets.value())
            .and_then(|secrets| secrets.sync_all)
            .unwrap_or(false);
        let everyone = wanted
            .scope
            .map_or(sync_all, |scope| scope == WantedScope::All);
        self.memberships(0, &assigned, everyone)?;
        let mapping = match own.filter(|own| own.job().is_some()) {
            Some(own) => Some(scope::user_mapping(own)?),
            None => None,
        };
        let rule = mapping.map(|mapping| self.rule(mapping));
        self.rule_of.push(rule);
        let mut brings = vec![false; self.users.len()];
        let mut names = mapping.map(|_| HashSet::new());
        for (person, _) in &self.ways {
            let at = *person as usize;
            if std::mem::replace(&mut brings[at], true) {
                continue;
            }
            let (id, user) = self.users[at];
            if let (Some(mapping), Some(names)) = (mapping, &mut names) {
                match mapped(id, user, mapping)? {
                    Ok(name) => drop(names.insert(name.to_lowercase())),
                    Err(_) => brings[at] = false,
                }
            }
        }
        Ok(Account {
            everyone,
            brings,
            names,
        })
    }

    /// A connector to retire.
    fn old(&mut self, connector: &'a Connector, account: &Account) -> Result<(), Undecided> {
        let name = &connector.display_name;
        let unread = |what: &str| Undecided(format!("{what} of {name} could not be read."));
        let assigned = connector
            .assignments
            .value()
            .ok_or_else(|| unread("The assignments"))?;
        let secrets = connector
            .secrets
            .value()
            .ok_or_else(|| unread("The scope setting"))?;
        let everyone = secrets.sync_all.unwrap_or(false);
        if everyone && !account.everyone {
            return Err(Undecided(format!(
                "{name} syncs all users of the tenant, and the account connector would not."
            )));
        }
        let mapping = scope::user_mapping(connector)?;
        let place = u32::try_from(self.rule_of.len()).unwrap_or(u32::MAX);
        let before = self.ways.len();
        let assigned: Vec<_> = assigned
            .iter()
            .map(|one| (one.kind, &*one.principal_id, &*one.display_name))
            .collect();
        self.memberships(place, &assigned, everyone)?;
        if !mapping.enabled {
            // It provisions no users.
            self.ways.truncate(before);
            self.rule_of.push(None);
            return Ok(());
        }
        let rule = self.rule(mapping);
        self.rule_of.push(Some(rule));
        for at in before..self.ways.len() {
            let person = self.ways[at].0 as usize;
            if self.rules[rule].judged[person] == Judged::NotYet {
                self.rules[rule].judged[person] = self.judge(person, mapping, account)?;
            }
        }
        Ok(())
    }

    fn judge(
        &self,
        person: usize,
        mapping: &ObjectMapping,
        account: &Account,
    ) -> Result<Judged, Undecided> {
        let (id, user) = self.users[person];
        Ok(match mapped(id, user, mapping)? {
            Err(why) => Judged::Left(why),
            Ok(name) => Judged::Carried {
                covered: match &account.names {
                    Some(names) => names.contains(&name.to_lowercase()),
                    None => account.everyone || account.brings[person],
                },
            },
        })
    }

    fn rule(&mut self, mapping: &'a ObjectMapping) -> usize {
        let alike = |rule: &Rule<'_>| rule.mapping == mapping;
        self.rules.iter().position(alike).unwrap_or_else(|| {
            self.rules.push(Rule {
                mapping,
                judged: vec![Judged::NotYet; self.users.len()],
            });
            self.rules.len() - 1
        })
    }

    /// Every way by which one connector brings somebody.
    fn memberships(
        &mut self,
        connector: u32,
        assigned: &[(PrincipalKind, &'a str, &'a str)],
        everyone: bool,
    ) -> Result<(), Undecided> {
        let way = |via| Way { connector, via };
        if everyone {
            if let Some(why) = self.principals.complete.gap() {
                return Err(Undecided(why));
            }
            let all = 0..u32::try_from(self.users.len()).unwrap_or(u32::MAX);
            self.ways
                .extend(all.map(|person| (person, way(Via::Everyone))));
            return Ok(());
        }
        for (kind, id, name) in assigned {
            match kind {
                PrincipalKind::User => {
                    let person = self.place(id)?;
                    self.ways.push((person, way(Via::Directly)));
                }
                PrincipalKind::Group => self.group(id, connector)?,
                PrincipalKind::ServicePrincipal => self.other(
                    (PrincipalKind::ServicePrincipal, id, name),
                    || "A service principal is never provisioned.".to_owned(),
                    way(Via::Directly),
                ),
            }
        }
        Ok(())
    }

    fn group(&mut self, id: &'a str, connector: u32) -> Result<(), Undecided> {
        let group =
            self.principals.groups.get(id).ok_or_else(|| {
                Undecided(format!("The group with the id {id} could not be read."))
            })?;
        let name = &group.display_name;
        let users = group
            .users
            .value()
            .ok_or_else(|| Undecided(format!("The members of {name} could not be read.")))?;
        let known = self.group_places.get(id).copied();
        let at = match known {
            Some(at) => at as usize,
            None => {
                let places = users.iter().map(|user| self.place(user));
                self.members.push(places.collect::<Result<_, _>>()?);
                self.groups.push((id.into(), name.clone()));
                self.groups.len() - 1
            }
        };
        let place = u32::try_from(at).unwrap_or(u32::MAX);
        self.group_places.insert(id, place);
        let way = Way {
            connector,
            via: Via::Group(place),
        };
        let people = self.members[at].iter();
        self.ways.extend(people.map(|&person| (person, way)));
        for nested in group.nested.value().into_iter().flatten() {
            self.other(
                (PrincipalKind::Group, &nested.id, &nested.display_name),
                || format!("A group inside {name}: nobody comes through it."),
                way,
            );
        }
        for id in group.service_principals.value().into_iter().flatten() {
            let known = self.principals.service_principals.get(id);
            let shown = known.map_or(&**id, |name| name);
            self.other(
                (PrincipalKind::ServicePrincipal, id, shown),
                || format!("A service principal inside {name}: it is never provisioned."),
                way,
            );
        }
        Ok(())
    }

    fn other(
        &mut self,
        (kind, id, name): (PrincipalKind, &str, &str),
        note: impl FnOnce() -> String,
        way: Way,
    ) {
        let key = (u8::from(kind == PrincipalKind::ServicePrincipal), id.into());
        let other = self.others.entry(key).or_insert_with(|| Other {
            kind,
            name: name.into(),
            note: note().into(),
            ways: Vec::new(),
        });
        other.ways.push(way);
    }

    fn place(&self, id: &str) -> Result<u32, Undecided> {
        self.places
            .get(&Key::of(id))
            .copied()
            .ok_or_else(|| Undecided(format!("The person with the id {id} could not be read.")))
    }

    fn finish(
        mut self,
        connectors: Vec<Bringer>,
        account: &Account,
    ) -> Result<Coverage, Undecided> {
        let mut gathered = by_person(std::mem::take(&mut self.ways), self.users.len());
        let mut ways: Vec<Way> = Vec::with_capacity(gathered.len());
        let mut rows = Vec::with_capacity(self.users.len());
        for chunk in gathered.chunk_by_mut(|one, other| one.0 == other.0) {
            chunk.sort_unstable();
            let from = ways.len();
            for (_, way) in &*chunk {
                if ways[from..].last() != Some(way) {
                    ways.push(*way);
                }
            }
            rows.push(self.row(chunk, range(from, ways.len()), account)?);
        }
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
        chunk: &[(u32, Way)],
        ways: std::ops::Range<u32>,
        account: &Account,
    ) -> Result<CoverageRow, Undecided> {
        let person = chunk[0].0 as usize;
        let (id, user) = self.users[person];
        // Places of the rules by which the person is carried: almost always one.
        let mut by: Vec<usize> = Vec::new();
        let (mut lost, mut left) = (false, None);
        for (_, way) in chunk.iter().filter(|(_, way)| way.connector != 0) {
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
        let name = name.unwrap_or_else(|| user.user_principal_name.clone());
        let mut also = Vec::new();
        for mapping in carried {
            also.extend(mapped(id, user, mapping)?.ok().filter(|one| *one != name));
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
