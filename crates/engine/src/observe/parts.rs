//! What a connector is known by: its stored settings, its jobs, and who is assigned. Of many connectors, several in one request.

use futures::stream::{self, StreamExt as _};
use tokio_util::sync::CancellationToken;
use usher_entra::graph::{
    AppRoleAssignment, BATCH_SIZE, Call, Endpoint, GetSecrets, Graph, GraphError, ListAssignments,
    ListJobs, SecretSet, SynchronizationJob, read,
};

use super::IN_FLIGHT;

/// Calls a connector takes, so that a batch holds whole connectors.
const CALLS: usize = 3;

/// Connectors whose parts fit into one request.
const IN_A_BATCH: usize = BATCH_SIZE / CALLS;

/// What came of one connector.
pub(super) struct Parts {
    pub(super) secrets: Result<SecretSet, GraphError>,
    pub(super) jobs: Result<Vec<SynchronizationJob>, GraphError>,
    pub(super) assigned: Result<Vec<AppRoleAssignment>, GraphError>,
}

/// Several connectors' parts, or why their request got no answer.
pub(super) type Batch = Result<Vec<Parts>, GraphError>;

impl Parts {
    /// Asks for the parts of one connector, each by itself.
    pub(super) async fn of(graph: &Graph, id: &str, cancel: &CancellationToken) -> Self {
        let asked = Asked::of(id);
        let (secrets, jobs, assigned) = tokio::join!(
            graph.run(&asked.secrets, cancel),
            graph.all(&asked.jobs, cancel),
            graph.all(&asked.assigned, cancel),
        );
        Self {
            secrets,
            jobs,
            assigned,
        }
    }

    /// Asks for the parts of all of these, several in a request, and gives them by request, in their order.
    pub(super) fn of_many<'a>(
        graph: &'a Graph,
        ids: &'a [String],
        cancel: &'a CancellationToken,
    ) -> impl stream::Stream<Item = (&'a [String], Batch)> + 'a {
        stream::iter(ids.chunks(IN_A_BATCH))
            .map(async move |ids| (ids, several(graph, ids, cancel).await))
            .buffered(IN_FLIGHT)
    }

    /// Whether so few are asked better one by one: in four lanes that takes no longer, and each part is tried again by itself.
    pub(super) fn are_few(connectors: usize) -> bool {
        connectors <= IN_A_BATCH
    }
}

async fn several(graph: &Graph, ids: &[String], cancel: &CancellationToken) -> Batch {
    let asked: Vec<Asked> = ids.iter().map(|id| Asked::of(id)).collect();
    let calls: Vec<Call> = asked.iter().flat_map(Asked::calls).collect();
    let mut answers = graph.batch_calls(&calls, cancel).await?.into_iter();
    let mut found = Vec::with_capacity(ids.len());
    for asked in asked {
        let (Some(secrets), Some(jobs), Some(assigned)) =
            (answers.next(), answers.next(), answers.next())
        else {
            break;
        };
        let jobs = match read(&asked.jobs, jobs) {
            Ok(page) => graph.rest(&asked.jobs, page, cancel).await,
            Err(error) => Err(error),
        };
        let assigned = match read(&asked.assigned, assigned) {
            Ok(page) => graph.rest(&asked.assigned, page, cancel).await,
            Err(error) => Err(error),
        };
        found.push(Parts {
            secrets: read(&asked.secrets, secrets),
            jobs,
            assigned,
        });
    }
    Ok(found)
}

/// What is asked of one connector.
struct Asked {
    secrets: GetSecrets,
    jobs: ListJobs,
    assigned: ListAssignments,
}

impl Asked {
    fn of(id: &str) -> Self {
        let service_principal = || id.to_owned();
        Self {
            secrets: GetSecrets {
                service_principal: service_principal(),
            },
            jobs: ListJobs {
                service_principal: service_principal(),
            },
            assigned: ListAssignments {
                service_principal: service_principal(),
            },
        }
    }

    fn calls(&self) -> [Call; CALLS] {
        [self.secrets.call(), self.jobs.call(), self.assigned.call()]
    }
}
