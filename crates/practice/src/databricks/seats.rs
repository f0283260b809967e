//! What workspace SCIM and workspace assignment do to a workspace.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};

use super::errors::{ApiError, Shape};
use super::model::{Kind, Permission, Principal, Seat, Workspace, same_name};
use super::patch::{self, Edit, Operation};
use super::world::{Changed, World, change_members, merge};

/// The groups every workspace has.
pub const SYSTEM_GROUPS: [&str; 2] = ["admins", "users"];

impl World {
    /// Adds a workspace with its system groups.
    pub fn add_workspace(&mut self, workspace: Workspace) {
        let id = workspace.id;
        self.workspaces.insert(id, workspace);
        for name in SYSTEM_GROUPS {
            self.add_local_group(id, name, &[]);
        }
    }

    /// Adds a group local to a workspace and returns its id. For scenarios; nothing is checked.
    pub fn add_local_group(&mut self, workspace: u64, name: &str, members: &[u64]) -> u64 {
        let id = self.new_id();
        let group = Principal {
            members: members.to_vec(),
            ..Principal::new(id, Kind::Group, name)
        };
        if let Some(workspace) = self.workspaces.get_mut(&workspace) {
            workspace.local_groups.insert(id, Arc::new(group));
        }
        id
    }

    /// Puts a user or service principal into a workspace, as an admin or not. For scenarios.
    pub fn seat(&mut self, workspace: u64, principal: u64, admin: bool) {
        if let Some(workspace) = self.workspaces.get_mut(&workspace) {
            let permission = if admin {
                Permission::Admin
            } else {
                Permission::User
            };
            workspace.seats.entry(principal).or_default();
            workspace
                .assignments
                .insert(principal, BTreeSet::from([permission]));
            set_admin(workspace, principal, admin);
        }
    }

    /// Workspace SCIM's create: the account principal is made when there is none, and gets a seat; a group becomes a local one.
    ///
    /// # Errors
    /// 409 when it is there already; 400 for members in a federated workspace.
    pub fn create_at(
        &mut self,
        workspace_id: u64,
        draft: Principal,
        entitlements: BTreeSet<String>,
    ) -> Result<(u64, Changed), ApiError> {
        let kind = draft.kind;
        let id = if kind == Kind::Group {
            self.create_local_group(workspace_id, draft, entitlements)?
        } else {
            self.take_seat(workspace_id, draft, entitlements)?
        };
        let what = format!("workspace {workspace_id}: {} created", kind.words());
        Ok((
            id,
            Changed {
                what,
                before: Value::Null,
                after: self.row_value(workspace_id, kind, id),
            },
        ))
    }

    fn create_local_group(
        &mut self,
        workspace_id: u64,
        draft: Principal,
        entitlements: BTreeSet<String>,
    ) -> Result<u64, ApiError> {
        let workspace = self.workspace(workspace_id)?;
        if workspace.federated && !draft.members.is_empty() {
            return Err(ApiError::federated("Members"));
        }
        if self
            .groups_at(workspace, None)
            .iter()
            .any(|row| same_name(&row.principal.name, &draft.name))
        {
            return Err(ApiError::exists(format!(
                "Group with name {} already exists.",
                draft.name
            )));
        }
        let id = self.add_local_group(workspace_id, &draft.name.clone(), &draft.members.clone());
        if let Some(workspace) = self.workspaces.get_mut(&workspace_id) {
            workspace
                .local_groups
                .insert(id, Arc::new(Principal { id, ..draft }));
            workspace.group_entitlements.insert(id, entitlements);
        }
        Ok(id)
    }

    fn take_seat(
        &mut self,
        workspace_id: u64,
        draft: Principal,
        entitlements: BTreeSet<String>,
    ) -> Result<u64, ApiError> {
        let workspace = self.workspace(workspace_id)?;
        let (kind, active) = (draft.kind, draft.active);
        let known = self
            .named(kind, &draft.name)
            .filter(|_| !draft.name.is_empty())
            .map(|principal| principal.id);
        if known.is_some_and(|id| workspace.seats.contains_key(&id)) {
            return Err(ApiError::exists(match kind {
                Kind::User => format!("User with username {} already exists.", draft.name),
                _ => format!(
                    "Service principal with application ID {} already exists.",
                    draft.name
                ),
            }));
        }
        let id = match known {
            Some(id) => id,
            None => {
                self.create(Principal {
                    active: true,
                    ..draft
                })?
                .0
            }
        };
        if let Some(workspace) = self.workspaces.get_mut(&workspace_id) {
            workspace.seats.insert(
                id,
                Seat {
                    active,
                    entitlements,
                },
            );
            if workspace.federated {
                workspace
                    .assignments
                    .entry(id)
                    .or_default()
                    .insert(Permission::User);
            }
        }
        Ok(id)
    }

    /// Workspace SCIM's patch. In a federated workspace names and membership stay as the account has them.
    ///
    /// # Errors
    /// 404 for an unknown id; 400 for membership in a federated workspace, or for a system group's name; 500 for `active` as a string.
    pub fn patch_at(
        &mut self,
        workspace_id: u64,
        kind: Kind,
        id: u64,
        edits: &[Edit],
    ) -> Result<Changed, ApiError> {
        let before = self.row_value(workspace_id, kind, id);
        if before.is_null() {
            return Err(ApiError::no_resource(kind.words(), &id.to_string()));
        }
        if kind == Kind::Group {
            self.patch_group_at(workspace_id, id, edits)?
        } else {
            self.patch_seat(workspace_id, kind, id, edits)?
        }
        let what = format!("workspace {workspace_id}: {} changed", kind.words());
        Ok(Changed {
            what,
            before,
            after: self.row_value(workspace_id, kind, id),
        })
    }

    fn patch_group_at(
        &mut self,
        workspace_id: u64,
        id: u64,
        edits: &[Edit],
    ) -> Result<(), ApiError> {
        let workspace = self.workspace(workspace_id)?;
        let mut group = workspace
            .local_groups
            .get(&id)
            .map(|group| Principal::clone(group));
        let mut entitlements = workspace
            .group_entitlements
            .get(&id)
            .cloned()
            .unwrap_or_default();
        for edit in edits {
            match edit.attribute.as_str() {
                "members" if workspace.federated || group.is_none() => {
                    return Err(ApiError::federated("Members"));
                }
                "members" => {
                    let ids = edit.member_ids()?;
                    if let Some(unknown) = ids.iter().find(|id| {
                        edit.operation != Operation::Remove && self.principal(**id).is_none()
                    }) {
                        return Err(ApiError::bad_request(
                            "INVALID_PARAMETER_VALUE",
                            format!("Member with id {unknown} does not exist"),
                        ));
                    }
                    if let Some(group) = &mut group {
                        change_members(&mut group.members, edit, &ids);
                    }
                }
                "displayname" => match (&mut group, edit.text()) {
                    (Some(group), Some(name)) if !SYSTEM_GROUPS.contains(&group.name.as_str()) => {
                        let taken = self.groups_at(workspace, None).iter().any(|row| {
                            row.principal.id != id && same_name(&row.principal.name, &name)
                        });
                        if taken {
                            return Err(ApiError::exists(format!(
                                "Group with name {name} already exists."
                            )));
                        }
                        group.name.clone_from(&name);
                        group.display_name = name;
                    }
                    _ => {
                        return Err(ApiError::bad_request(
                            "INVALID_PARAMETER_VALUE",
                            "The name of this group cannot be changed.",
                        ));
                    }
                },
                "entitlements" => merge(&mut entitlements, edit),
                "externalid" => {
                    if let Some(group) = &mut group {
                        let given = edit.operation != Operation::Remove;
                        group.external_id = edit.text().filter(|_| given);
                    }
                }
                "roles" => {
                    if let Some(group) = &mut group {
                        merge(&mut group.roles, edit);
                    }
                }
                _ => {}
            }
        }
        if let Some(workspace) = self.workspaces.get_mut(&workspace_id) {
            workspace.group_entitlements.insert(id, entitlements);
            if let Some(group) = group {
                workspace.local_groups.insert(id, Arc::new(group));
            }
        }
        Ok(())
    }

    fn patch_seat(
        &mut self,
        workspace_id: u64,
        kind: Kind,
        id: u64,
        edits: &[Edit],
    ) -> Result<(), ApiError> {
        let workspace = self.workspace(workspace_id)?;
        let mut seat = workspace.seats.get(&id).cloned().unwrap_or_default();
        let mut display_name = None;
        for edit in edits {
            match edit.attribute.as_str() {
                "active" => seat.active = patch::active(edit.value.as_ref())?,
                "entitlements" => merge(&mut seat.entitlements, edit),
                "groups" if workspace.federated => return Err(ApiError::federated("Groups")),
                "displayname" if !workspace.federated => {
                    display_name = Some(edit.text().unwrap_or_default());
                }
                _ => {}
            }
        }
        if let Some(workspace) = self.workspaces.get_mut(&workspace_id) {
            workspace.seats.insert(id, seat);
        }
        if let Some(display_name) = display_name {
            self.modify(kind, id, |principal| principal.display_name = display_name);
        }
        Ok(())
    }

    /// Workspace SCIM's delete: out of this workspace alone.
    ///
    /// # Errors
    /// 404 for an unknown id; 400 for a system group or an account group.
    pub fn delete_at(
        &mut self,
        workspace_id: u64,
        kind: Kind,
        id: u64,
    ) -> Result<Changed, ApiError> {
        let before = self.row_value(workspace_id, kind, id);
        let workspace = self
            .workspaces
            .get_mut(&workspace_id)
            .filter(|_| !before.is_null())
            .ok_or_else(|| ApiError::no_resource(kind.words(), &id.to_string()))?;
        if kind == Kind::Group {
            let local = workspace
                .local_groups
                .get(&id)
                .is_some_and(|group| !SYSTEM_GROUPS.contains(&group.name.as_str()));
            if !local {
                return Err(ApiError::bad_request(
                    "INVALID_PARAMETER_VALUE",
                    "This group cannot be deleted from the workspace.",
                ));
            }
            workspace.local_groups.remove(&id);
            workspace.group_entitlements.remove(&id);
        } else {
            remove_from(workspace, id);
        }
        Ok(Changed {
            what: format!("workspace {workspace_id}: {} deleted", kind.words()),
            before,
            after: Value::Null,
        })
    }

    /// Assigns an account principal to a federated workspace, or with no permission takes the assignment away.
    ///
    /// # Errors
    /// 400 when the workspace is not federated or a local group holds the name; 404 for an unknown principal.
    pub fn assign(
        &mut self,
        workspace_id: u64,
        principal: u64,
        permissions: BTreeSet<Permission>,
    ) -> Result<Changed, ApiError> {
        let found = self
            .principal(principal)
            .cloned()
            .ok_or_else(|| ApiError::no_resource("principal", &principal.to_string()))?;
        let workspace = self.federated_workspace(workspace_id)?;
        let clash = found.kind == Kind::Group && workspace.local_group(&found.name).is_some();
        let before = workspace
            .assignments
            .get(&principal)
            .map_or(Value::Null, |permissions| json!(permissions));
        if clash && !permissions.is_empty() {
            // The real message misleads as well (terraform-provider-databricks#1793); these words are ours.
            return Err(ApiError::bad_request(
                "INVALID_PARAMETER_VALUE",
                format!("Principal {principal} is not a valid principal of this workspace."),
            ));
        }
        if let Some(workspace) = self.workspaces.get_mut(&workspace_id) {
            if permissions.is_empty() {
                remove_from(workspace, principal);
            } else {
                if found.kind != Kind::Group {
                    workspace.seats.entry(principal).or_default();
                    set_admin(
                        workspace,
                        principal,
                        permissions.contains(&Permission::Admin),
                    );
                }
                workspace.assignments.insert(principal, permissions.clone());
            }
        }
        let after = if permissions.is_empty() {
            Value::Null
        } else {
            json!(permissions)
        };
        Ok(Changed {
            what: format!("workspace {workspace_id}: assignment of {}", found.name),
            before,
            after,
        })
    }

    /// The workspace, if it has assignments at all.
    ///
    /// # Errors
    /// 404 for an unknown id, 400 for a workspace that is not federated.
    pub fn federated_workspace(&self, workspace: u64) -> Result<&Workspace, ApiError> {
        let workspace = self.workspace(workspace)?;
        if workspace.federated {
            Ok(workspace)
        } else {
            Err(ApiError::bad_request(
                "INVALID_PARAMETER_VALUE",
                "Permission assignment APIs are not available for this workspace.",
            ))
        }
    }

    /// The workspace of that id.
    ///
    /// # Errors
    /// 404.
    pub fn workspace(&self, workspace: u64) -> Result<&Workspace, ApiError> {
        self.workspaces.get(&workspace).ok_or_else(|| {
            ApiError::no_resource("workspace", &workspace.to_string()).shaped(Shape::Databricks)
        })
    }
}

fn set_admin(workspace: &mut Workspace, principal: u64, admin: bool) {
    if let Some(admins) = workspace
        .local_groups
        .values_mut()
        .find(|group| group.name == "admins")
    {
        let admins = &mut Arc::make_mut(admins).members;
        admins.retain(|member| *member != principal);
        if admin {
            admins.push(principal);
        }
    }
}

fn remove_from(workspace: &mut Workspace, principal: u64) {
    workspace.seats.remove(&principal);
    workspace.assignments.remove(&principal);
    for group in workspace
        .local_groups
        .values_mut()
        .filter(|group| group.members.contains(&principal))
    {
        Arc::make_mut(group)
            .members
            .retain(|member| *member != principal);
    }
}
