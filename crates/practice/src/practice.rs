//! Starting, describing and stopping a practice tenant.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::databricks::{Addresses, Databricks, account, workspace};
use crate::entra::{self, Entra};
use crate::harness::{
    Bound, Change, Harness, LoggedRequest, RateLimits, TimeScale, control, serve,
};
use crate::portal::{self, Portal};
use crate::provisioning::{self, scim::HttpWire};
use crate::scenario::Stage;
use crate::seed::People;
use crate::{ids, scenario};

/// How a practice tenant is to be.
#[derive(Debug, Clone)]
pub struct Options {
    /// The name of the scenario; [`crate::scenarios`] lists them.
    pub scenario: String,
    /// The same seed gives the same people and ids.
    pub seed: u64,
    /// How many people exist; `None`: as many as the scenario says. Of the large scenarios groups and workspaces go by it.
    pub people: Option<usize>,
    /// How long each answer waits before it is given.
    pub latency: Duration,
    /// When provisioning cycles run.
    pub time: TimeScale,
    /// The published rate limits, when they are to be enforced.
    pub rate_limits: Option<RateLimits>,
    /// How many reads of a group after a change may still show the old state: every other of them does.
    pub stale_group_reads: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            scenario: "fresh".to_owned(),
            seed: 1,
            people: None,
            latency: Duration::ZERO,
            time: TimeScale::WhenAsked,
            rate_limits: None,
            stale_group_reads: 0,
        }
    }
}

/// Why a practice tenant could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// There is no such scenario.
    #[error("there is no practice scenario named {0}")]
    UnknownScenario(String),
    /// No loopback port.
    #[error("the practice tenant could not take a port of this machine")]
    Bind(#[from] std::io::Error),
}

/// The endpoints file: one loopback origin for each real host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Endpoints {
    /// `practice`.
    pub name: String,
    /// Sign-in.
    pub login: String,
    /// Microsoft Graph.
    pub graph: String,
    /// The account host.
    pub databricks_accounts: String,
    /// The workspace hosts by workspace id.
    pub workspaces: BTreeMap<String, String>,
}

/// What `usher practice` tells (`usher.practice/1`): where it listens and its credentials, worth nothing elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Details {
    /// `usher.practice/1`.
    pub schema: String,
    /// When it started.
    pub generated_at: Timestamp,
    /// The version of the product.
    pub version: String,
    /// The scenario's name.
    pub scenario: String,
    /// The endpoints file.
    pub endpoints: Endpoints,
    /// The control API's origin.
    pub control: String,
    /// The Entra tenant.
    pub tenant_id: String,
    /// The Databricks account.
    pub account_id: String,
    /// The account SCIM URL as the account console shows it.
    pub scim_url: String,
    /// The Entra app registration that may sign in.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// The Databricks service principal that is account admin.
    pub databricks_client_id: String,
    /// Its OAuth secret.
    pub databricks_client_secret: String,
    /// The account SCIM token.
    pub scim_token: String,
    /// A personal access token by workspace id.
    pub pats: BTreeMap<String, String>,
}

/// A running practice tenant. It stops when dropped.
#[derive(Debug)]
pub struct Practice {
    details: Details,
    harness: Harness,
    databricks: Databricks,
    entra: Entra,
    pub(crate) portal: Portal,
    stop: CancellationToken,
    hosts: JoinSet<std::io::Result<()>>,
}

impl Practice {
    /// Starts a practice tenant; when this returns, every host answers.
    ///
    /// # Errors
    /// An unknown scenario, or no free loopback port.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let scenario = scenario::find(&options.scenario)
            .ok_or_else(|| StartError::UnknownScenario(options.scenario.clone()))?;
        let harness = Harness {
            latency: options.latency,
            rate_limits: options.rate_limits,
            ..Harness::default()
        };
        let people = options.people.unwrap_or(scenario.people);
        let people = People::generate(options.seed, people);
        let mut tenant = scenario::Tenant::usual(people, harness.clone());
        (scenario.build)(&mut tenant);
        tenant.world.stale_group_reads = options.stale_group_reads;
        for rule in tenant.faults {
            harness.faults.add(rule);
        }

        let stop = CancellationToken::new();
        let mut hosts = JoinSet::new();
        let login = Bound::bind("login").await?;
        let graph = Bound::bind("graph").await?;
        let account = Bound::bind("account").await?;
        let control_host = Bound::bind("control").await?;
        let mut workspaces = BTreeMap::new();
        for id in tenant.world.workspaces.keys() {
            workspaces.insert(*id, Bound::bind(format!("workspace-{id}")).await?);
        }
        let endpoints = Endpoints {
            name: "practice".to_owned(),
            login: login.origin.url.clone(),
            graph: graph.origin.url.clone(),
            databricks_accounts: account.origin.url.clone(),
            workspaces: workspaces
                .iter()
                .map(|(id, bound)| (id.to_string(), bound.origin.url.clone()))
                .collect(),
        };
        let addresses = Addresses {
            account: account.origin.url.clone(),
            workspaces: workspaces
                .iter()
                .map(|(id, bound)| (*id, bound.origin.url.clone()))
                .collect(),
        };
        let databricks = Databricks::new(tenant.world, harness.clone(), addresses);
        let details = details(scenario.name, endpoints, control_host.origin.url.clone());

        hosts.spawn(serve(
            account,
            account::router(databricks.clone()),
            harness.clone(),
            stop.clone(),
        ));
        for (id, bound) in workspaces {
            hosts.spawn(serve(
                bound,
                workspace::router(databricks.clone(), id),
                harness.clone(),
                stop.clone(),
            ));
        }
        let databricks_control = crate::databricks::control::router(databricks.clone());
        let wire = Arc::new(HttpWire::new()?);
        let entra = Entra::new(tenant.directory, tenant.knobs, harness.clone(), wire);
        let entra_hosts = [(login, entra.login_router()), (graph, entra.graph_router())];
        for (bound, router) in entra_hosts {
            hosts.spawn(serve(bound, router, harness.clone(), stop.clone()));
        }
        let entra_control = entra::control::router(entra.clone());
        let stage = Stage {
            entra: entra.clone(),
            databricks: databricks.clone(),
            people: tenant.people,
            harness: harness.clone(),
            details: details.clone(),
        };
        let portal = Portal::new(&scenario, stage.clone());
        hosts.spawn(serve(
            control_host,
            control::router(harness.clone())
                .merge(databricks_control)
                .merge(entra_control)
                .merge(portal::control::router(portal.clone())),
            Harness::default(),
            stop.clone(),
        ));
        if let Some(opening) = tenant.opening {
            opening(stage).await;
        }
        let schedule = provisioning::keep_time(entra.clone(), options.time, stop.clone());
        hosts.spawn(async move {
            schedule.await;
            Ok(())
        });
        Ok(Self {
            details,
            harness,
            databricks,
            entra,
            portal,
            stop,
            hosts,
        })
    }

    /// Where everything listens, and the credentials to begin with; [`Practice::live_details`] has those after a press.
    pub fn details(&self) -> &Details {
        &self.details
    }

    /// The endpoints file as JSON.
    pub fn endpoints_json(&self) -> String {
        serde_json::to_string_pretty(&self.details.endpoints).unwrap_or_default()
    }

    /// The faults, logs, clock and tokens of this tenant.
    pub fn control(&self) -> &Harness {
        &self.harness
    }

    /// The Databricks side, to look into and to change from outside the API.
    pub fn databricks(&self) -> &Databricks {
        &self.databricks
    }

    /// The Entra side, to look into and to change from outside Graph, as a person in the portal would.
    pub fn entra(&self) -> &Entra {
        &self.entra
    }

    /// Every change so far, oldest first.
    pub fn changes(&self) -> Vec<Change> {
        self.harness.changes.entries()
    }

    /// Every request so far, oldest first.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.harness.requests.entries()
    }

    /// Stops every host, closes every connection, and returns when that is done.
    pub async fn stop(mut self) {
        self.stop.cancel();
        while self.hosts.join_next().await.is_some() {}
    }
}

impl Drop for Practice {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

pub(crate) fn details(scenario: &str, endpoints: Endpoints, control: String) -> Details {
    Details {
        schema: "usher.practice/1".to_owned(),
        generated_at: Timestamp::now(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        scenario: scenario.to_owned(),
        scim_url: format!(
            "{}/api/2.1/accounts/{}/scim/v2",
            endpoints.databricks_accounts,
            ids::ACCOUNT_ID
        ),
        control,
        tenant_id: ids::TENANT_ID.to_owned(),
        account_id: ids::ACCOUNT_ID.to_owned(),
        client_id: ids::CLIENT_ID.to_owned(),
        client_secret: ids::CLIENT_SECRET.to_owned(),
        databricks_client_id: ids::DATABRICKS_CLIENT_ID.to_owned(),
        databricks_client_secret: ids::DATABRICKS_CLIENT_SECRET.to_owned(),
        scim_token: ids::SCIM_TOKEN.to_owned(),
        pats: endpoints
            .workspaces
            .keys()
            .filter_map(|id| Some((id.clone(), ids::pat(id.parse().ok()?))))
            .collect(),
        endpoints,
    }
}
