//! What a scenario does once every host answers.

use futures::future::BoxFuture;
use uuid::Uuid;

use crate::databricks::Databricks;
use crate::entra::Entra;
use crate::entra::connector::Job;
use crate::entra::sample::{self, Connector};
use crate::harness::{FaultRule, Harness};
use crate::practice::Details;
use crate::seed::People;
use crate::{ids, provisioning};

/// What a scenario does once every host answers and before anybody else comes.
pub type Opening = fn(Stage) -> BoxFuture<'static, ()>;

/// Both sides, served, for an opening to work on.
#[derive(Debug, Clone)]
pub struct Stage {
    /// The Entra side.
    pub entra: Entra,
    /// The Databricks side.
    pub databricks: Databricks,
    /// The people both sides may know.
    pub people: People,
    /// Faults, clock and logs.
    pub harness: Harness,
    /// Where everything listens.
    pub details: Details,
}

impl Stage {
    /// The account connector as it should be.
    pub fn account_connector(&self) -> Connector {
        Connector::right(
            sample::GALLERY_NAME,
            &self.details.scim_url,
            &self.details.scim_token,
        )
    }

    /// A workspace's connector as the legacy article makes it.
    pub fn workspace_connector(&self, workspace: &ids::WorkspaceSeed) -> Connector {
        self.connector_of(workspace.id, workspace.name)
    }

    /// The connector of the workspace with this id and name.
    pub fn connector_of(&self, workspace: u64, name: &str) -> Connector {
        let id = workspace.to_string();
        let origin = self
            .details
            .endpoints
            .workspaces
            .get(&id)
            .map_or("", String::as_str);
        let name = format!("Databricks {name}");
        let address = format!("{origin}/api/2.0/preview/scim");
        let mut connector = Connector::right(&name, &address, &ids::pat(workspace));
        connector.assignment_required = true;
        connector
    }

    /// Puts a connector into the tenant, with these people and groups assigned.
    pub fn put(&self, connector: &Connector, assigned: &[Uuid]) -> Uuid {
        let now = self.harness.clock.now();
        self.entra.change(|directory| {
            let id = connector.put(directory, now);
            for who in assigned {
                sample::assign(directory, id, *who, now);
            }
            id
        })
    }

    /// The group of that name.
    pub fn group(&self, name: &str) -> Uuid {
        self.people
            .group(name)
            .map_or(Uuid::nil(), |group| group.entra_id)
    }

    /// Takes the faults away for which `which` is true.
    pub fn forget_faults(&self, which: impl Fn(&FaultRule) -> bool) {
        drop(self.harness.faults.take(which));
    }

    /// Changes the only job of a connector.
    pub fn job(&self, connector: Uuid, change: impl FnOnce(&mut Job)) {
        self.entra.change(|directory| {
            let principal = directory.service_principals.get_mut(&connector);
            if let Some(job) =
                principal.and_then(|principal| principal.synchronization.jobs.first_mut())
            {
                change(job);
            }
        });
    }

    /// Starts a connector and runs its first cycle.
    pub async fn run(&self, connector: Uuid) {
        self.job(connector, |job| {
            job.start();
            job.due = false;
        });
        drop(provisioning::run_all(&self.entra, Some(connector)).await);
    }
}
