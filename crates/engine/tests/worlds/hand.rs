//! Another hand in the portal, at any moment of the story.

use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use usher_practice::entra::directory::Member;
use usher_practice::entra::sample;
use usher_practice::scenario::Stage;
use uuid::Uuid;

use crate::law::Law;

/// Does something, and tells what. What it takes from people is its own doing.
pub(crate) fn act(stage: &Stage, law: &mut Law, chance: &mut StdRng) -> String {
    let (connectors, groups, users) = stage.entra.read(|directory| {
        let connectors = directory.service_principals.iter();
        let connectors: Vec<Uuid> = connectors
            .filter(|one| one.template_id.is_some())
            .map(|one| one.id)
            .collect();
        let groups: Vec<Uuid> = directory.groups.iter().map(|group| group.id).collect();
        let users: Vec<Uuid> = directory.users.iter().map(|user| user.id).collect();
        (connectors, groups, users)
    });
    let (Some(&connector), Some(&group), Some(&user)) = (
        connectors.choose(chance),
        groups.choose(chance),
        users.choose(chance),
    ) else {
        return "found nothing to do".to_owned();
    };
    let what = chance.random_range(0..9);
    let told = match what {
        0 => unassign(stage, connector, chance),
        1 => assign(stage, connector, group),
        2 => switch(stage, connector, true),
        3 => switch(stage, connector, false),
        4 => {
            stage.entra.change(|directory| {
                directory.service_principals.remove(&connector);
            });
            format!("deleted {connector}")
        }
        5 => {
            stage.entra.change(|directory| {
                if let Some(group) = directory.groups.get_mut(&group) {
                    group.members.pop();
                }
            });
            format!("took the last member out of {group}")
        }
        6 => {
            stage.entra.change(|directory| {
                if let Some(group) = directory.groups.get_mut(&group)
                    && !group.members.contains(&Member::User(user))
                {
                    group.members.push(Member::User(user));
                }
            });
            format!("put {user} into {group}")
        }
        7 => {
            stage.entra.change(|directory| {
                if let Some(user) = directory.users.get_mut(&user) {
                    user.account_enabled = !user.account_enabled;
                }
            });
            format!("switched the account of {user}")
        }
        _ => {
            let all = chance.random_bool(0.5);
            stage.entra.change(|directory| {
                if let Some(one) = directory.service_principals.get_mut(&connector) {
                    let secrets = &mut one.synchronization.secrets;
                    secrets.insert("SyncAll".to_owned(), all.to_string());
                }
            });
            format!("set the scope of {connector} to all {all}")
        }
    };
    if !(5..=7).contains(&what) {
        law.touched.insert(connector);
    }
    law.excuse_leavers(|id| id == connector || what == 5 || what == 7);
    told
}

/// The last of each group leaves, while retired connectors stand still.
pub(crate) fn people_leave(stage: &Stage, law: &mut Law) -> String {
    stage.entra.change(|directory| {
        for group in directory.groups.iter_mut() {
            group.members.pop();
        }
    });
    law.excuse_leavers(|_| true);
    "took the last member out of every group".to_owned()
}

fn unassign(stage: &Stage, connector: Uuid, chance: &mut StdRng) -> String {
    let gone = stage.entra.change(|directory| {
        let one = directory.service_principals.get_mut(&connector)?;
        let place = (0..one.assignments.len()).collect::<Vec<_>>();
        let gone = one.assignments.remove(*place.choose(chance)?);
        Some(gone.principal_id)
    });
    format!("took {gone:?} off {connector}")
}

fn assign(stage: &Stage, connector: Uuid, group: Uuid) -> String {
    let now = stage.harness.clock.now();
    stage.entra.change(|directory| {
        let there = directory
            .service_principals
            .get(&connector)
            .is_some_and(|one| one.assignments.iter().any(|row| row.principal_id == group));
        if !there {
            sample::assign(directory, connector, group, now);
        }
    });
    format!("assigned {group} to {connector}")
}

fn switch(stage: &Stage, connector: Uuid, on: bool) -> String {
    stage.entra.change(|directory| {
        if let Some(one) = directory.service_principals.get_mut(&connector) {
            for job in &mut one.synchronization.jobs {
                if on { job.start() } else { job.pause() }
            }
        }
    });
    format!("switched {connector} on {on}")
}
