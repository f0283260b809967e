//! The rules of apply: a moved world, secrets, fresh applications, choosing changes, cancelling.

use std::collections::BTreeSet;

use usher_core::outcome::ChangeState;
use usher_core::plan::ChangeKind;
use usher_engine::apply::{ApplyError, ApplyEvent, Doing, Executor};
use usher_practice::{FaultKind, FaultRule};

use crate::tenant::{Heard, NAME, Tenant, executor, memory, states, troubles};

async fn fresh() -> Tenant {
    let mut tenant = Tenant::start("fresh").await;
    tenant.assign_someone();
    tenant
}

#[tokio::test]
async fn a_world_that_moved_stops_the_run_at_that_change_and_says_what_moved() {
    let mut tenant = Tenant::start("connected").await;
    connector_of(&mut tenant);
    tenant.setup.want.notification_email = Some("other@contoso.example".to_owned());
    let observed = tenant.observe().await;
    let plan = tenant.plan(&observed);
    assert!(!plan.changes.is_empty(), "{:?}", plan.refusals);
    let id = tenant.setup.entra.app.service_principal_id.clone().unwrap();
    tenant.practice.entra().change(|directory| {
        let mut principals = directory.service_principals.iter_mut();
        let found = principals
            .find(|principal| principal.id.to_string() == id)
            .unwrap();
        found
            .synchronization
            .secrets
            .insert("SyncAll".to_owned(), "true".to_owned());
    });

    let before = tenant.practice.changes().len();
    let applied = tenant.apply(&plan, &observed, &mut memory()).await.unwrap();
    assert!(applied.has_failed());
    let error = applied.outcome.changes[0].error.clone().unwrap();
    assert!(error.contains("changed since the plan was made"), "{error}");
    assert_eq!(tenant.practice.changes().len(), before, "nothing was sent");
}

#[tokio::test]
async fn an_application_of_the_same_name_that_appeared_meanwhile_stops_the_run() {
    let mut tenant = fresh().await;
    let observed = tenant.observe().await;
    let plan = tenant.plan(&observed);
    let mut other = memory();
    tenant.run(&mut other).await.unwrap();

    let applied = tenant.apply(&plan, &observed, &mut memory()).await.unwrap();
    let error = applied.outcome.changes[0].error.clone().unwrap();
    assert!(
        error.contains("appeared since the plan was made"),
        "{error}"
    );
    assert_eq!(tenant.applications_named(NAME), 1);
}

#[tokio::test]
async fn credentials_that_entra_refuses_are_not_saved_and_no_job_is_made() {
    let mut tenant = fresh().await;
    let observed = tenant.observe().await;
    let plan = tenant.plan(&observed);
    tenant.secrets.scim_token = Some(usher_core::model::Secret::new(
        "dsapi00000000000000000000000000000000",
    ));

    let applied = tenant.apply(&plan, &observed, &mut memory()).await.unwrap();
    assert!(applied.has_failed());
    let failed = applied
        .outcome
        .changes
        .iter()
        .find(|change| change.state == ChangeState::Failed)
        .unwrap();
    assert_eq!(failed.kind, ChangeKind::SaveCredentials);
    assert!(
        failed.error.as_ref().unwrap().contains("did not accept"),
        "{failed:?}"
    );
    let end = tenant.end_state();
    assert_eq!(end[0]["settings"], serde_json::json!({}));
    assert_eq!(end[0]["jobs"], serde_json::json!([]));
}

#[tokio::test]
async fn without_a_token_settings_are_not_saved() {
    let tenant = fresh().await;
    let observed = tenant.observe().await;
    let plan = tenant.plan(&observed);
    let mut journal = memory();
    let mut executor = Executor {
        graph: &tenant.entra.graph,
        journal: &mut journal,
        token: None,
        events: &|_| {},
        cancel: &tenant.cancel,
    };
    let applied = executor.apply(&plan, &observed, None).await.unwrap();
    let failed = applied
        .outcome
        .changes
        .iter()
        .find(|change| change.state == ChangeState::Failed)
        .unwrap();
    assert!(
        failed
            .error
            .as_ref()
            .unwrap()
            .contains("does not hold the SCIM token"),
        "{failed:?}"
    );
    assert_eq!(tenant.end_state()[0]["settings"], serde_json::json!({}));
}

#[tokio::test]
async fn what_a_service_keeps_besides_survives_a_save_under_both_meanings_of_put() {
    use usher_practice::entra::knobs::SecretsPut;
    for put in [SecretsPut::Replace, SecretsPut::Merge] {
        let mut tenant = Tenant::start("connected").await;
        connector_of(&mut tenant);
        tenant
            .practice
            .entra()
            .turn(|knobs| knobs.secrets_put = put);
        let id = tenant.setup.entra.app.service_principal_id.clone().unwrap();
        tenant.practice.entra().change(|directory| {
            let mut principals = directory.service_principals.iter_mut();
            let found = principals
                .find(|principal| principal.id.to_string() == id)
                .unwrap();
            found
                .synchronization
                .secrets
                .insert("SkipOutOfScopeDeletions".to_owned(), "True".to_owned());
        });
        tenant.setup.want.notification_email = Some("other@contoso.example".to_owned());
        let applied = tenant.run(&mut memory()).await.unwrap();
        assert!(!applied.has_failed(), "{:#?}", troubles(&applied));
        let secrets = tenant.practice.entra().read(|directory| {
            let mut principals = directory.service_principals.iter();
            principals
                .find(|principal| principal.id.to_string() == id)
                .unwrap()
                .synchronization
                .secrets
                .clone()
        });
        assert_eq!(secrets["SkipOutOfScopeDeletions"], "True", "{put:?}");
        assert!(secrets["SecretToken"].starts_with("dsapi"), "{put:?}");
        assert!(
            secrets["SyncNotificationSettings"].contains("other@contoso.example"),
            "{put:?}"
        );
    }
}

#[tokio::test]
async fn a_fresh_application_that_is_not_known_everywhere_yet_is_waited_for() {
    let mut tenant = fresh().await;
    tenant.practice.entra().turn(|knobs| {
        knobs.new_service_principal = vec![404, 200, 404, 200, 200];
        knobs.new_templates = vec![204, 204, 401];
        knobs.new_synchronization = vec![401, 403, 404];
        knobs.new_job = vec![404, 404];
    });
    let applied = tenant.run(&mut memory()).await.unwrap();
    assert!(
        states(&applied)
            .iter()
            .all(|(_, state)| *state == ChangeState::Done),
        "{:#?}",
        troubles(&applied)
    );
    assert_eq!(tenant.applications_named(NAME), 1);
    assert_eq!(tenant.end_state()[0]["jobs"], serde_json::json!(["Active"]));
}

#[tokio::test]
async fn only_the_changes_named_are_made() {
    let tenant = fresh().await;
    let observed = tenant.observe().await;
    let plan = tenant.plan(&observed);
    let token = tenant.token();
    let mut journal = memory();
    let mut executor = executor(&tenant.entra, &mut journal, &token, &|_| {}, &tenant.cancel);

    let unknown = executor
        .apply(
            &plan,
            &observed,
            Some(&BTreeSet::from(["assign:nobody".to_owned()])),
        )
        .await;
    assert!(matches!(unknown, Err(ApplyError::UnknownChange(_))));
    let start = plan
        .changes
        .iter()
        .find(|change| change.kind == ChangeKind::Start)
        .unwrap();
    let early = executor
        .apply(&plan, &observed, Some(&BTreeSet::from([start.id.clone()])))
        .await
        .unwrap();
    assert!(
        early.has_failed(),
        "what an earlier change brings is not there"
    );
    let create = plan.changes[0].id.clone();
    let first = executor
        .apply(&plan, &observed, Some(&BTreeSet::from([create.clone()])))
        .await
        .unwrap();
    assert_eq!(states(&first), [(create, ChangeState::Done)]);
}

#[tokio::test]
async fn cancelling_between_changes_leaves_the_rest_untried_and_the_next_run_goes_on() {
    let mut tenant = fresh().await;
    let observed = tenant.observe().await;
    let plan = tenant.plan(&observed);
    let token = tenant.token();
    let mut journal = memory();
    let cancel = usher_transport::CancellationToken::new();
    let stop = cancel.clone();
    let sink = move |event: ApplyEvent| {
        if matches!(event, ApplyEvent::Settled { .. }) {
            stop.cancel();
        }
    };
    let applied = executor(&tenant.entra, &mut journal, &token, &sink, &cancel)
        .apply(&plan, &observed, None)
        .await
        .unwrap();
    assert!(applied.interrupted);
    assert_eq!(applied.outcome.changes[0].state, ChangeState::Done);
    assert!(
        applied.outcome.changes[1..]
            .iter()
            .all(|change| change.state == ChangeState::NotTried)
    );

    let rest = tenant.run(&mut journal).await.unwrap();
    assert!(
        !rest.has_failed() && !rest.interrupted,
        "{:#?}",
        troubles(&rest)
    );
    assert_eq!(tenant.end_state()[0]["jobs"], serde_json::json!(["Active"]));
}

#[tokio::test]
async fn events_come_in_the_order_in_which_things_happen() {
    let tenant = fresh().await;
    let observed = tenant.observe().await;
    let plan = tenant.plan(&observed);
    let token = tenant.token();
    let heard = Heard::default();
    let sink = heard.sink();
    executor(&tenant.entra, &mut memory(), &token, &sink, &tenant.cancel)
        .apply(&plan, &observed, None)
        .await
        .unwrap();
    let events = heard.all();
    assert!(matches!(events[0], ApplyEvent::Begun { total } if total == plan.changes.len()));
    let first: Vec<_> = events[1..]
        .iter()
        .map_while(|event| match event {
            ApplyEvent::Change { doing, .. } => Some(*doing),
            _ => None,
        })
        .collect();
    assert_eq!(
        first,
        [
            Doing::Looking,
            Doing::Testing,
            Doing::Sending,
            Doing::ReadingBack
        ]
    );
}

#[tokio::test]
async fn no_journal_no_write() {
    struct Full;
    impl usher_engine::apply::Journal for Full {
        fn append(
            &mut self,
            _: usher_engine::apply::Event,
        ) -> futures::future::BoxFuture<'_, Result<(), usher_engine::apply::JournalError>> {
            let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
            Box::pin(async {
                Err(usher_engine::apply::JournalError::Disk {
                    doing: "written",
                    source: full,
                })
            })
        }
        fn lines(&self) -> Vec<usher_engine::apply::Line> {
            Vec::new()
        }
    }
    let tenant = fresh().await;
    let observed = tenant.observe().await;
    let plan = tenant.plan(&observed);
    let before = tenant.practice.changes().len();
    let error = tenant.apply(&plan, &observed, &mut Full).await.unwrap_err();
    assert!(matches!(error, ApplyError::Journal(_)), "{error}");
    assert_eq!(tenant.practice.changes().len(), before);
}

#[tokio::test]
async fn a_running_job_is_not_started_again() {
    let mut tenant = fresh().await;
    let observed = tenant.observe().await;
    let plan = tenant.plan(&observed);
    let mut journal = memory();
    tenant.run(&mut journal).await.unwrap();
    let starts = |tenant: &Tenant| {
        tenant
            .practice
            .requests()
            .iter()
            .filter(|request| request.path.ends_with("/start"))
            .count()
    };
    let before = starts(&tenant);
    let start = plan
        .changes
        .iter()
        .find(|change| change.kind == ChangeKind::Start)
        .unwrap()
        .id
        .clone();
    let token = tenant.token();
    let again = executor(&tenant.entra, &mut journal, &token, &|_| {}, &tenant.cancel)
        .apply(&plan, &observed, Some(&BTreeSet::from([start.clone()])))
        .await
        .unwrap();
    assert_eq!(
        states(&again),
        [(start, ChangeState::Skipped)],
        "{:?}",
        troubles(&again)
    );
    assert_eq!(starts(&tenant), before);
}

#[tokio::test]
async fn a_missing_permission_is_named() {
    let tenant = Tenant::start("connected").await;
    let refused = FaultRule::new(
        "graph",
        "*/synchronization/*",
        FaultKind::Status {
            code: 401,
            headers: Vec::new(),
            body: r#"{"error":{"code":"UnknownError","message":"","innerError":{}}}"#.to_owned(),
        },
    );
    tenant.practice.control().faults.add(refused);
    let observed = tenant.observe().await;
    let connectors = observed.observation.entra.connectors.value().unwrap();
    let unknown = &connectors[0].jobs;
    assert!(
        matches!(unknown, usher_core::observation::Seen::Unknown { needs: Some(needs), .. } if needs.contains("Synchronization.Read.All")),
        "{unknown:?}"
    );
}

/// Makes the scenario's connector the set-up's own.
fn connector_of(tenant: &mut Tenant) {
    let id = tenant.practice.entra().read(|directory| {
        let mut principals = directory.service_principals.iter();
        principals
            .find(|principal| !principal.synchronization.jobs.is_empty())
            .map(|principal| principal.id.to_string())
    });
    tenant.setup.entra.app.service_principal_id = id;
}
