//! The account journey on the practice tenant: plan, apply, prove; and an empty second plan.

use std::time::Duration;

use usher_core::observation::Seen;
use usher_core::outcome::ChangeState;

use usher_engine::apply::{Applied, CycleEnd, provision_one, wait_for_cycle};
use usher_entra::graph::GetJob;
use usher_practice::provisioning;

use crate::tenant::{NAME, Tenant, memory, states, troubles};

#[tokio::test]
async fn from_nothing_to_a_running_job_and_an_empty_second_plan() {
    let mut tenant = Tenant::start("fresh").await;
    tenant.assign_someone();
    let mut journal = memory();

    let applied = tenant.run(&mut journal).await.unwrap();

    assert!(
        states(&applied)
            .iter()
            .all(|(_, state)| *state == ChangeState::Done),
        "{:#?}",
        troubles(&applied)
    );
    assert_eq!(tenant.applications_named(NAME), 1);
    let again = tenant.observe().await;
    let plan = tenant.plan(&again);
    assert_eq!(plan.changes, [], "a second plan finds nothing to do");
    let connector = again
        .observation
        .connector(&tenant.setup)
        .expect("the connector is found by its name");
    assert_eq!(connector.is_running(), Some(true));
    assert!(matches!(&connector.saved_credentials, Seen::Known { value, .. } if value.accepted));
}

#[tokio::test]
async fn observing_changes_nothing() {
    let tenant = Tenant::start("connected").await;
    let before = tenant.practice.changes().len();
    let observed = tenant.observe().await;
    assert!(observed.observation.entra.connectors.is_known());
    assert_eq!(tenant.practice.changes().len(), before);
}

#[tokio::test]
async fn a_device_in_a_group_is_neither_a_person_nor_a_service_principal() {
    let mut tenant = Tenant::start("nested-groups").await;
    tenant.setup.entra.app.display_name = Some(usher_practice::entra::sample::GALLERY_NAME.into());
    let principals = tenant.observe().await.observation.entra.principals;
    let device = usher_practice::entra::sample::stable_id("a laptop").to_string();
    let group = principals
        .groups
        .values()
        .find(|group| {
            group
                .nested
                .value()
                .is_some_and(|nested| !nested.is_empty())
        })
        .unwrap();
    let names: Vec<&str> = principals
        .service_principals
        .values()
        .map(|name| &**name)
        .collect();
    assert_eq!(names, ["Usher practice"]);
    for members in [&group.users, &group.service_principals] {
        let members = members.value().unwrap();
        assert!(!members.is_empty() && members.iter().all(|id| **id != *device));
    }
    assert!(!principals.users.contains_key(device.as_str()));
}

#[tokio::test]
async fn one_person_is_provisioned_first_and_reads_back_from_databricks() {
    // A fresh assignment is not seen for a while: it is waited for.
    let (tenant, user, applied) = provisioned_first(2).await;
    assert!(!applied.has_failed(), "{:#?}", troubles(&applied));
    let after = tenant.observe().await;
    let users = after
        .observation
        .databricks
        .directory
        .users
        .value()
        .unwrap();
    assert!(
        users
            .iter()
            .any(|one| one.external_id.as_deref() == Some(user.as_str()) && one.active)
    );
}

#[tokio::test]
async fn an_assignment_that_is_never_seen_is_told_as_such() {
    let (_, _, applied) = provisioned_first(u32::MAX).await;
    let change = &applied.outcome.changes[0];
    assert_eq!(change.state, ChangeState::Failed);
    let error = change.error.as_deref().unwrap();
    assert!(
        error.contains("does not see yet that this person is assigned"),
        "{error}"
    );
}

/// Sets up, assigns, and provisions a person on demand, while Entra passes them over `unseen` times.
async fn provisioned_first(unseen: u32) -> (Tenant, String, Applied) {
    let mut tenant = Tenant::start("fresh").await;
    tenant.assign_someone();
    tenant.setup.want.provisioning = None;
    let mut journal = memory();
    tenant.run(&mut journal).await.unwrap();
    let observed = tenant.observe().await;
    let user = tenant.setup.want.assign[0].id.clone();
    let connector = observed.observation.connector(&tenant.setup).unwrap();
    let plan = provision_one(connector, &user, "A person").expect("the rule is known");
    let knobs = |knobs: &mut usher_practice::entra::Knobs| knobs.on_demand_unseen = unseen;
    tenant.practice.entra().turn(knobs);
    let applied = tenant.apply(&plan, &observed, &mut journal).await.unwrap();
    (tenant, user, applied)
}

#[tokio::test]
async fn a_cycle_is_waited_for_and_people_arrive() {
    let mut tenant = Tenant::start("fresh").await;
    tenant.assign_someone();
    let since = jiff::Timestamp::now();
    tenant.run(&mut memory()).await.unwrap();
    let observed = tenant.observe().await;
    let connector = observed.observation.connector(&tenant.setup).unwrap();
    let get = GetJob {
        service_principal: connector.service_principal_id.clone(),
        job: connector.job().unwrap().id.clone(),
    };
    provisioning::run_all(tenant.practice.entra(), None).await;
    let ended = wait_for_cycle(
        &tenant.entra.graph,
        &get,
        since,
        Duration::from_secs(20),
        &|_| {},
        &tenant.cancel,
    )
    .await
    .unwrap();
    assert_eq!(ended, CycleEnd::Completed { escrowed: 0 });

    let later = since + Duration::from_secs(86_400);
    let not_yet = wait_for_cycle(
        &tenant.entra.graph,
        &get,
        later,
        Duration::ZERO,
        &|_| {},
        &tenant.cancel,
    )
    .await
    .unwrap();
    assert_eq!(not_yet, CycleEnd::NotYet);

    // Of a job that is off no cycle comes, however long one waits.
    let all_day = Duration::from_secs(86_400);
    tenant.practice.entra().change(|directory| {
        let all = directory.service_principals.iter_mut();
        for job in all.flat_map(|one| &mut one.synchronization.jobs) {
            job.pause();
        }
    });
    let off = wait_for_cycle(
        &tenant.entra.graph,
        &get,
        later,
        all_day,
        &|_| {},
        &tenant.cancel,
    )
    .await
    .unwrap();
    assert_eq!(off, CycleEnd::Off);
}
