//! A day of practice: what a newcomer enters, presses and sees, as commands of the session.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};
use tempfile::TempDir;
use usher_core::model::DatabricksCloud;
use usher_core::model::setup::{Journey, Provisioning, Scope, SignIn};
use usher_core::outcome::ChangeState;
use usher_engine::session::view::*;
use usher_engine::session::{PracticeHost, Session, SessionOptions};
use usher_practice::Practice;
use usher_practice::entra::sample::{account_name, accounts};
use usher_practice::provisioning::run_all;

use super::table::{Look, Way};
use crate::portal::Host;
use crate::sign_in::follow;
use crate::sitting::{deaf, start};

/// The scenario with somebody else's workspace: the first is the account's own, the second is not.
const WORKSPACES: [&str; 2] = ["1001", "1002"];

pub(super) struct Day {
    session: Session,
    practice: Arc<Practice>,
    look: Look,
    /// Whether an application of one's own is given up for a new one.
    makes_new: Cell<bool>,
    _folder: TempDir,
}

impl Day {
    /// Starts practice, and begins what the look is about.
    pub(super) async fn begin(scenario: &str, look: Look) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let host = Arc::new(Host::default());
        let session = Session::new(SessionOptions {
            memory_vault: true,
            wait_scale: 0.05,
            practice: Some(Arc::clone(&host) as Arc<dyn PracticeHost>),
            browser: Arc::new(|url| {
                tokio::spawn(follow(url.parse().unwrap()));
                Ok(())
            }),
            documents_folder: folder.path().join("documents"),
            ..SessionOptions::in_folder(folder.path().join("data"))
        })
        .unwrap();
        let scenario = scenario.to_owned();
        let started = session.start_practice(StartPractice { scenario });
        started.await.unwrap();
        let begun = CreateSetup {
            name: "Rehearsal".to_owned(),
            journey: match look {
                Look::Move => Journey::Migrate,
                Look::Workspace => Journey::Workspace,
                _ => Journey::Account,
            },
            cloud: DatabricksCloud::Azure,
        };
        session.create_setup(begun).await.unwrap();
        let day = Self {
            practice: host.started(),
            session,
            look,
            makes_new: Cell::new(false),
            _folder: folder,
        };
        if !matches!(look, Look::Check(_)) {
            day.enter_url().await;
        }
        let word = json!({ "check": "own-admin-kept", "by": "Ada Byron" });
        let word = serde_json::from_value(word).unwrap();
        // A workspace's set-up has no such check.
        let _ = day.session.attest(word).await;
        day
    }

    async fn set(&self, change: SetupChange) -> SetupView {
        let request = ChangeSetup { change };
        self.session.change_setup(request).await.unwrap()
    }

    async fn keep(&self, slot: Value, text: &str) {
        let now = jiff::Timestamp::now().to_string();
        let request = json!({ "slot": slot, "text": text, "createdAt": now });
        let request = serde_json::from_value(request).unwrap();
        self.session.keep_token(request).await.unwrap();
    }

    async fn enter_url(&self) {
        let details = self.practice.details();
        let text = if self.look == Look::Workspace {
            let origin = &details.endpoints.workspaces[WORKSPACES[0]];
            format!("{origin}/api/2.0/preview/scim")
        } else {
            details.scim_url.clone()
        };
        self.session.use_url(RecogniseUrl { text }).await.unwrap();
    }

    /// Pastes the tokens as the portal shows them now.
    async fn enter_tokens(&self) {
        let setup = self.session.current_setup(()).await.unwrap().setup;
        let details = self.practice.live_details();
        let url = setup.databricks.scim_url.unwrap_or_default();
        let mut workspaces = details.endpoints.workspaces.iter();
        let of_workspace = workspaces.find(|(_, origin)| url.starts_with(origin.as_str()));
        let token = match of_workspace {
            Some((id, _)) => &details.pats[id],
            None => &details.scim_token,
        };
        self.keep(json!({ "slot": "scim-token" }), token).await;
        for workspace in setup.databricks.workspaces {
            let slot = json!({ "slot": "workspace-token", "workspaceId": workspace.id });
            self.keep(slot, &details.pats[&workspace.id]).await;
        }
    }

    async fn sign_in(&self, way: SignIn) -> Result<(), Failure> {
        let details = self.practice.live_details();
        self.set(SetupChange::TenantId(Some(details.tenant_id)))
            .await;
        self.set(SetupChange::ClientId(Some(details.client_id)))
            .await;
        self.set(SetupChange::SignIn(Some(way))).await;
        let slot = json!({ "slot": "entra-client-secret" });
        self.keep(slot, &details.client_secret).await;
        if way == SignIn::DeviceCode {
            // Somebody enters the code.
            let admin = Some(account_name(accounts::ADMIN));
            self.practice
                .entra()
                .turn(|knobs| knobs.auto_approve = admin);
        }
        self.session.sign_in(start("in"), deaf()).await.map(drop)
    }

    /// Looks, with what is there to be entered now.
    pub(super) async fn look(&self) -> Result<SetupView, Failure> {
        match self.look {
            Look::Check(way) => self.check(way).await,
            Look::Test => {
                self.enter_tokens().await;
                self.session.test_connection(start("test"), deaf()).await
            }
            Look::Address => self.address().await,
            Look::Account | Look::Workspace => {
                self.sign_in(SignIn::ClientSecret).await?;
                self.choose().await;
                self.observe().await
            }
            Look::Move => self.inventory().await,
        }
    }

    async fn observe(&self) -> Result<SetupView, Failure> {
        self.enter_tokens().await;
        self.session.test_connection(start("test"), deaf()).await?;
        self.session.observe(start("look"), deaf()).await
    }

    /// The three questions, then the findings; the second has an answer where there is a connector.
    async fn check(&self, way: SignIn) -> Result<SetupView, Failure> {
        self.sign_in(way).await?;
        let found = self.session.find_connectors(start("find"), deaf()).await?;
        let known = &found.setup.entra.app.service_principal_id;
        let connectors = found.connectors.unwrap_or_default();
        let asked = known.is_none() && !self.makes_new.get();
        if let Some(one) = connectors.first().filter(|_| asked) {
            let service_principal_id = one.service_principal_id.clone();
            let taken = UseConnector {
                service_principal_id,
            };
            self.session.use_connector(taken).await?;
        }
        let url = self.session.current_setup(()).await?.url;
        if url.verdict != ReadingVerdict::Good {
            self.enter_url().await;
        }
        let view = self.observe().await?;
        // Connectors of another template are found by looking everywhere, which the page offers where it may.
        let all = self.session.deep_scan(start("deep"), deaf()).await;
        let scan = all.ok().and_then(|all| all.setup.entra.deep_scan);
        match scan {
            Some(scan) if scan.found.len() > 1 => self.observe().await,
            _ => Ok(view),
        }
    }

    /// Inventory: workspaces behind the connectors, their tokens, the second credential.
    async fn inventory(&self) -> Result<SetupView, Failure> {
        self.sign_in(SignIn::ClientSecret).await?;
        let details = self.practice.live_details();
        self.set(SetupChange::DatabricksClientId(Some(
            details.databricks_client_id,
        )))
        .await;
        let slot = json!({ "slot": "databricks-client-secret" });
        self.keep(slot, &details.databricks_client_secret).await;
        self.observe().await?;
        self.session.name_workspaces(start("name"), deaf()).await?;
        self.observe().await
    }

    /// What a workspace's address tells: whose it is, and where that disagrees.
    async fn address(&self) -> Result<SetupView, Failure> {
        let details = self.practice.details();
        self.set(SetupChange::TenantId(Some(details.tenant_id.clone())))
            .await;
        let disagreements = async |id: &str| {
            let url = details.endpoints.workspaces[id].clone();
            let asked = DiscoverWorkspace { url };
            self.session.discover_workspace(asked).await.unwrap()
        };
        let [own, foreign] = WORKSPACES;
        assert_eq!(disagreements(own).await.disagreements.len(), 0);
        assert_eq!(disagreements(foreign).await.disagreements.len(), 2);
        self.session.current_setup(()).await
    }

    /// Chooses everybody's group, and one of a department.
    async fn choose(&self) {
        for name in ["databricks-users", "databricks-analysts"] {
            let group = self.practice.entra().read(|directory| {
                let mut groups = directory.groups.iter();
                let group = groups.find(|group| group.display_name == name);
                group.unwrap().id.to_string()
            });
            let wanted = json!({ "type": "group", "id": group, "displayName": name });
            let wanted = serde_json::from_value(wanted).unwrap();
            self.set(SetupChange::AddAssignment(wanted)).await;
        }
    }

    /// What there is to press in the portals.
    pub(super) async fn presses(&self) -> BTreeSet<String> {
        let portal = self.session.practice_credentials(()).await.unwrap();
        portal.presses.into_iter().map(|one| one.name).collect()
    }

    /// Goes a way; what is wrong with it.
    pub(super) async fn go(&self, way: Way) -> Option<String> {
        match way {
            Way::Press(name) => {
                let name = name.to_owned();
                let pressed = self.session.press_in_portal(PressInPortal { name }).await;
                let said = pressed.unwrap().said;
                said.is_none().then(|| "a press says nothing".to_owned())
            }
            Way::Fix(check) => self.fix(check).await,
            Way::SetUp => self.set_up().await,
            Way::Refused => {
                let told = self.set_up().await;
                told.is_none().then(|| "nothing is refused".to_owned())
            }
            Way::Notify => {
                let address = "iam@contoso.example".to_owned();
                self.set(SetupChange::NotificationEmail(Some(address)))
                    .await;
                None
            }
            Way::Choose => {
                self.choose().await;
                None
            }
            Way::New => {
                self.makes_new.set(true);
                let name = Some("Databricks from the gallery".to_owned());
                self.set(SetupChange::AppId(None)).await;
                self.set(SetupChange::AppName(name)).await;
                None
            }
            Way::Cycle => {
                self.cycle().await;
                None
            }
        }
    }

    /// Time goes by: a cycle of every job that is on.
    pub(super) async fn cycle(&self) {
        drop(run_all(self.practice.entra(), None).await);
    }

    /// "Fix it": the plan of exactly this check, confirmed.
    async fn fix(&self, check: &str) -> Option<String> {
        if let Err(failure) = self.look().await {
            return Some(format!("{check}: {failure:?}"));
        }
        let asked = PlanFix {
            check: check.to_owned(),
        };
        let wrong = match self.session.plan_fix(asked).await {
            Ok(plan) => self.apply(plan, Some(check)).await,
            Err(failure) => Some(format!("{failure:?}")),
        };
        wrong.map(|wrong| format!("{check}: {wrong}"))
    }

    /// The journey's whole plan.
    async fn set_up(&self) -> Option<String> {
        for change in [
            SetupChange::AssignmentRequired(Some(false)),
            SetupChange::Scope(Some(Scope::Assigned)),
            SetupChange::Provisioning(Some(Provisioning::On)),
            SetupChange::DeleteThreshold(Some(500)),
        ] {
            self.set(change).await;
        }
        self.choose().await;
        if let Err(failure) = self.look().await {
            return Some(format!("{failure:?}"));
        }
        let plan = self.session.plan(()).await.unwrap();
        self.apply(plan, None).await
    }

    /// Confirms a plan; what is wrong with it, or with what became of it.
    async fn apply(&self, plan: PlanView, fix: Option<&str>) -> Option<String> {
        if plan.changes.is_empty() || !plan.refusals.is_empty() {
            return Some(format!("offers nothing: {:?}", plan.refusals));
        }
        let consent = self.session.allow_writing(start("consent"), deaf());
        consent.await.unwrap();
        let request = json!({ "job": "apply", "digest": plan.digest, "fix": fix });
        let request = serde_json::from_value(request).unwrap();
        let applied = match self.session.apply(request, deaf()).await {
            Ok(applied) => applied,
            Err(failure) => return Some(format!("{failure:?}")),
        };
        let mut made = applied.outcome.changes.into_iter();
        let failed = made.find(|change| change.state != ChangeState::Done)?;
        Some(format!("{failed:?}"))
    }
}
