//! The scenarios of a move: workspace connectors beside an account connector that is to take over.

use std::collections::BTreeSet;

use futures::future::BoxFuture;
use uuid::Uuid;

use super::{Scenario, Stage, Tenant};
use crate::databricks::{Kind, Permission, Principal};
use crate::entra::directory::Member;
use crate::entra::sample;
use crate::ids;
use crate::portal;
use crate::seed::{DEFAULT_PEOPLE, EVERYONE_GROUP};

/// The local group that two workspaces have under one name, with different members.
const LOCAL_GROUP: &str = "data-readers";
/// The workspace that does not use the account's identities.
const NOT_FEDERATED: u64 = 1003;

/// The scenarios of this file.
pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "migrate-small",
        title: "A move with three workspaces",
        description: "Three workspaces have connectors of their own and the account connector covers everybody they bring; one workspace is not federated, one group is nested, and a local group of one name differs between two workspaces.",
        people: DEFAULT_PEOPLE,
        build: |tenant| {
            nest_contractors(tenant);
            admit_the_admin(tenant);
            tenant.opening = Some(|stage| small(stage, false));
        },
        presses: &[portal::RENAME_LOCAL_GROUP],
    },
    Scenario {
        name: "migrate-gap",
        title: "A move with a gap",
        description: "As the move with three workspaces, and one person comes through an old workspace connector alone.",
        people: DEFAULT_PEOPLE,
        build: |tenant| {
            nest_contractors(tenant);
            admit_the_admin(tenant);
            tenant.opening = Some(|stage| small(stage, true));
        },
        presses: &[portal::GIVE_WORKSPACE, portal::RENAME_LOCAL_GROUP],
    },
];

/// The person who sets provisioning up in Entra is an account admin of Databricks too, and an admin of each workspace.
pub(super) fn admit_the_admin(tenant: &mut Tenant) {
    let name = sample::account_name(sample::accounts::ADMIN);
    let id = tenant.world.insert(Principal {
        display_name: "Cloud Admin".to_owned(),
        external_id: Some(sample::stable_id(&name).to_string()),
        roles: BTreeSet::from(["account_admin".to_owned()]),
        ..Principal::new(0, Kind::User, &name)
    });
    for workspace in ids::WORKSPACES {
        tenant.world.seat(workspace.id, id, true);
    }
}

/// Two people of finance are in a group inside the group: no connector brings them through it.
pub(super) fn nest_contractors(tenant: &mut Tenant) {
    let finance = tenant.people.group("databricks-finance");
    let finance = finance.map(|group| group.entra_id).unwrap_or_default();
    let inner = sample::stable_id("finance contractors");
    let Some(group) = tenant.directory.groups.get_mut(&finance) else {
        return;
    };
    let at = group.members.len().saturating_sub(2);
    let people = group.members.split_off(at);
    group.members.push(Member::Group(inner));
    let contractors = sample::group(inner, "finance-contractors", people);
    tenant.directory.groups.put(contractors);
}

pub(super) fn small(stage: Stage, gap: bool) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        let lonely = gap.then(|| leave_out_one(&stage));
        let account = stage.account_connector();
        let groups = [EVERYONE_GROUP, "databricks-engineers", "databricks-finance"];
        let account = stage.put(&account, &groups.map(|name| stage.group(name)));
        stage.run(account).await;
        grant_access(&stage);

        // Workspace connectors made their local groups before the workspaces used the account's identities.
        federate(&stage, false);
        for (workspace, groups) in ids::WORKSPACES.iter().zip([
            ["databricks-engineers", "databricks-analysts"],
            ["databricks-analysts", "databricks-finance"],
            ["databricks-scientists", "databricks-operations"],
        ]) {
            let mut assigned = groups.map(|name| stage.group(name)).to_vec();
            if workspace.id == 1002 {
                assigned.extend(lonely);
            }
            let connector = stage.put(&stage.workspace_connector(workspace), &assigned);
            stage.run(connector).await;
        }
        add_local_groups(&stage);
        federate(&stage, true);
    })
}

/// Takes the last person out of every group, so that only a direct assignment brings that person.
fn leave_out_one(stage: &Stage) -> Uuid {
    let person = stage.people.people.last();
    let person = person.map(|person| person.entra_id).unwrap_or_default();
    stage.entra.change(|directory| {
        for group in directory.groups.iter_mut() {
            group.members.retain(|member| member.id() != person);
        }
    });
    person
}

/// The account group of everyone may use the federated workspaces, with the usual entitlements.
fn grant_access(stage: &Stage) {
    let mut world = stage.databricks.world();
    let everyone = world.named(Kind::Group, EVERYONE_GROUP);
    let Some(everyone) = everyone.map(|group| group.id) else {
        return;
    };
    for workspace in world.workspaces.values_mut() {
        if workspace.id != NOT_FEDERATED {
            let permissions = BTreeSet::from([Permission::User]);
            workspace.assignments.insert(everyone, permissions);
            let entitlements = ["databricks-sql-access", "workspace-access"].map(str::to_owned);
            let entitlements = BTreeSet::from(entitlements);
            workspace.group_entitlements.insert(everyone, entitlements);
        }
    }
}

fn federate(stage: &Stage, federated: bool) {
    for workspace in stage.databricks.world().workspaces.values_mut() {
        workspace.federated = federated && workspace.id != NOT_FEDERATED;
    }
}

/// The first workspace's local group has three of its people, the second's has two others.
fn add_local_groups(stage: &Stage) {
    let mut world = stage.databricks.world();
    for (workspace, range) in [(1001, 0..3), (1002, 3..5)] {
        let seats = world.workspaces.get(&workspace);
        let people: Vec<u64> = seats
            .into_iter()
            .flat_map(|workspace| workspace.seats.keys().copied())
            .collect();
        let members: Vec<u64> = people
            .into_iter()
            .skip(range.start)
            .take(range.len())
            .collect();
        world.add_local_group(workspace, LOCAL_GROUP, &members);
    }
}
