//! The account journey as the window walks it, on the practice tenant: every step a command of the session.

use std::sync::{Arc, Mutex};

use serde_json::json;
use tempfile::TempDir;
use usher_core::journey::StepState;
use usher_core::model::DatabricksCloud;
use usher_core::model::setup::{Journey, SignIn, WantedAssignment};
use usher_core::outcome::ChangeState;
use usher_engine::session::view::*;
use usher_engine::session::{PracticeHost, Progress, Session, SessionOptions};
use usher_practice::Details;

use crate::portal::Host;
use crate::sitting::{deaf, start};

pub(crate) struct Walk {
    pub(crate) session: Session,
    details: Details,
    _folder: TempDir,
}

impl Walk {
    pub(crate) async fn begin(scenario: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let host = Arc::new(Host::default());
        let session = Session::new(SessionOptions {
            memory_vault: true,
            wait_scale: 0.001,
            practice: Some(Arc::clone(&host) as Arc<dyn PracticeHost>),
            documents_folder: folder.path().join("documents"),
            ..SessionOptions::in_folder(folder.path().join("data"))
        })
        .unwrap();
        session
            .start_practice(StartPractice {
                scenario: scenario.to_owned(),
            })
            .await
            .unwrap();
        let details = host.started().details().clone();
        let create = CreateSetup {
            name: "Contoso".to_owned(),
            journey: Journey::Account,
            cloud: DatabricksCloud::Azure,
        };
        session.create_setup(create).await.unwrap();
        Self {
            session,
            details,
            _folder: folder,
        }
    }

    async fn set(&self, change: SetupChange) -> SetupView {
        self.session
            .change_setup(ChangeSetup { change })
            .await
            .unwrap()
    }

    async fn keep(&self, slot: &str, text: &str) -> SetupView {
        let request = json!({ "slot": { "slot": slot }, "text": text });
        self.session
            .keep_token(serde_json::from_value(request).unwrap())
            .await
            .unwrap()
    }

    pub(crate) async fn databricks(&self) {
        let text = self.details.scim_url.clone();
        self.session.use_url(RecogniseUrl { text }).await.unwrap();
        self.keep("scim-token", &self.details.scim_token).await;
    }

    pub(crate) async fn sign_in(&self) -> SetupView {
        self.set(SetupChange::TenantId(Some(self.details.tenant_id.clone())))
            .await;
        self.set(SetupChange::ClientId(Some(self.details.client_id.clone())))
            .await;
        self.set(SetupChange::SignIn(Some(SignIn::ClientSecret)))
            .await;
        self.keep("entra-client-secret", &self.details.client_secret)
            .await;
        self.session
            .sign_in(start("sign-in"), deaf())
            .await
            .unwrap()
    }

    pub(crate) async fn rows(&self, table: TableId, search: &str, filter: RowFilter) -> RowWindow {
        let request = RowsRequest {
            table,
            search: search.to_owned(),
            filter,
            order: RowOrder::Name,
            offset: 0,
            limit: 20,
        };
        self.session.rows(request).await.unwrap()
    }

    async fn observe(&self) -> SetupView {
        self.session
            .observe(start("observe"), deaf())
            .await
            .unwrap()
    }
}

fn wanted(row: &PrincipalRow) -> SetupChange {
    SetupChange::AddAssignment(WantedAssignment {
        kind: row.kind,
        id: row.id.clone(),
        display_name: Some(row.display_name.clone()),
    })
}

fn state(view: &SetupView, step: &str) -> StepState {
    view.steps
        .iter()
        .find(|one| one.id == step)
        .map(|one| one.state)
        .unwrap()
}

#[tokio::test]
async fn the_connection_test_tells_its_phases_and_turns_the_step_green() {
    let walk = Walk::begin("fresh").await;
    walk.databricks().await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    let progress: Progress<PhaseEvent> = Arc::new(move |event| heard.lock().unwrap().push(event));
    let view = walk
        .session
        .test_connection(start("test"), progress)
        .await
        .unwrap();
    let test = view.connection.as_ref().unwrap();
    assert_eq!(test.report.fault, None);
    assert!(test.text.contains("authenticate") && !test.text.contains(&walk.details.scim_token));
    let ended = |event: &&PhaseEvent| matches!(event, PhaseEvent::Ended { .. });
    assert!(told.lock().unwrap().iter().filter(ended).count() >= 10);
    assert_eq!(state(&view, "test"), StepState::Done);
}

#[tokio::test]
async fn a_refused_token_is_a_report_with_a_fault() {
    let walk = Walk::begin("expired-token").await;
    walk.databricks().await;
    let view = walk
        .session
        .test_connection(start("test"), deaf())
        .await
        .unwrap();
    assert!(view.connection.unwrap().report.fault.is_some());
    assert!(view.counts.due_now > 0);
}

#[tokio::test]
async fn without_a_token_the_test_says_what_is_missing() {
    let walk = Walk::begin("fresh").await;
    let view = walk
        .session
        .test_connection(start("test"), deaf())
        .await
        .unwrap();
    let fault = view.connection.unwrap().report.fault.unwrap();
    assert_eq!(fault.code, usher_core::connection::FaultCode::UrlEmpty);
}

#[tokio::test]
async fn from_an_empty_set_up_to_a_running_sync_and_back() {
    let walk = Walk::begin("fresh").await;
    walk.databricks().await;
    walk.session
        .test_connection(start("test"), deaf())
        .await
        .unwrap();
    let view = walk.sign_in().await;
    assert!(view.signed_in.unwrap().may_write);

    walk.session
        .load_directory(start("directory"), deaf())
        .await
        .unwrap();
    let groups = walk.rows(TableId::Groups, "", RowFilter::All).await;
    let group = groups.rows.iter().find(|row| row.unfit.is_none()).unwrap();
    let people = walk.rows(TableId::Users, "", RowFilter::All).await;
    assert!(people.total > 0 && people.matching == people.total);
    let person = people
        .rows
        .iter()
        .find(|row| row.unfit.is_none() && !row.guest)
        .unwrap();
    let found = walk
        .rows(
            TableId::Users,
            &person.detail.to_uppercase(),
            RowFilter::All,
        )
        .await;
    assert!(found.rows.iter().any(|row| row.id == person.id));
    walk.set(wanted(group)).await;
    walk.set(wanted(person)).await;
    assert_eq!(
        walk.rows(TableId::Users, "", RowFilter::Wanted)
            .await
            .matching,
        1
    );
    let attest = Attest {
        check: "own-admin-kept".to_owned(),
        by: "Alex".to_owned(),
        note: None,
    };
    walk.session.attest(attest).await.unwrap();

    walk.observe().await;
    let plan = walk.session.plan(()).await.unwrap();
    assert_eq!(plan.refusals, []);
    assert!(
        plan.changes.iter().all(|change| change.request.is_some()),
        "{:#?}",
        plan.changes
    );
    let text = serde_json::to_string(&plan).unwrap();
    assert!(text.contains("<secret>") && !text.contains(&walk.details.scim_token));

    let stale = ApplyRequest {
        job: "apply".to_owned(),
        digest: "another".to_owned(),
        only: None,
        fix: None,
    };
    let refused = walk.session.apply(stale, deaf()).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::WorldMoved);

    let confirmed = ApplyRequest {
        job: "apply".to_owned(),
        digest: plan.digest,
        only: None,
        fix: None,
    };
    let applied = walk.session.apply(confirmed, deaf()).await.unwrap();
    assert!(
        applied
            .outcome
            .changes
            .iter()
            .all(|change| change.state == ChangeState::Done),
        "{:#?}",
        applied.outcome
    );
    assert_eq!(applied.notice, None);
    assert!(applied.setup.setup.entra.app.service_principal_id.is_some());
    assert!(
        applied
            .setup
            .connectors
            .unwrap()
            .iter()
            .any(|one| one.chosen && one.same_target == Some(true))
    );
    assert!(applied.setup.journal.standing > 0 && applied.setup.journal.unfinished.is_empty());
    assert_eq!(walk.session.plan(()).await.unwrap().changes, []);
    let assigned = walk.rows(TableId::Groups, "", RowFilter::Assigned).await;
    assert_eq!(
        assigned.rows.iter().map(|row| &row.id).collect::<Vec<_>>(),
        [&group.id]
    );

    let one = ProvisionOne {
        job: "one".to_owned(),
        user_id: person.id.clone(),
    };
    let one = walk.session.provision_one(one, deaf()).await.unwrap();
    assert!(
        one.found && one.fields.iter().all(|field| field.same),
        "{:#?}",
        one.fields
    );

    let foreseen = walk.session.planned_rollback(()).await.unwrap();
    assert!(
        foreseen
            .changes
            .iter()
            .any(|change| change.undo == UndoKind::TakeBack)
    );
    let back = walk
        .session
        .rollback(start("rollback"), deaf())
        .await
        .unwrap();
    assert!(
        back.outcome
            .changes
            .iter()
            .any(|change| change.state == ChangeState::Undone),
        "{:#?}",
        back.outcome
    );
}

#[tokio::test]
async fn a_wrong_client_secret_is_told_in_words_and_leaves_nobody_signed_in() {
    let walk = Walk::begin("fresh").await;
    walk.set(SetupChange::TenantId(Some(walk.details.tenant_id.clone())))
        .await;
    walk.set(SetupChange::ClientId(Some(walk.details.client_id.clone())))
        .await;
    walk.set(SetupChange::SignIn(Some(SignIn::ClientSecret)))
        .await;
    walk.keep("entra-client-secret", "wrong~wrong~wrong~wrong")
        .await;
    let failure = walk
        .session
        .sign_in(start("sign-in"), deaf())
        .await
        .unwrap_err();
    assert_eq!(failure.code, FailureCode::SignIn);
    assert!(
        failure
            .details
            .is_some_and(|details| details.contains("AADSTS"))
    );
    assert_eq!(
        walk.session.current_setup(()).await.unwrap().signed_in,
        None
    );
}

#[tokio::test]
async fn another_tenant_ends_the_sign_in() {
    let walk = Walk::begin("fresh").await;
    assert!(walk.sign_in().await.signed_in.is_some());
    let view = walk
        .set(SetupChange::TenantId(Some("fabrikam.example".to_owned())))
        .await;
    assert_eq!(view.signed_in, None);
}

#[tokio::test]
async fn a_workspace_tells_its_account_and_tenant() {
    let walk = Walk::begin("fresh").await;
    let url = walk
        .details
        .endpoints
        .workspaces
        .values()
        .next()
        .unwrap()
        .clone();
    let found = walk
        .session
        .discover_workspace(DiscoverWorkspace { url })
        .await
        .unwrap();
    assert_eq!(
        found.account_id.as_deref(),
        Some(walk.details.account_id.as_str())
    );
    assert_eq!(
        found.tenant_id.as_deref(),
        Some(walk.details.tenant_id.as_str())
    );
    assert_eq!(
        found.account_scim_url.as_deref(),
        Some(walk.details.scim_url.as_str())
    );
    let foreign = DiscoverWorkspace {
        url: "https://adb-1.1.azuredatabricks.net".to_owned(),
    };
    let refused = walk.session.discover_workspace(foreign).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::BadInput);
}

#[tokio::test]
async fn leaving_practice_leaves_its_set_ups_behind() {
    let walk = Walk::begin("fresh").await;
    let info = walk.session.leave_practice(()).await.unwrap();
    assert_eq!(info.world, WorldView::Live);
    assert_eq!(info.open_setup, None);
    assert!(
        walk.session
            .list_setups(())
            .await
            .unwrap()
            .setups
            .is_empty()
    );
    let refused = walk.session.practice_credentials(()).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::Practice);
}
