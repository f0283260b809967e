//! A start is judged by the world as it stands right before it (`contracts/cli.md`, rule 3).

use std::collections::BTreeSet;

use usher_core::model::setup::Provisioning;
use usher_core::outcome::ChangeState;
use usher_core::plan::{ChangeKind, Plan};
use usher_engine::apply::{Applied, LiveWitness, Work};
use usher_engine::observe::Observed;

use crate::tenant::{Tenant, executor, memory, states, troubles};

/// A connector that brought everyone and was paused by a person; it is to run again.
async fn paused() -> Tenant {
    let mut tenant = Tenant::start("paused").await;
    let (id, group) = tenant.practice.entra().read(|directory| {
        let mut principals = directory.service_principals.iter();
        let connector = principals
            .find(|principal| !principal.synchronization.jobs.is_empty())
            .unwrap();
        let largest = connector.assignments.iter().max_by_key(|row| {
            let group = directory.groups.get(&row.principal_id);
            group.map_or(0, |group| group.members.len())
        });
        (
            connector.id.to_string(),
            largest.unwrap().principal_id.to_string(),
        )
    });
    tenant.setup.entra.app.service_principal_id = Some(id);
    tenant.setup.want.provisioning = Some(Provisioning::On);
    tenant.setup.want.assign = serde_json::from_value(serde_json::json!([
        { "type": "group", "id": group, "displayName": "Everyone" },
    ]))
    .unwrap();
    tenant
}

/// Takes everybody off, as a person does in the portal.
fn take_everybody_off(tenant: &Tenant) {
    let id = tenant.setup.entra.app.service_principal_id.clone();
    tenant.practice.entra().change(|directory| {
        let mut principals = directory.service_principals.iter_mut();
        let connector = principals.find(|principal| Some(principal.id.to_string()) == id);
        connector.unwrap().assignments.clear();
    });
}

fn start_of(plan: &Plan) -> String {
    let mut changes = plan.changes.iter();
    let start = changes.find(|change| change.kind == ChangeKind::Start);
    start.unwrap_or_else(|| panic!("{plan:#?}")).id.clone()
}

async fn carry_out(
    tenant: &Tenant,
    plan: &Plan,
    observed: &Observed,
    only: Option<&BTreeSet<String>>,
) -> Applied {
    let witness = LiveWitness {
        entra: &tenant.entra,
        http: &tenant.client,
        secrets: &tenant.secrets,
        progress: &|_| {},
        cancel: &tenant.cancel,
    };
    let work = Work::Apply {
        plan,
        only,
        patience: None,
    };
    let (mut journal, token) = (memory(), tenant.token());
    executor(&tenant.entra, &mut journal, &token, &|_| {}, &tenant.cancel)
        .carry_out(work, &tenant.setup, observed, &witness)
        .await
        .unwrap()
}

#[track_caller]
fn assert_refused(tenant: &Tenant, applied: &Applied) {
    let start = applied.outcome.changes.last().unwrap();
    assert_eq!(
        (start.kind, start.state),
        (ChangeKind::Start, ChangeState::Failed),
        "{applied:#?}"
    );
    let why = start.error.as_deref().unwrap_or_default();
    assert!(
        why.contains("would leave the scope") && why.contains('@'),
        "{why}"
    );
    let requests = tenant.practice.requests();
    assert!(
        !requests
            .iter()
            .any(|request| request.path.ends_with("/start"))
    );
}

#[tokio::test]
async fn a_connector_that_lost_its_people_since_the_plan_is_not_started() {
    let tenant = paused().await;
    let observed = tenant.observe().await;
    let plan = tenant.plan(&observed);
    start_of(&plan);
    take_everybody_off(&tenant);
    assert_refused(&tenant, &carry_out(&tenant, &plan, &observed, None).await);
}

#[tokio::test]
async fn a_start_alone_does_not_count_on_the_assignments_of_the_plan_it_is_taken_from() {
    let tenant = paused().await;
    take_everybody_off(&tenant);
    let observed = tenant.observe().await;
    let plan = tenant.plan(&observed);
    let only = BTreeSet::from([start_of(&plan)]);
    assert_refused(
        &tenant,
        &carry_out(&tenant, &plan, &observed, Some(&only)).await,
    );
}

#[tokio::test]
async fn with_everyone_in_its_scope_it_starts() {
    let tenant = paused().await;
    let observed = tenant.observe().await;
    let plan = tenant.plan(&observed);
    let start = start_of(&plan);
    let applied = carry_out(&tenant, &plan, &observed, None).await;
    assert!(
        states(&applied).contains(&(start, ChangeState::Done)),
        "{:?}",
        troubles(&applied)
    );
}
