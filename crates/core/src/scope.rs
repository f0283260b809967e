//! Who a connector carries: its effective scope, person by person, by the `userName` it would send.
//!
//! The rules are those of the provisioning service (facts/entra §5.4, §5.5): assigned users and the direct members of assigned
//! groups, or everyone under "Sync all"; after scoping filters; without disabled accounts and without people whose matching
//! attribute is empty. What cannot be evaluated makes the scope undecided, and a guard that meets it refuses.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::model::setup::PrincipalKind;
use crate::observation::connector::{ObjectMapping, ScopeClause};
use crate::observation::principals::EntraUser;
use crate::observation::{Connector, Principals};

/// Who a connector carries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// Everyone in the tenant ("Sync all users and groups").
    pub everyone: bool,
    /// The people carried, by Entra object id, with the `userName` sent.
    pub people: BTreeMap<Box<str>, Box<str>>,
    /// People who are assigned, and why they are not carried.
    pub left_out: BTreeMap<Box<str>, LeftOut>,
}

/// Why an assigned person is not carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LeftOut {
    /// The account is disabled in Entra.
    Disabled,
    /// The attribute that becomes `userName` is empty.
    Empty,
    /// A scoping filter leaves the person out.
    Filtered,
}

/// Why a scope cannot be told; a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Undecided(pub String);

/// A principal that is assigned, or is to be.
pub type Assigned<'a> = (PrincipalKind, &'a str);

/// Who `connector` carries with what is assigned to it now.
pub fn of(connector: &Connector, principals: &Principals) -> Result<Scope, Undecided> {
    let assignments = connector.assignments.value().ok_or_else(|| {
        Undecided(format!(
            "Who is assigned to {} could not be read.",
            connector.display_name
        ))
    })?;
    let assigned: Vec<Assigned<'_>> = assignments
        .iter()
        .map(|assignment| (assignment.kind, assignment.principal_id.as_str()))
        .collect();
    let everyone = connector
        .secrets
        .value()
        .ok_or_else(|| {
            Undecided(format!(
                "The scope setting of {} could not be read.",
                connector.display_name
            ))
        })?
        .sync_all;
    with(connector, principals, &assigned, everyone.unwrap_or(false))
}

/// Who `connector` would carry with other assignments and another scope setting.
pub fn with(
    connector: &Connector,
    principals: &Principals,
    assigned: &[Assigned<'_>],
    everyone: bool,
) -> Result<Scope, Undecided> {
    let mapping = user_mapping(connector)?;
    let mut scope = Scope {
        everyone,
        ..Scope::default()
    };
    if !mapping.enabled {
        return Ok(Scope::default());
    }
    let members = members(assigned, principals)?;
    if everyone && let Some(gap) = principals.complete.gap() {
        return Err(Undecided(gap));
    }
    let ids: Vec<&str> = if everyone {
        principals.users.keys().map(|id| &**id).collect()
    } else {
        members
    };
    for id in ids {
        let user = principals
            .users
            .get(id)
            .ok_or_else(|| Undecided(format!("The person with the id {id} could not be read.")))?;
        match carried(id, user, mapping)? {
            Ok(name) => {
                scope.people.insert(id.into(), name.into());
            }
            Err(reason) => {
                scope.left_out.insert(id.into(), reason);
            }
        }
    }
    Ok(scope)
}

/// Ids of the people that assignments name, directly or as direct members of a group; without repetition.
pub fn members<'a>(
    assigned: &[Assigned<'a>],
    principals: &'a Principals,
) -> Result<Vec<&'a str>, Undecided> {
    let mut ids: Vec<&str> = Vec::new();
    for (kind, id) in assigned {
        match kind {
            PrincipalKind::User => ids.push(id),
            PrincipalKind::Group => {
                let group = principals.groups.get(*id).ok_or_else(|| {
                    Undecided(format!("The group with the id {id} could not be read."))
                })?;
                let users = group.users.value().ok_or_else(|| {
                    Undecided(format!(
                        "The members of {} could not be read.",
                        group.display_name
                    ))
                })?;
                ids.extend(users.iter().map(|id| &**id));
            }
            PrincipalKind::ServicePrincipal => {}
        }
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

pub(crate) fn user_mapping(connector: &Connector) -> Result<&ObjectMapping, Undecided> {
    let name = &connector.display_name;
    let missing = |what: &str, gap: Option<String>| {
        Undecided(gap.unwrap_or_else(|| format!("{name} has no {what}.")))
    };
    let job = connector.job();
    let job = job.ok_or_else(|| missing("synchronization job", connector.jobs.gap()))?;
    let schema = job.schema.value();
    let schema = schema.ok_or_else(|| missing("attribute mappings", job.schema.gap()))?;
    schema
        .user
        .as_ref()
        .ok_or_else(|| missing("mapping for users", None))
}

/// The name by which a mapping carries a person, or why it does not.
pub(crate) fn carried<'a>(
    id: &'a str,
    user: &'a EntraUser,
    mapping: &ObjectMapping,
) -> Result<Result<Cow<'a, str>, LeftOut>, Undecided> {
    if !user.enabled {
        return Ok(Err(LeftOut::Disabled));
    }
    if !passes(id, user, &mapping.scope)? {
        return Ok(Err(LeftOut::Filtered));
    }
    Ok(sent_user_name(id, user, mapping)?.ok_or(LeftOut::Empty))
}

/// The `userName` that a mapping sends for a person; `None` where the source attribute is empty. Of a guest's
/// `userPrincipalName` Entra takes `#EXT#` out; `originalUserPrincipalName` keeps it (facts/entra §5.5).
pub fn sent_user_name<'a>(
    id: &'a str,
    user: &'a EntraUser,
    mapping: &ObjectMapping,
) -> Result<Option<Cow<'a, str>>, Undecided> {
    let source = mapping
        .to("userName")
        .and_then(|attribute| attribute.source.as_deref())
        .ok_or_else(|| {
            Undecided("userName comes from an expression that Usher cannot evaluate.".to_owned())
        })?;
    if !EntraUser::is_read(source) {
        return Err(Undecided(format!(
            "userName comes from the attribute {source}, which Usher does not read."
        )));
    }
    let value = user.attribute(id, source);
    Ok(value.map(|value| match source {
        "userPrincipalName" if value.contains(GUEST_MARK) => value.replace(GUEST_MARK, "").into(),
        _ => value.into(),
    }))
}

/// What marks a guest in a user principal name.
const GUEST_MARK: &str = "#EXT#";

/// Whether a person passes scoping filters: one group of clauses has to hold as a whole.
fn passes(id: &str, user: &EntraUser, filters: &[Vec<ScopeClause>]) -> Result<bool, Undecided> {
    if filters.is_empty() {
        return Ok(true);
    }
    for clauses in filters {
        let mut all = true;
        for clause in clauses {
            all &= holds(id, user, clause)?;
        }
        if all {
            return Ok(true);
        }
    }
    Ok(false)
}

fn holds(id: &str, user: &EntraUser, clause: &ScopeClause) -> Result<bool, Undecided> {
    if !EntraUser::is_read(&clause.attribute) {
        return Err(Undecided(format!(
            "A scoping filter goes by the attribute {}, which Usher does not read.",
            clause.attribute
        )));
    }
    let value = user.attribute(id, &clause.attribute);
    let any = |test: &dyn Fn(&str) -> bool| clause.values.iter().any(|wanted| test(wanted));
    match clause
        .operator
        .to_ascii_uppercase()
        .replace([' ', '_'], "")
        .as_str()
    {
        "EQUALS" => Ok(any(&|wanted| value.is_some_and(|value| value == wanted))),
        "NOTEQUALS" => Ok(!any(&|wanted| value.is_some_and(|value| value == wanted))),
        "ISNULL" => Ok(value.is_none()),
        "ISNOTNULL" => Ok(value.is_some()),
        _ => Err(Undecided(format!(
            "A scoping filter uses “{} {}”, which Usher cannot evaluate.",
            clause.attribute, clause.operator
        ))),
    }
}
