//! Bad days to rehearse: each has what an admin finds wrong on one of them, so that every check has a day on which it speaks.

use std::collections::BTreeSet;

use futures::future::BoxFuture;
use serde_json::Value;
use uuid::Uuid;

use super::{Scenario, Stage, Tenant, scenario};
use crate::databricks::{Kind, Permission};
use crate::entra::directory::Member;
use crate::entra::sample;
use crate::harness::{FaultKind, FaultRule, IssuedToken, TokenKind};
use crate::ids;
use crate::portal;
use crate::seed::EVERYONE_GROUP;

/// A Databricks account and an Entra tenant of somebody else.
const ELSEWHERE: &str = "5c1d9f04-7e1b-4b0e-9a55-0d3c2f6be811";

/// The scenarios of this file.
pub(super) const SCENARIOS: &[Scenario] = &[
    scenario(
        "half-finished",
        "Somebody stopped half-way",
        "A connector was begun by hand: no token, nobody to be notified, deletions not held, assignment required, groups not mapped.",
        |tenant| tenant.opening = Some(half_finished),
    ),
    scenario(
        "own-application",
        "An application of one's own",
        "The connector was not made from the Databricks gallery template: it runs, and nobody finds it by the template.",
        |tenant| tenant.opening = Some(own_application),
    )
    .pressing(&[portal::PAUSE_OWN_APPLICATION]),
    scenario(
        "odd-groups",
        "The wrong groups are assigned",
        "A group that is not security-enabled, one called admins, and a guest are assigned beside everyone else.",
        |tenant| {
            add_odd_groups(tenant);
            tenant.opening = Some(odd_groups);
        },
    )
    .pressing(&[portal::UNASSIGN_RESERVED_GROUP, portal::UNASSIGN_TOWN_HALL, portal::UNASSIGN_GUEST]),
    scenario(
        "changed-by-hand",
        "Somebody tidied up in Databricks",
        "After the first cycle one person was deactivated in Databricks by hand, and one was deleted.",
        |tenant| tenant.opening = Some(changed_by_hand),
    )
    .pressing(&[portal::ACTIVATE_USER, portal::RESTART_PROVISIONING]),
    scenario(
        "one-person-refused",
        "Databricks refuses one person",
        "The connector runs, and Databricks answers an error for one of its people: everyone else arrives.",
        |tenant| {
            refuse_one(tenant);
            tenant.opening = Some(running);
        },
    )
    .pressing(&[portal::WAIT_FOR_DATABRICKS]),
    scenario(
        "leftovers-in-the-way",
        "Leftovers in the connector's way",
        "The connector runs into what was made by hand: people in another spelling, and groups whose names it wants.",
        |tenant| {
            super::databricks::leave_leftovers(tenant);
            tenant.opening = Some(running);
        },
    )
    .pressing(&[
        portal::ACTIVATE_USER,
        portal::DELETE_LEFTOVER_USERS,
        portal::CORRECT_USER_NAME,
        portal::RENAME_GROUP_AS_ENTRA,
    ]),
    scenario(
        "every-admin-in-scope",
        "Every admin is in scope",
        "The only account admin comes through the connector: one mistake in Entra would lock everybody out.",
        |tenant| {
            for name in ["account.owner", "platform.admin"] {
                let name = format!("{name}@{}", ids::DOMAIN);
                roles(tenant, Kind::User, &name, &[]);
            }
            tenant.opening = Some(admin_in_scope);
        },
    )
    .pressing(&[portal::MAKE_ADMINS_OUTSIDE_SCOPE]),
    scenario(
        "not-an-admin",
        "The sign-in to Databricks is no admin",
        "The service principal that Usher signs in with has lost the role of an account admin.",
        |tenant| {
            roles(
                tenant,
                Kind::ServicePrincipal,
                ids::DATABRICKS_CLIENT_ID,
                &[],
            );
        },
    )
    .pressing(&[portal::MAKE_SIGN_IN_ADMIN]),
    scenario(
        "wrong-account",
        "A workspace of somebody else",
        "One of the workspaces belongs to another Databricks account and signs in with another Entra tenant.",
        |tenant| {
            if let Some(workspace) = tenant.world.workspaces.get_mut(&1002) {
                workspace.account_id = ELSEWHERE.to_owned();
                workspace.tenant_id = ELSEWHERE.to_owned();
            }
        },
    ),
    scenario(
        "standard-plan",
        "The Standard plan",
        "The workspaces are on the Standard plan, which has no SCIM provisioning.",
        |tenant| {
            for workspace in tenant.world.workspaces.values_mut() {
                workspace.pricing_tier = "STANDARD".to_owned();
            }
        },
    )
    .pressing(&[portal::UPGRADE_TO_PREMIUM]),
    scenario(
        "workspace-runs",
        "A workspace connector runs",
        "A workspace has a connector of its own, set up as the legacy article has it, and it has run.",
        |tenant| tenant.opening = Some(workspace_runs),
    ),
    scenario(
        "token-owner-in-scope",
        "The connector manages its own token's owner",
        "The workspace's token belongs to an admin whom the connector carries: unassigning that person would stop it.",
        |tenant| {
            own_token(tenant, true);
            tenant.opening = Some(workspace_runs);
        },
    )
    .pressing(&[portal::GENERATE_WORKSPACE_TOKENS]),
    scenario(
        "token-owner-no-admin",
        "The token's owner is no admin any longer",
        "The workspace's token belongs to somebody who was an admin of the workspace and is none now.",
        |tenant| {
            own_token(tenant, false);
            tenant.opening = Some(workspace_runs);
        },
    )
    .pressing(&[portal::GENERATE_WORKSPACE_TOKENS]),
    scenario(
        "local-twins",
        "Local groups with account groups' names",
        "A workspace has a local group under the name of an account group, with an entitlement that the account group lacks there.",
        |tenant| tenant.opening = Some(local_twins),
    )
    .pressing(&[portal::GRANT_ENTITLEMENT, portal::RENAME_LOCAL_GROUP]),
];

type Later = BoxFuture<'static, ()>;

fn all_groups(stage: &Stage) -> Vec<Uuid> {
    let groups = stage.people.groups.iter();
    groups.map(|group| group.entra_id).collect()
}

async fn run_account_connector(stage: &Stage) {
    let id = stage.put(&stage.account_connector(), &all_groups(stage));
    stage.run(id).await;
}

fn running(stage: Stage) -> Later {
    Box::pin(async move { run_account_connector(&stage).await })
}

/// The provisioning service gets an error whenever it asks for the third person.
fn refuse_one(tenant: &mut Tenant) {
    let Some(person) = tenant.people.people.get(2) else {
        return;
    };
    let name = person.user_principal_name.split('@').next();
    let body = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"The user cannot be read.","status":"400"}"#;
    let kind = FaultKind::Status {
        code: 400,
        headers: Vec::new(),
        body: body.to_owned(),
    };
    let path = format!("*/scim/*filter=*{}*", name.unwrap_or_default());
    tenant
        .faults
        .push(FaultRule::new("account", &path, kind).user_agent(ids::PROVISIONING_USER_AGENT));
}

fn half_finished(stage: Stage) -> Later {
    Box::pin(async move {
        let mut connector = stage.account_connector();
        connector.secret_token = None;
        connector.notification_email = None;
        connector.delete_threshold = None;
        connector.assignment_required = true;
        let id = stage.put(&connector, &all_groups(&stage));
        stage.job(id, |job| switch_groups_off(&mut job.schema));
    })
}

fn own_application(stage: Stage) -> Later {
    Box::pin(async move {
        let id = stage.put(&stage.account_connector(), &all_groups(&stage));
        stage.entra.change(|directory| {
            if let Some(principal) = directory.service_principals.get_mut(&id) {
                principal.template_id = Some(sample::CUSTOM_TEMPLATE_ID.to_owned());
            }
        });
        stage.run(id).await;
    })
}

/// Switches the mapping of groups off.
fn switch_groups_off(schema: &mut Value) {
    let rules = schema
        .get_mut("synchronizationRules")
        .and_then(Value::as_array_mut);
    let mappings = rules
        .into_iter()
        .flatten()
        .filter_map(|rule| rule.get_mut("objectMappings").and_then(Value::as_array_mut));
    for mapping in mappings.flatten() {
        if mapping.get("targetObjectName").and_then(Value::as_str) == Some("Group")
            && let Some(fields) = mapping.as_object_mut()
        {
            fields.insert("enabled".to_owned(), Value::Bool(false));
        }
    }
}

fn odd_group_ids() -> [Uuid; 2] {
    ["a group named admins", "a group of the town hall"].map(sample::stable_id)
}

fn add_odd_groups(tenant: &mut Tenant) {
    let [admins, town_hall] = odd_group_ids();
    let people = tenant.people.people.iter().take(3);
    let members: Vec<Member> = people.map(|person| Member::User(person.entra_id)).collect();
    let groups = &mut tenant.directory.groups;
    groups.put(sample::group(admins, "admins", members.clone()));
    let mut group = sample::group(town_hall, "Town hall", members);
    group.security_enabled = false;
    group.mail_enabled = true;
    group.group_types = vec!["Unified".to_owned()];
    groups.put(group);
}

fn odd_groups(stage: Stage) -> Later {
    Box::pin(async move {
        let guest = stage.entra.read(|directory| {
            let guest = directory.users.iter().find(|user| user.guest);
            guest.map(|user| user.id)
        });
        let mut assigned = vec![stage.group(EVERYONE_GROUP)];
        assigned.extend(odd_group_ids());
        assigned.extend(guest);
        let id = stage.put(&stage.account_connector(), &assigned);
        stage.run(id).await;
    })
}

fn changed_by_hand(stage: Stage) -> Later {
    Box::pin(async move {
        run_account_connector(&stage).await;
        let mut world = stage.databricks.world();
        let [inactive, deleted] = [2, 3].map(|index: usize| {
            let person = stage.people.people.get(index)?;
            let user = world.named(Kind::User, &person.user_principal_name)?;
            Some(user.id)
        });
        if let Some(id) = inactive {
            world.modify(Kind::User, id, |user| user.active = false);
        }
        if let Some(id) = deleted {
            drop(world.delete(Kind::User, id));
        }
    })
}

/// Gives a principal these account roles and no others.
fn roles(tenant: &mut Tenant, kind: Kind, name: &str, roles: &[&str]) {
    let id = tenant.world.named(kind, name).map(|found| found.id);
    if let Some(id) = id {
        let roles: BTreeSet<String> = roles.iter().map(|role| (*role).to_owned()).collect();
        tenant
            .world
            .modify(kind, id, |principal| principal.roles = roles);
    }
}

fn admin_in_scope(stage: Stage) -> Later {
    Box::pin(async move {
        run_account_connector(&stage).await;
        let Some(person) = stage.people.people.first() else {
            return;
        };
        let mut world = stage.databricks.world();
        let user = world.named(Kind::User, &person.user_principal_name);
        if let Some(id) = user.map(|user| user.id) {
            world.modify(Kind::User, id, |user| {
                user.roles.insert("account_admin".to_owned());
            });
        }
    })
}

fn workspace_runs(stage: Stage) -> Later {
    Box::pin(async move {
        let Some(workspace) = ids::WORKSPACES.first() else {
            return;
        };
        // Such a connector is for a workspace that does not use the account's identities.
        if let Some(workspace) = stage.databricks.world().workspaces.get_mut(&workspace.id) {
            workspace.federated = false;
        }
        let connector = stage.workspace_connector(workspace);
        let id = stage.put(&connector, &[stage.group("databricks-engineers")]);
        stage.run(id).await;
    })
}

/// Makes an engineer the owner of the first workspace's tokens, as an admin of the workspace or not.
fn own_token(tenant: &mut Tenant, admin: bool) {
    let (Some(workspace), Some(person)) = (ids::WORKSPACES.first(), tenant.people.people.first())
    else {
        return;
    };
    let owner = tenant.world.insert(super::databricks::user(person));
    tenant.world.seat(workspace.id, owner, admin);
    let kind = TokenKind::PersonalAccess {
        workspace: workspace.id,
    };
    let tokens = &tenant.harness.tokens;
    for (value, token) in tokens.of_kind(&kind) {
        let principal = owner.to_string();
        tokens.insert(value, IssuedToken { principal, ..token });
    }
}

fn local_twins(stage: Stage) -> Later {
    Box::pin(async move {
        run_account_connector(&stage).await;
        let name = "databricks-engineers";
        let mut world = stage.databricks.world();
        let Some(group) = world.named(Kind::Group, name).map(|group| group.id) else {
            return;
        };
        let local = world.add_local_group(1001, name, &[]);
        if let Some(workspace) = world.workspaces.get_mut(&1001) {
            workspace
                .assignments
                .insert(group, BTreeSet::from([Permission::User]));
            let may = |name: &str| BTreeSet::from([name.to_owned()]);
            workspace
                .group_entitlements
                .insert(group, may("workspace-access"));
            workspace
                .group_entitlements
                .insert(local, may("allow-cluster-create"));
        }
    })
}
