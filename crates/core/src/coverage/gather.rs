//! Who is brought by whom: one pass over the memberships of every connector.

mod rows;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::mapped::{folded, mapped};
use super::places::Places;
use super::{Bringer, Coverage, Via, Wanted, Way};
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

/// The people whom a connector brings in one way.
struct Brought {
    way: Way,
    /// The one who is assigned, where the way is [`Via::Directly`].
    person: u32,
}

struct Gathering<'a> {
    principals: &'a Principals,
    users: Vec<(&'a str, &'a EntraUser)>,
    places: Places<'a>,
    /// All places, once a connector syncs everyone.
    everyone: Vec<u32>,
    groups: Vec<(Box<str>, Box<str>)>,
    group_places: HashMap<&'a str, u32>,
    /// The places of each group's members, looked up once: most groups are assigned to two connectors.
    members: Vec<Vec<u32>>,
    /// By connector: who comes to more than one in the same way is not listed anew for each.
    brought: Vec<Brought>,
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
struct Account<'a> {
    everyone: bool,
    /// By place: it brings the person.
    brings: Vec<bool>,
    /// The names it sends, in lower case; `None` before it exists: then people are compared by their ids. That everyone reads
    /// back active by name is proven before anything is paused.
    names: Option<HashSet<Cow<'a, str>>>,
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
        Self {
            principals,
            places: Places::of(users.iter().map(|(id, _)| *id)),
            users,
            everyone: Vec::new(),
            groups: Vec::new(),
            group_places: HashMap::new(),
            members: Vec::new(),
            brought: Vec::new(),
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
    ) -> Result<Account<'a>, Undecided> {
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
        let mut names = mapping.map(|_| HashSet::with_capacity(self.users.len()));
        for person in self.brought.iter().flat_map(|one| self.people(one)) {
            let at = *person as usize;
            if std::mem::replace(&mut brings[at], true) {
                continue;
            }
            let (id, user) = self.users[at];
            if let (Some(mapping), Some(names)) = (mapping, &mut names) {
                match mapped(id, user, mapping)? {
                    Ok(name) => drop(names.insert(folded(name))),
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
    fn old(&mut self, connector: &'a Connector, account: &Account<'_>) -> Result<(), Undecided> {
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
        let before = self.brought.len();
        let assigned: Vec<_> = assigned
            .iter()
            .map(|one| (one.kind, &*one.principal_id, &*one.display_name))
            .collect();
        self.memberships(place, &assigned, everyone)?;
        if !mapping.enabled {
            // It provisions no users.
            self.brought.truncate(before);
            self.rule_of.push(None);
            return Ok(());
        }
        let rule = self.rule(mapping);
        self.rule_of.push(Some(rule));
        let mut judged = std::mem::take(&mut self.rules[rule].judged);
        for &person in self.brought[before..]
            .iter()
            .flat_map(|one| self.people(one))
        {
            let person = person as usize;
            if judged[person] == Judged::NotYet {
                judged[person] = self.judge(person, rule, account)?;
            }
        }
        self.rules[rule].judged = judged;
        Ok(())
    }

    fn judge(
        &self,
        person: usize,
        rule: usize,
        account: &Account<'_>,
    ) -> Result<Judged, Undecided> {
        let (id, user) = self.users[person];
        // Whom the account connector brings by the same rule, it brings under the same name.
        let alike = self.rule_of[0] == Some(rule);
        Ok(match mapped(id, user, self.rules[rule].mapping)? {
            Err(why) => Judged::Left(why),
            Ok(name) => Judged::Carried {
                covered: match &account.names {
                    Some(_) if alike && account.brings[person] => true,
                    Some(names) => names.contains(&folded(name)),
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
            self.everyone = (0..).take(self.users.len()).collect();
            self.brought.push(Brought {
                way: way(Via::Everyone),
                person: 0,
            });
            return Ok(());
        }
        for (kind, id, name) in assigned {
            match kind {
                PrincipalKind::User => {
                    let person = self.places.get(id)?;
                    let way = way(Via::Directly);
                    self.brought.push(Brought { way, person });
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
                self.members.push(self.places.all(users)?);
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
        self.brought.push(Brought { way, person: 0 });
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

    /// The places of the people who come by one way.
    fn people<'b>(&'b self, brought: &'b Brought) -> &'b [u32] {
        match brought.way.via {
            Via::Directly => std::slice::from_ref(&brought.person),
            Via::Group(at) => &self.members[at as usize],
            Via::Everyone => &self.everyone,
        }
    }
}
