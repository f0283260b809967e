//! The usual state of the Databricks side, and the scenarios that differ from it there.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;

use crate::databricks::{Kind, Permission, Principal, Workspace, World};
use crate::harness::{FaultKind, FaultRule, Harness, IssuedToken, TokenKind};
use crate::ids;
use crate::portal;
use crate::seed::{DEFAULT_PEOPLE, Person};

use super::{Scenario, Tenant};

/// How many people it takes for 10,000 users, with the two admins that are always there.
const NEARLY_TEN_THOUSAND: usize = 9_998;

/// The scenarios of this file.
pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "fresh",
        title: "A fresh start",
        description: "A Databricks account with its admins, an Entra tenant with people and groups, and no connector yet.",
        people: DEFAULT_PEOPLE,
        build: |_| {},
        presses: &[],
    },
    Scenario {
        name: "people-in-databricks",
        title: "People are there already",
        description: "Everyone and their groups are in the Databricks account, as a connector would have left them.",
        people: DEFAULT_PEOPLE,
        build: Tenant::provision_everyone,
        presses: &[],
    },
    Scenario {
        name: "ten-thousand-users",
        title: "10,000 users",
        description: "The Databricks account holds 10,000 users, in the account and in each workspace.",
        people: NEARLY_TEN_THOUSAND,
        build: |tenant| {
            tenant.world.principal_limit = 20_000;
            tenant.provision_everyone();
        },
        presses: &[portal::DELETE_UNUSED_USERS],
    },
    Scenario {
        name: "heavy-groups",
        title: "Groups too heavy to list",
        description: "A workspace takes too long for a list of groups with their members; without them it answers.",
        people: DEFAULT_PEOPLE,
        build: |tenant| {
            tenant.provision_everyone();
            tenant.world.heavy_group_lists = true;
        },
        presses: &[],
    },
    Scenario {
        name: "legacy-workspace",
        title: "A workspace without identity federation",
        description: "The first workspace is not federated: it has users and groups of its own, and a connector of its own can bring them.",
        people: DEFAULT_PEOPLE,
        build: |tenant| {
            if let Some(workspace) = tenant.world.workspaces.values_mut().next() {
                workspace.federated = false;
            }
        },
        presses: &[portal::ENABLE_IDENTITY_FEDERATION],
    },
    Scenario {
        name: "expired-token",
        title: "The token has expired",
        description: "The account SCIM token was regenerated more than a day ago and the workspace tokens have run out: Databricks refuses them.",
        people: DEFAULT_PEOPLE,
        build: expire_tokens,
        presses: &[
            portal::GENERATE_SCIM_TOKEN,
            portal::GENERATE_WORKSPACE_TOKENS,
        ],
    },
    Scenario {
        name: "token-expires-soon",
        title: "The workspace token runs out this week",
        description: "The personal access tokens work for six more days; the account SCIM token has no end.",
        people: DEFAULT_PEOPLE,
        build: |tenant| {
            let week = Duration::from_secs(6 * 24 * 3600);
            let end = tenant.harness.clock.now().checked_add(week).ok();
            limit_tokens(tenant, end);
        },
        presses: &[portal::GENERATE_WORKSPACE_TOKENS],
    },
    Scenario {
        name: "leftovers",
        title: "Leftovers in the account",
        description: "The account holds an inactive user, one in another spelling, one nobody knows, one whom Entra has no more, and groups made by hand under names that Entra uses.",
        people: DEFAULT_PEOPLE,
        build: leave_leftovers,
        presses: &[
            portal::ACTIVATE_USER,
            portal::DELETE_LEFTOVER_USERS,
            portal::CORRECT_USER_NAME,
            portal::RENAME_HANDMADE_GROUPS,
        ],
    },
    Scenario {
        name: "ip-access-list",
        title: "An IP access list keeps Entra out",
        description: "This machine reaches Databricks, and the provisioning service of Entra is blocked by an IP access list.",
        people: DEFAULT_PEOPLE,
        build: |tenant| {
            let body = super::faults::ip_blocked("20.190.129.84");
            let kind = FaultKind::Status {
                code: 403,
                headers: Vec::new(),
                body,
            };
            tenant.faults.push(
                FaultRule::new("*", "*/scim/*", kind).user_agent(ids::PROVISIONING_USER_AGENT),
            );
        },
        presses: &[portal::ALLOW_ENTRA_ADDRESSES],
    },
];

impl Tenant {
    /// Puts everyone and every group into the account, with Entra's ids, and assigns the group of everyone to each workspace.
    pub fn provision_everyone(&mut self) {
        let databricks_ids: Vec<u64> = self
            .people
            .people
            .iter()
            .map(|person| self.world.insert(user(person)))
            .collect();
        let mut everyone = None;
        for group in &self.people.groups {
            let members = group
                .members
                .iter()
                .map(|index| databricks_ids[*index])
                .collect();
            let external_id = Some(group.entra_id.to_string());
            let id = self.world.insert(Principal {
                members,
                external_id,
                ..Principal::new(0, Kind::Group, &group.display_name)
            });
            everyone.get_or_insert(id);
        }
        if let Some(everyone) = everyone {
            for workspace in self.world.workspaces.values_mut() {
                workspace
                    .assignments
                    .insert(everyone, BTreeSet::from([Permission::User]));
                let entitlements = ["databricks-sql-access", "workspace-access"].map(str::to_owned);
                workspace
                    .group_entitlements
                    .insert(everyone, BTreeSet::from(entitlements));
            }
        }
    }
}

/// The account user a connector makes of a person.
pub(super) fn user(person: &Person) -> Principal {
    Principal {
        display_name: person.display_name.clone(),
        given_name: person.given_name.clone(),
        family_name: person.family_name.clone(),
        external_id: Some(person.entra_id.to_string()),
        ..Principal::new(0, Kind::User, &person.user_principal_name)
    }
}

/// An account with two admins nobody provisions, a service principal for automation, and the workspaces, federated.
pub(super) fn usual(harness: &Harness) -> World {
    let mut world = World::new(ids::ACCOUNT_ID);
    for seed in ids::WORKSPACES {
        world.add_workspace(workspace(seed.id, seed.name));
    }
    let admin = BTreeSet::from(["account_admin".to_owned()]);
    let named = |name: &str, display: &str| Principal {
        display_name: display.to_owned(),
        ..Principal::new(0, Kind::User, &format!("{name}@{}", ids::DOMAIN))
    };
    world.insert(Principal {
        roles: admin.clone(),
        ..named("account.owner", "Account owner")
    });
    let platform = world.insert(Principal {
        roles: admin.clone(),
        ..named("platform.admin", "Platform admin")
    });
    let automation = world.insert(Principal {
        display_name: "platform-automation".to_owned(),
        roles: admin,
        ..Principal::new(0, Kind::ServicePrincipal, ids::DATABRICKS_CLIENT_ID)
    });
    world.insert(Principal {
        members: vec![platform, automation],
        ..Principal::new(0, Kind::Group, "platform-team")
    });
    world.oauth_secrets.insert(
        ids::DATABRICKS_CLIENT_ID.to_owned(),
        ids::DATABRICKS_CLIENT_SECRET.to_owned(),
    );
    issue(
        harness,
        ids::SCIM_TOKEN,
        TokenKind::AccountScim,
        String::new(),
        None,
        "",
    );
    for seed in ids::WORKSPACES {
        staff(&mut world, harness, seed.id, [platform, automation]);
    }
    world
}

/// A workspace's admins and the personal access token of the first of them.
fn staff(world: &mut World, harness: &Harness, workspace: u64, admins: [u64; 2]) {
    for principal in admins {
        world.seat(workspace, principal, true);
    }
    let (kind, year) = (
        TokenKind::PersonalAccess { workspace },
        Duration::from_secs(365 * 24 * 3600),
    );
    issue(
        harness,
        &ids::pat(workspace),
        kind,
        admins[0].to_string(),
        Some(year),
        "SCIM provisioning",
    );
}

/// Another workspace of the account, with the same admins as the others.
pub(super) fn add_workspace(world: &mut World, harness: &Harness, id: u64, name: &str) {
    world.add_workspace(workspace(id, name));
    let admin = world.named(Kind::User, &format!("platform.admin@{}", ids::DOMAIN));
    let robot = world.named(Kind::ServicePrincipal, ids::DATABRICKS_CLIENT_ID);
    if let (Some(admin), Some(robot)) = (admin, robot) {
        let admins = [admin.id, robot.id];
        staff(world, harness, id, admins);
    }
}

fn workspace(id: u64, name: &str) -> Workspace {
    Workspace {
        id,
        name: name.to_owned(),
        federated: true,
        account_id: ids::ACCOUNT_ID.to_owned(),
        tenant_id: ids::TENANT_ID.to_owned(),
        pricing_tier: "PREMIUM".to_owned(),
        seats: BTreeMap::new(),
        assignments: BTreeMap::new(),
        local_groups: BTreeMap::new(),
        group_entitlements: BTreeMap::new(),
    }
}

fn issue(
    harness: &Harness,
    value: &str,
    kind: TokenKind,
    principal: String,
    lifetime: Option<Duration>,
    comment: &str,
) {
    let issued = harness.clock.now();
    let expires = lifetime.and_then(|lifetime| issued.checked_add(lifetime).ok());
    let token = IssuedToken {
        kind,
        principal,
        audience: String::new(),
        scopes: Vec::new(),
        issued,
        expires,
        comment: comment.to_owned(),
    };
    harness.tokens.insert(value, token);
}

fn expire_tokens(tenant: &mut Tenant) {
    tenant.harness.tokens.revoke(ids::SCIM_TOKEN);
    let now = tenant.harness.clock.now();
    limit_tokens(tenant, Some(now));
}

/// Gives every personal access token this end.
fn limit_tokens(tenant: &Tenant, expires: Option<Timestamp>) {
    let tokens = &tenant.harness.tokens;
    for seed in ids::WORKSPACES {
        for (value, token) in tokens.of_kind(&TokenKind::PersonalAccess { workspace: seed.id }) {
            tokens.insert(value, IssuedToken { expires, ..token });
        }
    }
}

pub(super) fn leave_leftovers(tenant: &mut Tenant) {
    let people = &tenant.people.people;
    let upper = people[1].user_principal_name.to_uppercase();
    let leftovers = [
        Principal {
            active: false,
            ..user(&people[0])
        },
        Principal {
            external_id: None,
            ..Principal {
                name: upper.clone(),
                email: upper,
                ..user(&people[1])
            }
        },
        Principal::new(0, Kind::User, "contractor@elsewhere.example"),
        // Came by SCIM, and Entra has forgotten the person since.
        Principal {
            external_id: Some("0d9a3c1e-7f34-4b52-9f10-5a4f5f6f7a8b".to_owned()),
            ..Principal::new(0, Kind::User, "former.colleague@contoso.example")
        },
        Principal::new(0, Kind::Group, "databricks-users"),
        Principal::new(0, Kind::Group, "Databricks-Analysts"),
    ];
    for leftover in leftovers {
        tenant.world.insert(leftover);
    }
}
