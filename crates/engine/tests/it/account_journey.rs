//! The account journey on the practice tenant: plan, apply, prove; and an empty second plan.

use usher_core::observation::Seen;
use usher_core::outcome::ChangeState;

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
