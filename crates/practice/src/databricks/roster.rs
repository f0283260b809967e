//! Who is in a workspace, and how the workspace shows them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::Value;

use super::model::{Kind, Permission, Principal, Seat, Workspace};
use super::render::{Reference, Row};
use super::world::World;

impl World {
    /// Everyone in a group, also through groups in it.
    pub fn everyone_in(&self, group: u64) -> BTreeSet<u64> {
        let (mut seen, mut people, mut open) = (BTreeSet::new(), BTreeSet::new(), vec![group]);
        while let Some(id) = open.pop() {
            match self.all(Kind::Group).get(&id) {
                Some(group) if seen.insert(id) => open.extend(&group.members),
                Some(_) => {}
                None => {
                    people.insert(id);
                }
            }
        }
        people
    }

    /// Everyone in a workspace: with a seat of their own, or through an assigned group. A seat is active only where the account's
    /// principal is.
    pub fn everyone_at(&self, workspace: &Workspace) -> BTreeMap<u64, Seat> {
        let mut everyone = workspace.seats.clone();
        for group in workspace
            .assignments
            .keys()
            .filter(|id| self.all(Kind::Group).contains_key(id))
        {
            for id in self.everyone_in(*group) {
                everyone.entry(id).or_default();
            }
        }
        everyone.retain(|id, _| self.principal(*id).is_some());
        for (id, seat) in &mut everyone {
            seat.active &= self
                .principal(*id)
                .is_some_and(|principal| principal.active);
        }
        everyone
    }

    /// Whether the principal is active in the workspace, and whether it administers it.
    pub fn standing(&self, workspace: &Workspace, principal: u64) -> (bool, bool) {
        let active = self
            .everyone_at(workspace)
            .get(&principal)
            .is_some_and(|seat| seat.active);
        let by_group = workspace.assignments.iter().any(|(group, permissions)| {
            permissions.contains(&Permission::Admin)
                && self.everyone_in(*group).contains(&principal)
        });
        let admin = by_group
            || workspace
                .local_group("admins")
                .is_some_and(|admins| admins.members.contains(&principal));
        (active, active && admin)
    }

    /// The rows of one kind that a workspace shows, in the order of their ids.
    pub fn rows_at(&self, workspace: &Workspace, kind: Kind, only: Option<u64>) -> Vec<Row> {
        if kind == Kind::Group {
            return self.groups_at(workspace, only);
        }
        let mut groups: HashMap<u64, Vec<Reference>> = HashMap::new();
        for group in self.groups_at(workspace, None) {
            let reference = Reference {
                id: group.principal.id,
                kind: Kind::Group,
                display: group.principal.name.clone(),
            };
            for member in group.members.into_iter().flatten() {
                groups.entry(member.id).or_default().push(reference.clone());
            }
        }
        let mut rows = Vec::new();
        for (id, seat) in self.everyone_at(workspace) {
            let Some(principal) = self
                .all(kind)
                .get(&id)
                .filter(|_| only.is_none_or(|only| only == id))
            else {
                continue;
            };
            let entitlements = Some(seat.entitlements.into_iter().collect());
            let groups = Some(groups.remove(&id).unwrap_or_default());
            rows.push(Row {
                active: seat.active,
                groups,
                entitlements,
                ..Row::of(principal)
            });
        }
        rows
    }

    pub(super) fn groups_at(&self, workspace: &Workspace, only: Option<u64>) -> Vec<Row> {
        let wanted = |id: &u64| only.is_none_or(|only| only == *id);
        let local = workspace
            .local_groups
            .iter()
            .filter(|(id, _)| wanted(id))
            .map(|(_, group)| ("WorkspaceGroup", group));
        let assigned = workspace
            .assignments
            .keys()
            .filter(|id| wanted(id))
            .filter_map(|id| Some(("Group", self.all(Kind::Group).get(id)?)));
        let row = |(resource_type, group): (&'static str, &Arc<Principal>)| {
            let members = if resource_type == "WorkspaceGroup" && group.name == "users" {
                self.references(&self.everyone_at(workspace).into_keys().collect::<Vec<_>>())
            } else {
                self.references(&group.members)
            };
            let entitlements = workspace
                .group_entitlements
                .get(&group.id)
                .map(|all| all.iter().cloned().collect());
            Row {
                resource_type,
                members: Some(members),
                entitlements,
                ..Row::of(group)
            }
        };
        local.chain(assigned).map(row).collect()
    }

    pub(super) fn row_value(&self, workspace: u64, kind: Kind, id: u64) -> Value {
        let Some(workspace) = self.workspaces.get(&workspace) else {
            return Value::Null;
        };
        self.rows_at(workspace, kind, Some(id))
            .first()
            .map_or(Value::Null, Row::value)
    }
}
