//! Eyes for a move without sockets: Graph in process, and the Databricks side as it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use futures::FutureExt as _;
use futures::future::BoxFuture;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use usher_core::model::Setup;
use usher_core::observation::connector::LogSummary;
use usher_core::observation::databricks::{
    DatabricksGroup, DatabricksUser, Directory, GroupKind, WorkspaceAssignment, WorkspaceFacts,
};
use usher_core::observation::{DatabricksFacts, Observation, Seen};
use usher_engine::apply::Witness;
use usher_engine::observe::{
    Cancelled, ObserveContext, Observed, Secrets, What, observe_connectors,
};
use usher_entra::graph::Graph;
use usher_practice::databricks::{Databricks, Kind, Permission, Principal, Workspace, World};
use usher_practice::ids;
use usher_transport::Client;

use crate::world::WORKSPACES;

/// Looks.
pub(crate) struct Look {
    pub(crate) graph: Graph,
    pub(crate) http: Client,
    pub(crate) databricks: Databricks,
    pub(crate) federated: [Option<bool>; WORKSPACES],
    pub(crate) cancel: CancellationToken,
    /// Sees everyone active and nobody ever brought, as if the guards asked for nothing.
    pub(crate) blind: bool,
    /// In so many looks the account is read before the cycle whose end they see: nobody is active yet.
    pub(crate) early: AtomicU32,
}

impl Look {
    /// A look of which nobody has cancelled anything.
    pub(crate) async fn observe(&self, setup: &Setup) -> Observed {
        self.try_to_observe(setup).await.unwrap()
    }

    async fn try_to_observe(&self, setup: &Setup) -> Result<Observed, Cancelled> {
        let context = ObserveContext {
            setup,
            entra: None,
            http: &self.http,
            secrets: &Secrets::default(),
            what: What::EVERYTHING,
        };
        let mut observed = observe_connectors(&context, &self.graph, &self.cancel).await?;
        observed.observation.databricks = self.databricks();
        if self.blind {
            blind(&mut observed.observation);
        }
        let one_less = |left: u32| left.checked_sub(1);
        if let Ok(_early) = self.early.fetch_update(Relaxed, Relaxed, one_less) {
            let facts = &mut observed.observation.databricks;
            facts.directory.users = Seen::databricks(Vec::new(), Timestamp::now());
        }
        Ok(observed)
    }

    fn databricks(&self) -> DatabricksFacts {
        let world = self.databricks.world();
        let now = Timestamp::now();
        let users = world.all(Kind::User).values();
        let groups = world.all(Kind::Group).values();
        DatabricksFacts {
            directory: Directory {
                users: Seen::databricks(users.map(|one| user(one, one.active)).collect(), now),
                groups: Seen::databricks(
                    groups.map(|one| group(one, GroupKind::Account)).collect(),
                    now,
                ),
                ..Directory::default()
            },
            workspaces: (0..WORKSPACES).map(|at| self.facts(&world, at)).collect(),
            workspaces_complete: true,
            ..DatabricksFacts::default()
        }
    }

    fn facts(&self, world: &World, at: usize) -> WorkspaceFacts {
        let now = Timestamp::now();
        let workspace = &world.workspaces[&ids::WORKSPACES[at].id];
        let id = workspace.id.to_string();
        WorkspaceFacts {
            url: format!("http://127.0.0.1:{id}"),
            id,
            name: workspace.name.clone(),
            federated: self.federated[at].map_or_else(
                || Seen::unknown("Nobody said whether it is federated."),
                |federated| Seen::databricks(federated, now),
            ),
            directory: Directory {
                users: Seen::databricks(seated(world, workspace), now),
                groups: Seen::databricks(
                    workspace
                        .local_groups
                        .values()
                        .map(|one| group(one, GroupKind::WorkspaceLocal))
                        .collect(),
                    now,
                ),
                ..Directory::default()
            },
            assignments: Seen::databricks(assigned(world, workspace), now),
            ..WorkspaceFacts::default()
        }
    }
}

/// What guards go by is made to look well.
fn blind(seen: &mut Observation) {
    let now = Timestamp::now();
    let everyone = seen.entra.principals.users.values();
    let everyone = everyone.map(|user| DatabricksUser {
        user_name: user.user_principal_name.clone(),
        active: true,
        ..DatabricksUser::default()
    });
    seen.databricks.directory.users = Seen::databricks(everyone.collect(), now);
    let Seen::Known { value, .. } = &mut seen.entra.connectors else {
        return;
    };
    for connector in value {
        let log = LogSummary {
            since: Some(now),
            ..LogSummary::default()
        };
        connector.log = Seen::entra(log, now);
        if let Seen::Known { value: jobs, .. } = &mut connector.jobs {
            let nobody = vec![("User".to_owned(), 0)];
            jobs.iter_mut().for_each(|job| job.counts = nobody.clone());
        }
        if let Seen::Known { value, .. } = &mut connector.assignments {
            value.iter_mut().for_each(|one| one.created = None);
        }
    }
}

fn seated(world: &World, workspace: &Workspace) -> Vec<DatabricksUser> {
    let everyone = world.everyone_at(workspace);
    let people = everyone.iter().filter_map(|(id, seat)| {
        let principal = world.all(Kind::User).get(id)?;
        Some(user(principal, seat.active))
    });
    people.collect()
}

fn assigned(world: &World, workspace: &Workspace) -> Vec<WorkspaceAssignment> {
    let rows = workspace
        .assignments
        .iter()
        .filter_map(|(id, permissions)| {
            let principal = world.principal(*id)?;
            Some(WorkspaceAssignment {
                principal_id: id.to_string(),
                name: principal.name.clone(),
                is_group: principal.kind == Kind::Group,
                is_admin: permissions.contains(&Permission::Admin),
            })
        });
    rows.collect()
}

fn user(one: &Principal, active: bool) -> DatabricksUser {
    DatabricksUser {
        id: one.id.to_string().into(),
        user_name: one.name.as_str().into(),
        display_name: None,
        external_id: one.external_id.as_deref().map(Into::into),
        email: None,
        active,
    }
}

fn group(one: &Arc<Principal>, kind: GroupKind) -> DatabricksGroup {
    DatabricksGroup {
        id: one.id.to_string().into(),
        display_name: one.name.as_str().into(),
        external_id: one.external_id.as_deref().map(Into::into),
        kind,
        members: Some(one.members.iter().map(|id| id.to_string().into()).collect()),
        entitlements: Vec::new(),
    }
}

impl Witness for Look {
    fn look<'a>(&'a self, setup: &'a Setup) -> BoxFuture<'a, Result<Observed, Cancelled>> {
        self.try_to_observe(setup).boxed()
    }

    fn workspace<'a>(
        &'a self,
        _: &'a Setup,
        known: &'a WorkspaceFacts,
    ) -> BoxFuture<'a, Result<WorkspaceFacts, Cancelled>> {
        let at = ids::WORKSPACES
            .iter()
            .position(|seed| seed.id.to_string() == known.id)
            .unwrap();
        let facts = self.facts(&self.databricks.world(), at);
        async move { Ok(facts) }.boxed()
    }
}
