//! Presses in the account console and in the workspaces.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;

use super::PortalPress;
use crate::databricks::model::same_name;
use crate::databricks::patch::{Edit, Operation};
use crate::databricks::{Kind, Permission, World};
use crate::harness::{FaultKind, FaultRule, IssuedToken, TokenKind};
use crate::ids;
use crate::practice::Details;
use crate::scenario::Stage;

const ACCOUNT: &str = "Databricks account console";
const WORKSPACE: &str = "Databricks workspace";
const SUPPORT: &str = "Databricks support";

/// How long the SCIM token before works on: 24 hours, as is reported (facts on Databricks §2).
const GRACE: SignedDuration = SignedDuration::from_hours(24);
/// A personal access token that lasts less long is renewed.
const LASTS: Duration = Duration::from_secs(90 * 24 * 3_600);
/// How long a new one lasts.
const YEAR: Duration = Duration::from_secs(365 * 24 * 3_600);
/// How many users are deleted where there are too many.
const UNUSED: usize = 4_000;

pub(crate) const GENERATE_SCIM_TOKEN: PortalPress = PortalPress {
    name: "generate-scim-token",
    title: "Generate a new SCIM token",
    portal: ACCOUNT,
    does: |stage, details| {
        details.scim_token = stage.databricks.regenerate_token(GRACE);
        stage.forget_faults(|rule| rule.origin == "account");
    },
};

pub(crate) const GENERATE_WORKSPACE_TOKENS: PortalPress = PortalPress {
    name: "generate-workspace-tokens",
    title: "Generate new personal access tokens as an admin whom no connector manages",
    portal: WORKSPACE,
    does: generate_workspace_tokens,
};

pub(crate) const ALLOW_THIS_MACHINE: PortalPress = PortalPress {
    name: "allow-this-machine",
    title: "Add this machine's address to the IP access list",
    portal: ACCOUNT,
    does: |stage, _| {
        let faults = &stage.harness.faults;
        for mut rule in faults.take(|rule| is_ip_block(rule) && rule.user_agent.is_empty()) {
            ids::PROVISIONING_USER_AGENT.clone_into(&mut rule.user_agent);
            faults.add(rule);
        }
    },
};

pub(crate) const ALLOW_ENTRA_ADDRESSES: PortalPress = PortalPress {
    name: "allow-entra-addresses",
    title: "Add Entra's addresses to the IP access list",
    portal: ACCOUNT,
    does: |stage, _| {
        stage.forget_faults(|rule| {
            is_ip_block(rule) && rule.user_agent == ids::PROVISIONING_USER_AGENT
        });
    },
};

pub(crate) const MAKE_SIGN_IN_ADMIN: PortalPress = PortalPress {
    name: "make-sign-in-admin",
    title: "Give the service principal the role of an account admin",
    portal: ACCOUNT,
    does: |stage, details| {
        make_admin(
            &mut stage.databricks.world(),
            Kind::ServicePrincipal,
            &details.databricks_client_id,
        );
    },
};

pub(crate) const MAKE_ADMINS_OUTSIDE_SCOPE: PortalPress = PortalPress {
    name: "make-admins-outside-scope",
    title: "Make the two whom the connector does not carry account admins again",
    portal: ACCOUNT,
    does: |stage, _| {
        for name in ["account.owner", "platform.admin"] {
            let name = format!("{name}@{}", ids::DOMAIN);
            make_admin(&mut stage.databricks.world(), Kind::User, &name);
        }
    },
};

pub(crate) const ENABLE_IDENTITY_FEDERATION: PortalPress = PortalPress {
    name: "enable-identity-federation",
    title: "Enable identity federation for the workspace",
    portal: ACCOUNT,
    does: |stage, _| {
        for workspace in stage.databricks.world().workspaces.values_mut() {
            workspace.federated = true;
        }
    },
};

pub(crate) const DELETE_UNUSED_USERS: PortalPress = PortalPress {
    name: "delete-unused-users",
    title: "Delete 4,000 users that nobody needs any longer",
    portal: ACCOUNT,
    does: |stage, _| {
        let mut world = stage.databricks.world();
        let came = world.all(Kind::User).values().rev();
        let unused = came.filter(|user| user.external_id.is_some()).take(UNUSED);
        let unused: Vec<u64> = unused.map(|user| user.id).collect();
        for id in unused {
            drop(world.delete(Kind::User, id));
        }
    },
};

pub(crate) const ACTIVATE_USER: PortalPress = PortalPress {
    name: "activate-user",
    title: "Activate the user who is inactive",
    portal: ACCOUNT,
    does: |stage, _| {
        let mut world = stage.databricks.world();
        let users = world.all(Kind::User).values();
        let inactive: Vec<u64> = users
            .filter(|user| !user.active)
            .map(|user| user.id)
            .collect();
        for id in inactive {
            world.modify(Kind::User, id, |user| user.active = true);
        }
    },
};

pub(crate) const CORRECT_USER_NAME: PortalPress = PortalPress {
    name: "correct-user-name",
    title: "Have the user name written as Entra writes it",
    portal: SUPPORT,
    does: |stage, _| {
        let mut world = stage.databricks.world();
        for person in &stage.people.people {
            let name = &person.user_principal_name;
            let id = world.named(Kind::User, name).map(|user| user.id);
            if let Some(id) = id {
                world.modify(Kind::User, id, |user| {
                    user.name.clone_from(name);
                    user.email.clone_from(name);
                    user.external_id
                        .get_or_insert_with(|| person.entra_id.to_string());
                });
            }
        }
    },
};

pub(crate) const DELETE_LEFTOVER_USERS: PortalPress = PortalPress {
    name: "delete-leftover-users",
    title: "Delete the users whom nobody knows, and those who have left",
    portal: ACCOUNT,
    does: |stage, _| {
        let people = &stage.people.people;
        let mut world = stage.databricks.world();
        let users = world.all(Kind::User).values();
        let leftover = users.filter(|user| {
            let known =
                |name: &str| (people.iter()).any(|one| same_name(&one.user_principal_name, name));
            !user.is_account_admin() && !known(&user.name)
        });
        let leftover: Vec<u64> = leftover.map(|user| user.id).collect();
        for id in leftover {
            drop(world.delete(Kind::User, id));
        }
    },
};

pub(crate) const RENAME_HANDMADE_GROUPS: PortalPress = PortalPress {
    name: "rename-handmade-groups",
    title: "Rename the groups made by hand whose names Entra uses",
    portal: ACCOUNT,
    does: |stage, _| {
        let mut world = stage.databricks.world();
        let groups = world.all(Kind::Group).values();
        let handmade = groups.filter(|group| {
            let clashes = |name: &str| same_name(name, &group.name);
            group.external_id.is_none()
                && (stage.people.groups.iter()).any(|one| clashes(&one.display_name))
        });
        let handmade: Vec<(u64, String)> = handmade
            .map(|group| (group.id, format!("{} (by hand)", group.name)))
            .collect();
        for (id, name) in handmade {
            drop(world.patch(Kind::Group, id, &[renamed(&name)]));
        }
    },
};

pub(crate) const RENAME_GROUP_AS_ENTRA: PortalPress = PortalPress {
    name: "rename-group-as-entra",
    title: "Write the group's name as Entra writes it",
    portal: ACCOUNT,
    does: |stage, _| {
        let mut world = stage.databricks.world();
        for group in &stage.people.groups {
            let name = &group.display_name;
            if let Some(id) = world.named(Kind::Group, name).map(|found| found.id) {
                drop(world.patch(Kind::Group, id, &[renamed(name)]));
            }
        }
    },
};

pub(crate) const GIVE_WORKSPACE: PortalPress = PortalPress {
    name: "give-workspace",
    title: "Add to the workspace who has it by an old connector alone",
    portal: ACCOUNT,
    does: |stage, _| {
        let mut world = stage.databricks.world();
        let federated = world.workspaces.values().filter(|one| one.federated);
        let mut lacking = Vec::new();
        for workspace in federated {
            let assigned = workspace.assignments.keys().flat_map(|id| {
                let mut inside = world.everyone_in(*id);
                inside.insert(*id);
                inside
            });
            let assigned: BTreeSet<u64> = assigned.collect();
            let seated = workspace.seats.keys().filter(|id| !assigned.contains(id));
            lacking.extend(seated.map(|id| (workspace.id, *id)));
        }
        for (workspace, id) in lacking {
            let (_, admin) = world
                .workspace(workspace)
                .map_or((false, false), |found| world.standing(found, id));
            let permission = if admin {
                Permission::Admin
            } else {
                Permission::User
            };
            drop(world.assign(workspace, id, BTreeSet::from([permission])));
        }
    },
};

pub(crate) const RENAME_LOCAL_GROUP: PortalPress = PortalPress {
    name: "rename-local-group",
    title: "Rename the local group that has an account group's name",
    portal: WORKSPACE,
    does: |stage, _| {
        let mut world = stage.databricks.world();
        let World { workspaces, .. } = &mut *world;
        for group in workspaces
            .values_mut()
            .flat_map(|workspace| workspace.local_groups.values_mut())
            .filter(|group| stage.people.group(&group.name).is_some())
        {
            let group = std::sync::Arc::make_mut(group);
            group.name.push_str("-local");
            group.display_name.clone_from(&group.name);
        }
    },
};

pub(crate) const GRANT_ENTITLEMENT: PortalPress = PortalPress {
    name: "grant-entitlement",
    title: "Give the account group the entitlement that its local twin has",
    portal: WORKSPACE,
    does: |stage, _| {
        let mut world = stage.databricks.world();
        let groups = world.all(Kind::Group).values();
        let account: Vec<(u64, String)> =
            groups.map(|group| (group.id, group.name.clone())).collect();
        for workspace in world.workspaces.values_mut() {
            for (group, name) in &account {
                let Some(twin) = workspace.local_group(name).map(|twin| twin.id) else {
                    continue;
                };
                let may = workspace.group_entitlements.get(&twin).cloned();
                let group = workspace.group_entitlements.entry(*group).or_default();
                group.extend(may.unwrap_or_default());
            }
        }
    },
};

fn make_admin(world: &mut World, kind: Kind, name: &str) {
    if let Some(id) = world.named(kind, name).map(|one| one.id) {
        world.modify(kind, id, |one| {
            one.roles.insert("account_admin".to_owned());
        });
    }
}

fn renamed(name: &str) -> Edit {
    Edit {
        operation: Operation::Replace,
        attribute: "displayname".to_owned(),
        selected: None,
        value: Some(json!(name)),
    }
}

fn is_ip_block(rule: &FaultRule) -> bool {
    matches!(&rule.kind, FaultKind::Status { body, .. } if body.contains("IP ACL"))
}

/// A new token for each workspace whose present one runs out soon or belongs to somebody else than the platform's admin.
fn generate_workspace_tokens(stage: &Stage, details: &mut Details) {
    stage.forget_faults(|rule| rule.origin == "workspace-*");
    let (now, tokens) = (stage.harness.clock.now(), &stage.harness.tokens);
    let admin = format!("platform.admin@{}", ids::DOMAIN);
    let admin = stage
        .databricks
        .world()
        .named(Kind::User, &admin)
        .map(|one| one.id.to_string());
    let (Some(admin), Ok(soon)) = (admin, now.checked_add(LASTS)) else {
        return;
    };
    for (id, known) in &mut details.pats {
        let lasting = tokens.known(known);
        let lasting = lasting.filter(|token| token.expires.is_none_or(|end| soon < end));
        let Ok(workspace) = id.parse() else { continue };
        if lasting.is_some_and(|token| token.principal == admin) {
            continue;
        }
        *known = format!("dapi{}", uuid::Uuid::new_v4().simple());
        let token = IssuedToken {
            kind: TokenKind::PersonalAccess { workspace },
            principal: admin.clone(),
            audience: String::new(),
            scopes: Vec::new(),
            issued: now,
            expires: now.checked_add(YEAR).ok(),
            comment: "SCIM provisioning".to_owned(),
        };
        tokens.insert(known.clone(), token);
    }
}
