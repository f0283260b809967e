//! A practice tenant with everything that observing, planning and applying need.

use std::sync::{Arc, Mutex};

use serde_json::json;
use usher_core::model::{Endpoints, EntraCloud, Secret, Setup, World};
use usher_core::outcome::ChangeState;
use usher_core::plan::{Plan, PlanOptions, account};
use usher_engine::apply::{
    Applied, ApplyError, ApplyEvent, Executor, Journal, MemoryJournal, ScimToken,
    created_application,
};
use usher_engine::observe::{Entra, ObserveContext, Observed, Secrets, What, observe};
use usher_entra::signin::{SignInFault, SignInService, SignedIn};
use usher_practice::entra::Knobs;
use usher_practice::{Options, Practice};
use usher_transport::{CancellationToken, Client, ClientConfig};

use crate::tap::Tap;

/// Our own waits, shortened: a window of ten minutes is six tenths of a second.
const WAIT_SCALE: f64 = 0.001;

/// A practice tenant, signed in to with the client secret.
pub(crate) struct Tenant {
    pub(crate) practice: Practice,
    pub(crate) client: Client,
    pub(crate) entra: Entra,
    pub(crate) setup: Setup,
    pub(crate) secrets: Secrets,
    pub(crate) cancel: CancellationToken,
}

impl Tenant {
    pub(crate) async fn start(scenario: &str) -> Self {
        Self::on(practice(scenario).await, WAIT_SCALE).await
    }

    /// A tenant whose own sign-in is kept out: this one comes in before the door is shut.
    pub(crate) async fn before_the_door_shuts(scenario: &str) -> Self {
        let practice = practice(scenario).await;
        let (knobs, registrations) = (
            practice.entra().knobs(),
            practice
                .entra()
                .read(|directory| directory.registrations.clone()),
        );
        practice.entra().turn(|turned| *turned = Knobs::default());
        practice.entra().change(|directory| {
            let mut secrets = directory
                .registrations
                .iter_mut()
                .flat_map(|one| &mut one.secrets);
            secrets.next().unwrap().expires = jiff::Timestamp::MAX;
        });
        let tenant = Self::on(practice, WAIT_SCALE).await;
        let entra = tenant.practice.entra();
        entra.turn(|turned| *turned = knobs);
        entra.change(|directory| directory.registrations = registrations);
        tenant
    }

    /// A tenant that is waited for fifty times as long: half a minute for what has to appear.
    pub(crate) async fn patient(scenario: &str) -> Self {
        Self::on(practice(scenario).await, 50.0 * WAIT_SCALE).await
    }

    async fn on(practice: Practice, wait_scale: f64) -> Self {
        let world = World::Mapped(Endpoints::parse(&practice.endpoints_json()).unwrap());
        let client = Client::new(ClientConfig {
            wait_scale,
            ..ClientConfig::new(world)
        })
        .unwrap();
        let entra = signed_in(&practice, &client).await.unwrap();
        let details = practice.details();
        let secrets = Secrets {
            scim_token: Some(Secret::new(details.scim_token.clone())),
            databricks_client: Some(Secret::new(details.databricks_client_secret.clone())),
            workspace_tokens: Default::default(),
        };
        let setup = setup(&practice);
        Self {
            practice,
            client,
            entra,
            setup,
            secrets,
            cancel: CancellationToken::new(),
        }
    }

    /// Signs in anew, with the client secret as it is now: a permission counts in a new token only.
    pub(crate) async fn sign_in(&mut self) {
        self.entra = signed_in(&self.practice, &self.client).await.unwrap();
    }

    /// Asks for a person and a group of the tenant to be assigned.
    pub(crate) fn assign_someone(&mut self) {
        let (user, group) = self.practice.entra().read(|directory| {
            let user = directory
                .users
                .iter()
                .nth(5)
                .map(|user| user.id.to_string())
                .unwrap();
            let group = directory
                .groups
                .iter()
                .find(|group| group.members.len() > 2)
                .map(|group| group.id.to_string());
            (user, group.unwrap())
        });
        self.setup.want.assign = serde_json::from_value(json!([
            { "type": "user", "id": user, "displayName": "A person" },
            { "type": "group", "id": group, "displayName": "A group" },
        ]))
        .unwrap();
    }

    pub(crate) async fn observe(&self) -> Observed {
        self.observe_with(&self.entra).await
    }

    pub(crate) async fn observe_with(&self, entra: &Entra) -> Observed {
        let context = ObserveContext {
            setup: &self.setup,
            entra: Some(entra),
            http: &self.client,
            secrets: &self.secrets,
            what: What::EVERYTHING,
        };
        Box::pin(observe(&context, &|_| {}, &self.cancel))
            .await
            .unwrap()
    }

    pub(crate) fn plan(&self, observed: &Observed) -> Plan {
        let options = PlanOptions {
            token_held: true,
            admin_confirmed: true,
            address_fault: None,
        };
        account::plan(
            &self.setup,
            &observed.observation,
            options,
            jiff::Timestamp::now(),
        )
    }

    pub(crate) fn token(&self) -> ScimToken {
        ScimToken {
            url: self
                .setup
                .databricks
                .scim_url
                .as_deref()
                .unwrap()
                .parse()
                .unwrap(),
            secret: self.secrets.scim_token.clone().unwrap(),
        }
    }

    /// Observe, plan, apply, as a face does it: recover first, take the application from the journal.
    pub(crate) async fn run(&mut self, journal: &mut dyn Journal) -> Result<Applied, ApplyError> {
        Box::pin(self.recover(journal)).await?;
        let observed = Box::pin(self.observe()).await;
        let plan = self.plan(&observed);
        assert_eq!(plan.refusals, [], "the plan is refused");
        Box::pin(self.apply(&plan, &observed, journal)).await
    }

    pub(crate) async fn recover(&mut self, journal: &mut dyn Journal) -> Result<(), ApplyError> {
        let token = self.token();
        executor(&self.entra, journal, &token, &|_| {}, &self.cancel)
            .recover()
            .await?;
        if let Some(id) = created_application(&journal.lines()) {
            self.setup.entra.app.service_principal_id = Some(id);
        }
        Ok(())
    }

    /// What the set-up's applications have come to, without what differs from run to run: ids and times.
    pub(crate) fn end_state(&self) -> serde_json::Value {
        self.practice.entra().read(|directory| {
            let named = directory
                .service_principals
                .iter()
                .filter(|principal| principal.display_name == NAME);
            let state = named.map(|principal| {
                let mut assigned: Vec<String> = principal
                    .assignments
                    .iter()
                    .map(|row| row.principal_id.to_string())
                    .collect();
                assigned.sort();
                let jobs: Vec<&str> = principal
                    .synchronization
                    .jobs
                    .iter()
                    .map(|job| job.schedule.name())
                    .collect();
                let mut settings = principal.synchronization.secrets.clone();
                if let Some(address) = settings.get_mut("BaseAddress") {
                    *address =
                        address.replace(&self.practice.details().endpoints.databricks_accounts, "");
                }
                json!({
                    "assignmentRequired": principal.assignment_required,
                    "assigned": assigned,
                    "settings": settings,
                    "jobs": jobs,
                })
            });
            state.collect()
        })
    }

    pub(crate) async fn apply(
        &self,
        plan: &Plan,
        observed: &Observed,
        journal: &mut dyn Journal,
    ) -> Result<Applied, ApplyError> {
        let token = self.token();
        executor(&self.entra, journal, &token, &|_| {}, &self.cancel)
            .apply(plan, observed, None)
            .await
    }

    pub(crate) async fn rollback(&self, journal: &mut dyn Journal) -> Applied {
        let observed = self.observe().await;
        let token = self.token();
        executor(&self.entra, journal, &token, &|_| {}, &self.cancel)
            .rollback(&observed)
            .await
            .unwrap()
    }

    /// How many enterprise applications have a name.
    pub(crate) fn applications_named(&self, name: &str) -> usize {
        self.practice.entra().read(|directory| {
            directory
                .service_principals
                .iter()
                .filter(|principal| principal.display_name == name)
                .count()
        })
    }
}

async fn practice(scenario: &str) -> Practice {
    let options = Options {
        scenario: scenario.to_owned(),
        ..Options::default()
    };
    Practice::start(options).await.unwrap()
}

/// Signed in to Graph with the client secret as it is now.
async fn signed_in(practice: &Practice, client: &Client) -> Result<Entra, SignInFault> {
    let details = practice.live_details();
    let service = SignInService::new(
        client.clone(),
        EntraCloud::Global,
        &details.tenant_id,
        &details.client_id,
    )?;
    let secret = Secret::new(details.client_secret);
    let signed_in =
        SignedIn::with_client_secret(service, secret, &CancellationToken::new()).await?;
    let mut entra = Entra::new(signed_in).unwrap();
    // Every request and answer of every test is held against the contract.
    entra.graph = entra.graph.through(|inner| Arc::new(Tap::checking(inner)));
    Ok(entra)
}

pub(crate) fn executor<'a>(
    entra: &'a Entra,
    journal: &'a mut dyn Journal,
    token: &'a ScimToken,
    events: &'a (dyn Fn(ApplyEvent) + Send + Sync),
    cancel: &'a CancellationToken,
) -> Executor<'a> {
    Executor {
        graph: &entra.graph,
        journal,
        token: Some(token),
        events,
        cancel,
    }
}

/// Collects events.
#[derive(Clone, Default)]
pub(crate) struct Heard(Arc<Mutex<Vec<ApplyEvent>>>);

impl Heard {
    pub(crate) fn sink(&self) -> impl Fn(ApplyEvent) + Send + Sync + use<> {
        let heard = Arc::clone(&self.0);
        move |event| heard.lock().unwrap().push(event)
    }

    pub(crate) fn all(&self) -> Vec<ApplyEvent> {
        self.0.lock().unwrap().clone()
    }
}

/// The states of a run's changes by id.
pub(crate) fn states(applied: &Applied) -> Vec<(String, ChangeState)> {
    applied
        .outcome
        .changes
        .iter()
        .map(|change| (change.id.clone(), change.state))
        .collect()
}

/// Every change that did not come to a good end, for messages.
pub(crate) fn troubles(applied: &Applied) -> Vec<String> {
    let bad = applied
        .outcome
        .changes
        .iter()
        .filter(|change| change.error.is_some() || change.state == ChangeState::NotTried);
    bad.map(|change| {
        format!(
            "{} {:?} {:?} {:?}",
            change.id, change.state, change.error, change.reason
        )
    })
    .collect()
}

pub(crate) fn memory() -> MemoryJournal {
    MemoryJournal::default()
}

/// The name the application gets.
pub(crate) const NAME: &str = "Databricks provisioning";

fn setup(practice: &Practice) -> Setup {
    let details = practice.details();
    serde_json::from_value(json!({
        "schema": "usher.setup/1",
        "name": "Practice",
        "journey": "account",
        "cloud": "azure",
        "entra": {
            "tenantId": details.tenant_id, "signIn": "client-secret", "clientId": details.client_id,
            "app": { "displayName": NAME, "servicePrincipalId": null },
        },
        "databricks": {
            "accountId": details.account_id, "scimUrl": details.scim_url,
            "servicePrincipalClientId": details.databricks_client_id, "workspaces": [],
        },
        "want": {
            "assignmentRequired": false, "scope": "assigned", "provisioning": "on",
            "notificationEmail": "iam@contoso.example", "deleteThreshold": 500, "assign": [],
        },
    }))
    .unwrap()
}
