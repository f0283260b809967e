//! What the Databricks side knows: the account's principals, its workspaces, and how it misbehaves on purpose.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::Value;

use super::errors::ApiError;
use super::model::{Kind, Principal, Workspace};
use super::nesting::Nesting;
use super::patch::{self, Edit, Operation};
use super::render::{Reference, Row};

/// The first Databricks id given out.
const FIRST_ID: u64 = 2_780_114_000_001;
/// The most members a group may be created with.
const MEMBERS_AT_CREATION: usize = 5_000;

/// Something that changed, for the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// What, in a few words.
    pub what: String,
    /// Before; `null` for something new. Of an account group's members only those that left.
    pub before: Value,
    /// After; `null` for something gone. Of an account group's members only those that came.
    pub after: Value,
}

/// The Databricks account with its workspaces.
#[derive(Debug, Clone)]
pub struct World {
    /// The account id.
    pub account_id: String,
    /// The workspaces by id.
    pub workspaces: BTreeMap<u64, Workspace>,
    /// OAuth secrets by application id.
    pub oauth_secrets: HashMap<String, String>,
    /// The most users and service principals together.
    pub principal_limit: usize,
    /// The most groups.
    pub group_limit: usize,
    /// The most groups that one identity is a direct member of.
    pub parent_limit: usize,
    /// How deep groups may be in groups.
    pub depth_limit: usize,
    /// Whether bearer tokens are checked at all.
    pub check_tokens: bool,
    /// Whether lists pass over their `filter`.
    pub ignore_filters: bool,
    /// Whether a workspace takes too long for a list of groups with their members, as large ones do.
    pub heavy_group_lists: bool,
    /// How many reads of a group after a change may show the old state; every other of them does.
    pub stale_group_reads: u32,
    users: BTreeMap<u64, Arc<Principal>>,
    groups: BTreeMap<u64, Arc<Principal>>,
    service_principals: BTreeMap<u64, Arc<Principal>>,
    by_name: HashMap<(Kind, String), u64>,
    pub(super) nesting: Nesting,
    stale: HashMap<u64, (Arc<Principal>, u32)>,
    next_id: u64,
}

impl World {
    /// An account without anybody in it.
    pub fn new(account_id: &str) -> Self {
        Self {
            account_id: account_id.to_owned(),
            workspaces: BTreeMap::new(),
            oauth_secrets: HashMap::new(),
            principal_limit: 10_000,
            group_limit: 5_000,
            parent_limit: 1_500,
            depth_limit: 10,
            check_tokens: true,
            ignore_filters: false,
            heavy_group_lists: false,
            stale_group_reads: 0,
            users: BTreeMap::new(),
            groups: BTreeMap::new(),
            service_principals: BTreeMap::new(),
            by_name: HashMap::new(),
            nesting: Nesting::default(),
            stale: HashMap::new(),
            next_id: FIRST_ID,
        }
    }

    /// The account's principals of that kind, oldest first.
    pub fn all(&self, kind: Kind) -> &BTreeMap<u64, Arc<Principal>> {
        match kind {
            Kind::User => &self.users,
            Kind::Group => &self.groups,
            Kind::ServicePrincipal => &self.service_principals,
        }
    }

    fn all_mut(&mut self, kind: Kind) -> &mut BTreeMap<u64, Arc<Principal>> {
        match kind {
            Kind::User => &mut self.users,
            Kind::Group => &mut self.groups,
            Kind::ServicePrincipal => &mut self.service_principals,
        }
    }

    /// The account principal with that id, of whatever kind.
    pub fn principal(&self, id: u64) -> Option<&Arc<Principal>> {
        self.users
            .get(&id)
            .or_else(|| self.groups.get(&id))
            .or_else(|| self.service_principals.get(&id))
    }

    /// The account principal with that unique name, compared without regard to case.
    pub fn named(&self, kind: Kind, name: &str) -> Option<&Arc<Principal>> {
        self.all(kind)
            .get(self.by_name.get(&(kind, name.to_lowercase()))?)
    }

    /// The user with that identity provider id, or the service principal with that application id.
    pub fn identity(&self, id: &str) -> Option<&Arc<Principal>> {
        let user = self
            .users
            .values()
            .find(|user| user.external_id.as_deref() == Some(id));
        user.or_else(|| self.named(Kind::ServicePrincipal, id))
    }

    /// A new Databricks id.
    pub fn new_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id - 1
    }

    /// Puts a principal in as it is, under a new id, which is returned. For scenarios; nothing is checked.
    pub fn insert(&mut self, mut principal: Principal) -> u64 {
        principal.id = self.new_id();
        let (id, kind) = (principal.id, principal.kind);
        self.by_name
            .insert((kind, principal.name.to_lowercase()), id);
        self.nesting.join(id, &principal.members);
        self.all_mut(kind).insert(id, Arc::new(principal));
        id
    }

    /// Changes a principal as it is. For scenarios; its name must stay.
    pub fn modify(&mut self, kind: Kind, id: u64, change: impl FnOnce(&mut Principal)) {
        let Some(principal) = self.all_mut(kind).get_mut(&id) else {
            return;
        };
        let before = principal.members.clone();
        change(Arc::make_mut(principal));
        let after = principal.members.clone();
        self.nesting.leave(id, &before);
        self.nesting.join(id, &after);
    }

    /// Makes a principal from a draft.
    ///
    /// # Errors
    /// 409 when the name is taken; 400 beyond a limit, or for members that do not exist.
    pub fn create(&mut self, draft: Principal) -> Result<(u64, Changed), ApiError> {
        self.check_room(draft.kind)?;
        self.check_free(&draft)?;
        if draft.members.len() > MEMBERS_AT_CREATION {
            return Err(invalid(format!(
                "A group can be created with at most {MEMBERS_AT_CREATION} members"
            )));
        }
        self.check_members(&draft.members)?;
        self.check_nesting(0, &draft.members)?;
        let what = format!("{} created", draft.kind.words());
        let kind = draft.kind;
        let id = self.insert(draft);
        if kind == Kind::ServicePrincipal {
            self.give_application_id(id);
        }
        Ok((
            id,
            Changed {
                what,
                before: Value::Null,
                after: self.shown(kind, id),
            },
        ))
    }

    /// A service principal made without an application id is one that Databricks manages and gives an id to.
    fn give_application_id(&mut self, id: u64) {
        let Some(principal) = self
            .service_principals
            .get_mut(&id)
            .filter(|principal| principal.name.is_empty())
        else {
            return;
        };
        let name = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, &id.to_be_bytes()).to_string();
        Arc::make_mut(principal).name.clone_from(&name);
        self.by_name
            .remove(&(Kind::ServicePrincipal, String::new()));
        self.by_name.insert((Kind::ServicePrincipal, name), id);
    }

    fn check_room(&self, kind: Kind) -> Result<(), ApiError> {
        let full = match kind {
            Kind::Group => self.groups.len() >= self.group_limit,
            _ => self.users.len() + self.service_principals.len() >= self.principal_limit,
        };
        if full {
            Err(ApiError::bad_request(
                "QUOTA_EXCEEDED",
                format!("The account has reached its limit of {}s", kind.words()),
            ))
        } else {
            Ok(())
        }
    }

    fn check_free(&self, draft: &Principal) -> Result<(), ApiError> {
        let name = &draft.name;
        let reserved = draft.kind == Kind::Group && name.eq_ignore_ascii_case("account users");
        if self.named(draft.kind, name).is_none() && !reserved {
            return Ok(());
        }
        Err(ApiError::exists(match draft.kind {
            Kind::User => format!(
                "User with email {name} already exists in this account. Note: emails are case insensitive."
            ),
            Kind::Group => format!("Group with name {name} already exists."),
            Kind::ServicePrincipal => {
                format!("Service principal with application ID {name} already exists.")
            }
        }))
    }

    fn check_members(&self, members: &[u64]) -> Result<(), ApiError> {
        match members.iter().find(|id| self.principal(**id).is_none()) {
            Some(id) => Err(invalid(format!("Member with id {id} does not exist"))),
            None => Ok(()),
        }
    }

    /// Applies a patch to an account principal. `userName`, `emails` and attributes that cannot be changed are passed over in
    /// silence, as the service does.
    ///
    /// # Errors
    /// 404 for an unknown id; 400, 409 and 500 for what cannot be; then nothing has changed.
    pub fn patch(&mut self, kind: Kind, id: u64, edits: &[Edit]) -> Result<Changed, ApiError> {
        let old = self
            .all(kind)
            .get(&id)
            .cloned()
            .ok_or_else(|| ApiError::no_resource(kind.words(), &id.to_string()))?;
        let mut new = Principal::clone(&old);
        for edit in edits {
            self.apply(&mut new, edit)?;
        }
        self.replace(&old, new)
    }

    /// Replaces what a `PUT` may replace; the unique name of a user or service principal and the address stay.
    ///
    /// # Errors
    /// As [`World::patch`].
    pub fn put(&mut self, kind: Kind, id: u64, draft: Principal) -> Result<Changed, ApiError> {
        let old = self
            .all(kind)
            .get(&id)
            .cloned()
            .ok_or_else(|| ApiError::no_resource(kind.words(), &id.to_string()))?;
        self.check_members(&draft.members)?;
        let name = if kind == Kind::Group {
            draft.name.clone()
        } else {
            old.name.clone()
        };
        let new = Principal {
            id,
            name,
            email: old.email.clone(),
            ..draft
        };
        self.replace(&old, new)
    }

    fn replace(&mut self, old: &Arc<Principal>, new: Principal) -> Result<Changed, ApiError> {
        let (id, kind) = (old.id, old.kind);
        if !super::model::same_name(&old.name, &new.name) {
            self.check_free(&new)?;
        }
        let left = only_in(&old.members, &new.members);
        let came = only_in(&new.members, &old.members);
        self.check_nesting(id, &came)?;
        self.nesting.leave(id, &left);
        self.nesting.join(id, &came);
        let new = Arc::new(new);
        let (before, after) = (self.differing(old, &new), self.differing(&new, old));
        self.by_name.remove(&(kind, old.name.to_lowercase()));
        self.by_name.insert((kind, new.name.to_lowercase()), id);
        if kind == Kind::Group && self.stale_group_reads > 0 {
            self.stale
                .insert(id, (Arc::clone(old), self.stale_group_reads));
        }
        self.all_mut(kind).insert(id, new);
        let what = format!("{} changed", kind.words());
        Ok(Changed {
            what,
            before,
            after,
        })
    }

    fn apply(&self, principal: &mut Principal, edit: &Edit) -> Result<(), ApiError> {
        match (edit.attribute.as_str(), principal.kind) {
            ("displayname", Kind::Group) => {
                principal.name = edit
                    .text()
                    .ok_or_else(|| invalid("displayName is missing".to_owned()))?;
                principal.display_name.clone_from(&principal.name);
            }
            ("displayname", _) => principal.display_name = edit.text().unwrap_or_default(),
            ("active", Kind::User | Kind::ServicePrincipal) => {
                principal.active = patch::active(edit.value.as_ref())?
            }
            ("externalid", kind) => {
                principal.external_id = edit.text().filter(|_| edit.operation != Operation::Remove);
                if principal.external_id.is_none() && kind != Kind::Group {
                    return Err(invalid("externalId cannot be cleared".to_owned()));
                }
            }
            ("roles", _) => merge(&mut principal.roles, edit),
            ("members", Kind::Group) => {
                let ids = edit.member_ids()?;
                if edit.operation != Operation::Remove {
                    self.check_members(&ids)?;
                }
                change_members(&mut principal.members, edit, &ids);
            }
            _ => {}
        }
        Ok(())
    }

    /// Deletes a principal from the account: from its groups and workspaces as well.
    ///
    /// # Errors
    /// 404 for an unknown id.
    pub fn delete(&mut self, kind: Kind, id: u64) -> Result<Changed, ApiError> {
        let before = self.shown(kind, id);
        let gone = self
            .all_mut(kind)
            .remove(&id)
            .ok_or_else(|| ApiError::no_resource(kind.words(), &id.to_string()))?;
        self.by_name.remove(&(kind, gone.name.to_lowercase()));
        self.nesting.leave(id, &gone.members);
        self.nesting.forget(id);
        self.stale.remove(&id);
        for group in self
            .groups
            .values_mut()
            .filter(|group| group.members.contains(&id))
        {
            Arc::make_mut(group).members.retain(|member| *member != id);
        }
        for workspace in self.workspaces.values_mut() {
            workspace.seats.remove(&id);
            workspace.assignments.remove(&id);
            workspace.group_entitlements.remove(&id);
            for group in workspace
                .local_groups
                .values_mut()
                .filter(|group| group.members.contains(&id))
            {
                Arc::make_mut(group).members.retain(|member| *member != id);
            }
        }
        Ok(Changed {
            what: format!("{} deleted", kind.words()),
            before,
            after: Value::Null,
        })
    }

    /// Reads one account principal as a client would: a group shortly after a change may show its old state.
    pub fn read(&mut self, kind: Kind, id: u64) -> Option<Row> {
        let present = Arc::clone(self.all(kind).get(&id)?);
        let principal = match self.stale.get_mut(&id) {
            Some((old, left)) => {
                let shown = if *left % 2 == 1 {
                    Arc::clone(old)
                } else {
                    present
                };
                *left -= 1;
                if *left == 0 {
                    self.stale.remove(&id);
                }
                shown
            }
            None => present,
        };
        Some(self.with_members(&principal))
    }

    /// A principal with its members, if it is a group.
    pub fn with_members(&self, principal: &Arc<Principal>) -> Row {
        let members = (principal.kind == Kind::Group).then(|| self.references(&principal.members));
        Row {
            members,
            ..Row::of(principal)
        }
    }

    /// References to these principals; ids that are gone are left out.
    pub fn references(&self, ids: &[u64]) -> Vec<Reference> {
        let reference = |id: &u64| {
            self.principal(*id).map(|found| Reference {
                id: *id,
                kind: found.kind,
                display: found.display_name.clone(),
            })
        };
        ids.iter().filter_map(reference).collect()
    }

    /// A principal with those of its members alone that the other state does not have: a log of large groups stays small.
    fn differing(&self, principal: &Arc<Principal>, other: &Principal) -> Value {
        let members = only_in(&principal.members, &other.members);
        let members = Some(self.references(&members));
        Row {
            members,
            ..Row::of(principal)
        }
        .value()
    }

    fn shown(&self, kind: Kind, id: u64) -> Value {
        self.all(kind).get(&id).map_or(Value::Null, |principal| {
            self.with_members(principal).value()
        })
    }
}

/// The members that the others do not have.
fn only_in(members: &[u64], others: &[u64]) -> Vec<u64> {
    let others: BTreeSet<u64> = others.iter().copied().collect();
    let members = members.iter().copied();
    members.filter(|id| !others.contains(id)).collect()
}

/// Adds, replaces or removes texts.
pub fn merge(texts: &mut BTreeSet<String>, edit: &Edit) {
    let given = edit.texts();
    match edit.operation {
        Operation::Add => texts.extend(given),
        Operation::Replace => *texts = given,
        Operation::Remove if given.is_empty() => texts.clear(),
        Operation::Remove => texts.retain(|text| !given.contains(text)),
    }
}

/// Adds, replaces or removes members; a removal that names none removes all.
pub fn change_members(members: &mut Vec<u64>, edit: &Edit, ids: &[u64]) {
    match edit.operation {
        Operation::Remove if edit.selected.is_none() => members.clear(),
        Operation::Remove => members.retain(|member| !ids.contains(member)),
        Operation::Replace => {
            members.clear();
            add_members(members, ids);
        }
        Operation::Add => add_members(members, ids),
    }
}

fn add_members(members: &mut Vec<u64>, ids: &[u64]) {
    let mut present: BTreeSet<u64> = members.iter().copied().collect();
    members.extend(ids.iter().filter(|id| present.insert(**id)));
}

fn invalid(message: String) -> ApiError {
    ApiError::bad_request("INVALID_PARAMETER_VALUE", message)
}
