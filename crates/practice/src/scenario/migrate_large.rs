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
use crate::seed::People;

/// People of the tenant.
pub(super) const PEOPLE: usize = 100_000;
/// Members of a group; everyone is in two.
const MEMBERS: usize = 40;
/// Groups that a workspace's connector carries.
const CARRIED: usize = 25;
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
    let size = Size::of(&tenant.people);
    more_workspaces(tenant, size);
    let groups = groups(tenant, size);
    arrive(tenant, size, &groups);
    tenant.opening = Some(large);
}

/// How large it is, by the people there are: 100,000 have 5,000 groups and 200 workspaces.
#[derive(Debug, Clone, Copy)]
struct Size {
    people: usize,
    groups: usize,
    workspaces: usize,
}

impl Size {
    fn of(people: &People) -> Self {
        let people = people.people.len();
        let groups = 2 * people / MEMBERS;
        Self {
            people,
            groups,
            workspaces: groups / CARRIED,
        }
    }

    /// Indices of a group's people: neighbours overlap by half.
    fn members(self, group: usize) -> impl Iterator<Item = usize> {
        let first = group * MEMBERS / 2;
        (first..first + MEMBERS).map(move |at| at % self.people)
    }
}

fn group_id(at: usize) -> Uuid {
    sample::stable_id(&format!("group {at} of a large company"))
}

fn workspace_name(at: usize) -> String {
    format!("works-{at:03}")
}

fn workspace_id(at: usize) -> u64 {
    ids::WORKSPACES[0].id + at as u64
}

fn more_workspaces(tenant: &mut Tenant, size: Size) {
    for at in ids::WORKSPACES.len()..size.workspaces {
        let (id, name) = (workspace_id(at), workspace_name(at));
        add_workspace(&mut tenant.world, &tenant.harness, id, &name);
    }
}

/// In place of the usual groups, many that overlap, with some nested in others.
fn groups(tenant: &mut Tenant, size: Size) -> Vec<(Uuid, String)> {
    let usual: Vec<Uuid> = tenant
        .people
        .groups
        .iter()
        .map(|one| one.entra_id)
        .collect();
    for id in usual {
        tenant.directory.groups.remove(&id);
    }
    let made = (0..size.groups).map(|at| (group_id(at), format!("team-{at:04}")));
    let made: Vec<(Uuid, String)> = made.collect();
    let people = &tenant.people.people;
    for (at, (id, name)) in made.iter().enumerate() {
        let mut inside: Vec<Member> = size
            .members(at)
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
fn arrive(tenant: &mut Tenant, size: Size, groups: &[(Uuid, String)]) {
    let world = &mut tenant.world;
    (world.principal_limit, world.group_limit) = (2 * size.people, 2 * size.groups);
    let people = tenant.people.people.iter();
    let people: Vec<u64> = people.map(|person| world.insert(user(person))).collect();
    for (at, (id, name)) in groups.iter().enumerate().take(size.groups - GAP) {
        world.insert(Principal {
            members: size.members(at).map(|index| people[index]).collect(),
            external_id: Some(id.to_string()),
            ..Principal::new(0, Kind::Group, name)
        });
    }
    for at in 0..size.workspaces {
        for index in carried(at).flat_map(|group| size.members(group)) {
            world.seat(workspace_id(at), people[index], false);
        }
    }
}

/// Indices of the groups that a workspace's connector carries.
fn carried(workspace: usize) -> std::ops::Range<usize> {
    workspace * CARRIED..(workspace + 1) * CARRIED
}

fn large(stage: Stage) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        let size = Size::of(&stage.people);
        let all: Vec<Uuid> = (0..size.groups).map(group_id).collect();
        let account = stage.put(&stage.account_connector(), &all[..size.groups - GAP]);
        has_run(&stage, account);
        for at in 0..size.workspaces {
            let seed = ids::WORKSPACES.get(at);
            let name = seed.map_or_else(|| workspace_name(at), |seed| seed.name.to_owned());
            let connector = stage.connector_of(workspace_id(at), &name);
            has_run(&stage, stage.put(&connector, &all[carried(at)]));
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
