//! A move of the size of a large company: 200 workspaces with a connector each, 100,000 people, 5,000 groups.
//!
//! It stands as its connectors would have left it, put together at once: nobody waits for 100,000 people to arrive one by one.

use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::databricks::{add_workspace, user};
use super::{Scenario, Stage, Tenant};
use crate::databricks::{Kind, Principal};
use crate::entra::connector::{Execution, ExecutionState};
use crate::entra::directory::Member;
use crate::entra::sample;
use crate::ids;

/// Workspaces, each with a connector of its own.
const WORKSPACES: u64 = 200;
/// Groups of the tenant.
const GROUPS: usize = 5_000;
/// People of the tenant.
pub(super) const PEOPLE: usize = 100_000;
/// Members of a group; everyone is in two.
const MEMBERS: usize = 2 * PEOPLE / GROUPS;
/// Groups that a workspace's connector carries.
const CARRIED: usize = GROUPS / WORKSPACES as usize;
/// Groups that only old connectors carry: what the plan has to close.
const GAP: usize = 3;
/// One group in so many holds another.
const NESTING: usize = 100;

/// The scenarios of this file.
pub(super) const SCENARIOS: &[Scenario] = &[Scenario {
    name: "migrate-large",
    title: "A move of the size of a large company",
    description: "200 workspaces have connectors of their own, with 100,000 people in 5,000 groups; three groups come through old connectors alone.",
    people: PEOPLE,
    build,
    presses: &[],
}];

pub(super) fn build(tenant: &mut Tenant) {
    more_workspaces(tenant);
    let groups = groups(tenant);
    arrive(tenant, &groups);
    tenant.opening = Some(large);
}

fn group_id(at: usize) -> Uuid {
    sample::stable_id(&format!("group {at} of a large company"))
}

fn workspace_name(at: u64) -> String {
    format!("works-{at:03}")
}

fn more_workspaces(tenant: &mut Tenant) {
    let known = ids::WORKSPACES.len() as u64;
    let first = ids::WORKSPACES[0].id;
    for at in known..WORKSPACES {
        let name = workspace_name(at);
        add_workspace(&mut tenant.world, &tenant.harness, first + at, &name);
    }
}

/// Indices of a group's people: neighbours overlap by half.
fn members(group: usize) -> impl Iterator<Item = usize> {
    let first = group * MEMBERS / 2;
    (first..first + MEMBERS).map(|at| at % PEOPLE)
}

/// In place of the usual groups, 5,000 that overlap, with some nested in others.
fn groups(tenant: &mut Tenant) -> Vec<(Uuid, String)> {
    let usual: Vec<Uuid> = tenant
        .people
        .groups
        .iter()
        .map(|one| one.entra_id)
        .collect();
    for id in usual {
        tenant.directory.groups.remove(&id);
    }
    let made = (0..GROUPS).map(|at| (group_id(at), format!("team-{at:04}")));
    let made: Vec<(Uuid, String)> = made.collect();
    let people = &tenant.people.people;
    for (at, (id, name)) in made.iter().enumerate() {
        let mut inside: Vec<Member> = members(at)
            .filter_map(|index| people.get(index))
            .map(|person| Member::User(person.entra_id))
            .collect();
        if at % NESTING == NESTING - 1 {
            inside.push(Member::Group(group_id(at - 1)));
        }
        tenant
            .directory
            .groups
            .put(sample::group(*id, name, inside));
    }
    made
}

/// Everyone and every group are in the account, and everyone whom a workspace's connector carries has a seat there.
fn arrive(tenant: &mut Tenant, groups: &[(Uuid, String)]) {
    let world = &mut tenant.world;
    (world.principal_limit, world.group_limit) = (2 * PEOPLE, 2 * GROUPS);
    let people = tenant.people.people.iter();
    let people: Vec<u64> = people.map(|person| world.insert(user(person))).collect();
    for (at, (id, name)) in groups.iter().enumerate().take(GROUPS - GAP) {
        world.insert(Principal {
            members: members(at).map(|index| people[index]).collect(),
            external_id: Some(id.to_string()),
            ..Principal::new(0, Kind::Group, name)
        });
    }
    let first = ids::WORKSPACES[0].id;
    for at in 0..WORKSPACES {
        let workspace = usize::try_from(at).unwrap_or_default();
        let carried = workspace * CARRIED..(workspace + 1) * CARRIED;
        for index in carried.flat_map(members) {
            world.seat(first + at, people[index], false);
        }
    }
}

fn large(stage: Stage) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        let all: Vec<Uuid> = (0..GROUPS).map(group_id).collect();
        let account = stage.put(&stage.account_connector(), &all[..GROUPS - GAP]);
        has_run(&stage, account);
        for at in 0..WORKSPACES {
            let workspace = usize::try_from(at).unwrap_or_default();
            let seed = ids::WORKSPACES.get(workspace);
            let id = ids::WORKSPACES[0].id + at;
            let name = seed.map_or_else(|| workspace_name(at), |seed| seed.name.to_owned());
            let carried = &all[workspace * CARRIED..(workspace + 1) * CARRIED];
            let connector = stage.put(&stage.connector_of(id, &name), carried);
            has_run(&stage, connector);
        }
    })
}

/// The connector runs, and its last cycle found nothing to do.
fn has_run(stage: &Stage, connector: Uuid) {
    let now = stage.harness.clock.now();
    let began = now + SignedDuration::from_secs(1);
    stage.job(connector, |job| {
        job.start();
        (job.due, job.watermark) = (false, true);
        let cycle = quiet_cycle(connector, began);
        (job.steady_first, job.steady_last) = (Some(began), Some(began));
        job.last_execution = Some(cycle.clone());
        job.last_success = Some(cycle);
    });
}

fn quiet_cycle(connector: Uuid, at: Timestamp) -> Execution {
    Execution {
        id: sample::stable_id(&format!("cycle of {connector}")),
        state: ExecutionState::Succeeded,
        began: at,
        ended: at,
        entitled: 0,
        entitled_for_provisioning: 0,
        escrowed: 0,
        exported: 0,
        exports: 0,
        imported: 0,
        error: None,
    }
}
