//! One connector: stored settings, jobs, schema, who is assigned, Entra's own test, the log.

use usher_core::observation::connector::{
    AppRole, Assignment, ConnectorSecrets, CredentialCheck, Notification,
};
use usher_core::observation::{Connector, Seen};
use usher_entra::graph::{
    AppRoleAssignment, Credentials, DATABRICKS_TEMPLATE, GetSchema, Graph, GraphError, ListJobs,
    ScheduleState, Schema, SecretSet, ServicePrincipal, SynchronizationJob, ValidateCredentials,
    Verdict, verdict,
};
use usher_entra::render::Material;

use super::parts::Parts;
use super::refusal::unknown;
use super::{Eyes, convert, log};

/// How much of a connector is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// How it stands.
    Parts,
    /// Its schema as well: what the connectors of a move map. Log and Entra's own test only where it is off and could be started
    /// again: reports are allowed five times in ten seconds (facts/entra §4), and nothing is decided by those of a running one.
    Move,
    /// Everything.
    Own,
}

/// A connector from its parts, with what is read besides.
pub(super) async fn look(
    eyes: &Eyes<'_>,
    graph: &Graph,
    principal: &ServicePrincipal,
    parts: Parts,
    depth: Depth,
) -> (Connector, Material) {
    let Parts {
        secrets,
        jobs,
        assigned,
    } = parts;
    let mut material = Material::default();
    let secrets = match secrets {
        Ok(set) => {
            let facts = eyes.seen(secret_facts(&set));
            material.secrets = Some(set);
            facts
        }
        Err(error) => unknown(&error),
    };
    let mut connector = Connector {
        assignment_required: eyes.seen(principal.app_role_assignment_required),
        secrets,
        assignments: assigned.map_or_else(
            |error| unknown(&error),
            |rows| eyes.seen(rows.into_iter().filter_map(assignment).collect()),
        ),
        ..about(principal)
    };
    match jobs {
        Ok(jobs) if depth != Depth::Parts => {
            rest(eyes, graph, &jobs, depth, &mut connector, &mut material).await;
        }
        Ok(jobs) => {
            connector.jobs = eyes.seen(
                jobs.iter()
                    .map(|job| convert::job(job, Seen::default()))
                    .collect(),
            )
        }
        Err(error) => connector.jobs = unknown(&error),
    }
    (connector, material)
}

/// A connector of which nothing could be asked.
pub(super) fn unread(principal: &ServicePrincipal, error: &GraphError) -> Connector {
    Connector {
        secrets: unknown(error),
        jobs: unknown(error),
        assignments: unknown(error),
        ..about(principal)
    }
}

/// What the list of applications tells of a connector.
fn about(principal: &ServicePrincipal) -> Connector {
    Connector {
        service_principal_id: principal.id.clone(),
        app_id: principal.app_id.clone().unwrap_or_default(),
        display_name: principal.display_name.clone().unwrap_or_default(),
        template_id: principal.application_template_id.clone(),
        account_enabled: principal.account_enabled.unwrap_or(true),
        app_roles: principal.app_roles.iter().map(role).collect(),
        ..Connector::default()
    }
}

/// Schema, log and Entra's own test.
async fn rest(
    eyes: &Eyes<'_>,
    graph: &Graph,
    jobs: &[SynchronizationJob],
    depth: Depth,
    connector: &mut Connector,
    material: &mut Material,
) {
    let main = main_job(jobs);
    let id = connector.service_principal_id.clone();
    let runs = |job: &SynchronizationJob| job.schedule.state == ScheduleState::Active;
    let beside = depth == Depth::Own || !jobs.iter().any(runs);
    let (schema, log, saved) = tokio::join!(
        schema(eyes, graph, &id, main),
        async {
            match main {
                Some(job) if beside && eyes.context.what.log => {
                    log::look(eyes, graph, &job.id).await
                }
                Some(_) => Seen::default(),
                None => Seen::unknown("There is no provisioning job yet, so there is no log."),
            }
        },
        async {
            match beside && eyes.context.what.saved_credentials {
                true => saved_credentials(eyes, graph, &id, main).await,
                false => Seen::default(),
            }
        },
    );
    let (facts, document) = schema;
    material.schema = document;
    let facts_of = |job: &SynchronizationJob| match main {
        Some(main) if main.id == job.id => facts.clone(),
        _ => Seen::default(),
    };
    connector.jobs = eyes.seen(
        jobs.iter()
            .map(|job| convert::job(job, facts_of(job)))
            .collect(),
    );
    connector.log = log;
    connector.saved_credentials = saved;
}

/// The Databricks job: the first of its template, else the first.
fn main_job(jobs: &[SynchronizationJob]) -> Option<&SynchronizationJob> {
    jobs.iter()
        .find(|job| job.template_id.eq_ignore_ascii_case(DATABRICKS_TEMPLATE))
        .or_else(|| jobs.first())
}

async fn schema(
    eyes: &Eyes<'_>,
    graph: &Graph,
    id: &str,
    job: Option<&SynchronizationJob>,
) -> (
    Seen<usher_core::observation::connector::JobSchema>,
    Option<Schema>,
) {
    let Some(job) = job else {
        return (Seen::default(), None);
    };
    let get = GetSchema {
        service_principal: id.to_owned(),
        job: job.id.clone(),
    };
    match graph.run(&get, eyes.cancel).await {
        Ok(schema) => (eyes.seen(convert::schema(&schema)), Some(schema)),
        Err(error) => (unknown(&error), None),
    }
}

async fn saved_credentials(
    eyes: &Eyes<'_>,
    graph: &Graph,
    id: &str,
    job: Option<&SynchronizationJob>,
) -> Seen<CredentialCheck> {
    let Some(job) = job else {
        return Seen::unknown(
            "There is no provisioning job yet, so Entra has nothing saved to test.",
        );
    };
    let validate = ValidateCredentials {
        service_principal: id.to_owned(),
        job: Some(job.id.clone()),
        template_id: job.template_id.clone(),
        credentials: Credentials::Saved,
    };
    match verdict(graph.run(&validate, eyes.cancel).await) {
        Ok(Verdict::Accepted) => eyes.seen(CredentialCheck {
            accepted: true,
            code: None,
            message: None,
        }),
        Ok(Verdict::Rejected { code, message }) => eyes.seen(CredentialCheck {
            accepted: false,
            code: Some(code),
            message: (!message.is_empty()).then_some(message),
        }),
        Err(error) => unknown(&error),
    }
}

/// Whether a service principal has a provisioning job, or may have: where that was not allowed to be read, or could not be, it
/// counts as one, so that no second application is made beside it.
pub(super) async fn provisions(eyes: &Eyes<'_>, graph: &Graph, id: &str) -> bool {
    let jobs = graph
        .run(
            &ListJobs {
                service_principal: id.to_owned(),
            },
            eyes.cancel,
        )
        .await;
    match jobs {
        Ok(page) => !page.value.is_empty(),
        Err(error) => error
            .api()
            .is_none_or(|refusal| refusal.is_missing_permission() || refusal.status >= 500),
    }
}

fn role(role: &usher_entra::graph::AppRole) -> AppRole {
    AppRole {
        id: role.id.clone(),
        display_name: role.display_name.clone().unwrap_or_default(),
        enabled: role.is_enabled,
        for_users: role
            .allowed_member_types
            .iter()
            .any(|kind| kind.eq_ignore_ascii_case("User")),
    }
}

fn assignment(row: AppRoleAssignment) -> Option<Assignment> {
    Some(Assignment {
        kind: row.principal_type.kind()?,
        id: row.id,
        principal_id: row.principal_id,
        display_name: row.principal_display_name.unwrap_or_default(),
        app_role_id: row.app_role_id,
        created: row.created_date_time,
    })
}

/// The facts of stored settings.
pub(crate) fn secret_facts(set: &SecretSet) -> ConnectorSecrets {
    ConnectorSecrets {
        base_address: set.base_address().map(str::to_owned),
        token_stored: set.token_stored(),
        sync_all: set.sync_all(),
        notification: set.notification().map(|stored| Notification {
            enabled: stored.enabled,
            recipients: stored.recipients,
            delete_threshold_enabled: stored.delete_threshold_enabled,
            delete_threshold: stored.delete_threshold,
        }),
        skip_out_of_scope_deletions: set.skip_out_of_scope_deletions(),
        keys: set.keys().map(str::to_owned).collect(),
    }
}
