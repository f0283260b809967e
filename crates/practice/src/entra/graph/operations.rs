//! Every operation of the contract: path, permissions, handler.

use futures::future::BoxFuture;
use http::StatusCode;

use super::error::{Answer, GraphError};
use super::permissions::*;
use super::{
    GraphRequest, apps, assignments, batch, directory, jobs, on_demand, people, reports, secrets,
    validate,
};
use crate::entra::Entra;

type Result = std::result::Result<Answer, GraphError>;

/// What answers an operation.
#[derive(Clone, Copy)]
pub enum Handler {
    /// At once.
    Now(fn(&Entra, &GraphRequest) -> Result),
    /// After calling somebody else.
    Later(fn(Entra, GraphRequest) -> BoxFuture<'static, Result>),
}

impl std::fmt::Debug for Handler {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Now(_) => "Now",
            Self::Later(_) => "Later",
        })
    }
}

/// An operation of Graph.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// The method.
    pub method: &'static str,
    /// The path after `/v1.0`; a placeholder is `{}`.
    pub path: &'static str,
    /// Delegated permissions, any of which is enough; empty when any token is.
    pub delegated: &'static [&'static str],
    /// Application permissions, any of which is enough.
    pub application: &'static [&'static str],
    /// What answers it.
    pub handler: Handler,
}

impl Operation {
    /// What a request costs of the tenant's budget (facts on Entra §4).
    #[must_use]
    pub fn cost(&self, request: &GraphRequest) -> i32 {
        let base = match self.path {
            "/applications" | "/users" | "/me/transitiveMemberOf/graph.directoryRole" => 2,
            "/subscribedSkus" => 3,
            path if path.contains("/transitiveMembers") => 5,
            path if path.contains("/members") => 3,
            _ => 1,
        };
        let small = request
            .option("$top")
            .and_then(|top| top.parse::<u32>().ok())
            .is_some_and(|top| top < 20);
        let reductions = i32::from(request.option("$select").is_some()) + i32::from(small);
        (base + i32::from(request.option("$expand").is_some()) - reductions).max(1)
    }

    fn ids(&self, segments: &[String]) -> Option<Vec<String>> {
        let mut ids = Vec::new();
        let mut parts = self.path.split('/').skip(1);
        for segment in segments {
            match parts.next()? {
                "{}" => ids.push(segment.clone()),
                part if part == segment => {}
                _ => return None,
            }
        }
        parts.next().is_none().then_some(ids)
    }
}

/// The operation a request is for, with the values of the path's placeholders.
///
/// # Errors
/// 404 for a path that is not in the table, 405 for a method that the path does not have.
pub fn find(
    request: &GraphRequest,
) -> std::result::Result<(&'static Operation, Vec<String>), GraphError> {
    let mut known = false;
    // An exact segment comes before a placeholder: `jobs/validateCredentials` is no job.
    let mut found: Option<(&'static Operation, Vec<String>)> = None;
    for operation in OPERATIONS {
        if let Some(ids) = operation.ids(&request.segments) {
            known = true;
            if operation.method == request.method.as_str()
                && found
                    .as_ref()
                    .is_none_or(|(_, before)| ids.len() < before.len())
            {
                found = Some((operation, ids));
            }
        }
    }
    found.ok_or_else(|| {
        let name = request.segments.last().map_or("", String::as_str);
        if known && request.segments.last().map(String::as_str) != Some("schema") {
            GraphError::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "Request_BadRequest",
                "Specified HTTP method is not allowed for the request target.",
            )
        } else {
            // The schema answers 404 to PATCH (facts on Entra §1.10).
            GraphError::new(
                StatusCode::NOT_FOUND,
                "BadRequest",
                format!("Resource not found for the segment '{name}'."),
            )
        }
    })
}

const fn now(
    method: &'static str,
    path: &'static str,
    delegated: &'static [&'static str],
    application: &'static [&'static str],
    handler: fn(&Entra, &GraphRequest) -> Result,
) -> Operation {
    Operation {
        method,
        path,
        delegated,
        application,
        handler: Handler::Now(handler),
    }
}

const fn later(
    path: &'static str,
    delegated: &'static [&'static str],
    application: &'static [&'static str],
    handler: fn(Entra, GraphRequest) -> BoxFuture<'static, Result>,
) -> Operation {
    Operation {
        method: "POST",
        path,
        delegated,
        application,
        handler: Handler::Later(handler),
    }
}

/// The table.
pub const OPERATIONS: &[Operation] = &[
    now(
        "GET",
        "/applicationTemplates",
        ANY,
        ANY,
        apps::list_templates,
    ),
    now(
        "GET",
        "/applicationTemplates/{}",
        ANY,
        ANY,
        apps::get_template,
    ),
    now(
        "POST",
        "/applicationTemplates/{}/instantiate",
        APPLICATION_WRITE,
        APPLICATION_WRITE_OR_OWNED,
        apps::instantiate,
    ),
    now(
        "GET",
        "/servicePrincipals",
        APPLICATION_READ,
        APPLICATION_LIST_APP,
        apps::list_service_principals,
    ),
    now(
        "GET",
        "/servicePrincipals/{}",
        APPLICATION_READ,
        APPLICATION_READ_OR_OWNED,
        apps::get_service_principal,
    ),
    now(
        "PATCH",
        "/servicePrincipals/{}",
        APPLICATION_WRITE,
        APPLICATION_WRITE_OR_OWNED,
        apps::update_service_principal,
    ),
    now(
        "DELETE",
        "/servicePrincipals/{}",
        APPLICATION_WRITE,
        APPLICATION_WRITE_OR_OWNED,
        apps::delete_service_principal,
    ),
    now(
        "GET",
        "/applications",
        APPLICATION_READ,
        APPLICATION_LIST_APP,
        apps::list_applications,
    ),
    now(
        "GET",
        "/applications/{}",
        APPLICATION_READ,
        APPLICATION_READ_OR_OWNED,
        apps::get_application,
    ),
    now(
        "DELETE",
        "/applications/{}",
        APPLICATION_DELETE,
        APPLICATION_DELETE_OR_OWNED,
        apps::delete_application,
    ),
    now(
        "GET",
        "/servicePrincipals/{}/appRoleAssignedTo",
        APPLICATION_READ,
        APPLICATION_READ_OR_OWNED,
        assignments::list,
    ),
    now(
        "POST",
        "/servicePrincipals/{}/appRoleAssignedTo",
        ASSIGN,
        ASSIGN,
        assignments::assign,
    ),
    now(
        "DELETE",
        "/servicePrincipals/{}/appRoleAssignedTo/{}",
        UNASSIGN,
        UNASSIGN,
        assignments::unassign,
    ),
    now(
        "GET",
        "/servicePrincipals/{}/owners",
        APPLICATION_READ,
        APPLICATION_READ_OR_OWNED,
        apps::list_owners,
    ),
    now(
        "GET",
        "/servicePrincipals/{}/synchronization/templates",
        SYNC_READ,
        SYNC_READ_OR_OWNED,
        jobs::list_templates,
    ),
    now(
        "GET",
        "/servicePrincipals/{}/synchronization/templates/{}",
        SYNC_READ,
        SYNC_READ_OR_OWNED,
        jobs::get_template,
    ),
    now(
        "GET",
        "/servicePrincipals/{}/synchronization/jobs",
        SYNC_READ,
        SYNC_READ_OR_OWNED,
        jobs::list,
    ),
    now(
        "POST",
        "/servicePrincipals/{}/synchronization/jobs",
        SYNC_WRITE,
        SYNC_WRITE_OR_OWNED,
        jobs::create,
    ),
    now(
        "GET",
        "/servicePrincipals/{}/synchronization/jobs/{}",
        SYNC_READ,
        SYNC_READ_OR_OWNED,
        jobs::get,
    ),
    now(
        "DELETE",
        "/servicePrincipals/{}/synchronization/jobs/{}",
        SYNC_WRITE,
        SYNC_WRITE_OR_OWNED,
        jobs::delete,
    ),
    now(
        "POST",
        "/servicePrincipals/{}/synchronization/jobs/{}/start",
        SYNC_WRITE,
        SYNC_WRITE_OR_OWNED,
        jobs::start,
    ),
    now(
        "POST",
        "/servicePrincipals/{}/synchronization/jobs/{}/pause",
        SYNC_WRITE,
        SYNC_WRITE_OR_OWNED,
        jobs::pause,
    ),
    now(
        "POST",
        "/servicePrincipals/{}/synchronization/jobs/{}/restart",
        SYNC_WRITE,
        SYNC_WRITE_OR_OWNED,
        jobs::restart,
    ),
    later(
        "/servicePrincipals/{}/synchronization/jobs/{}/validateCredentials",
        SYNC_WRITE,
        SYNC_WRITE_OR_OWNED,
        validate::of_job,
    ),
    later(
        "/servicePrincipals/{}/synchronization/jobs/validateCredentials",
        SYNC_WRITE,
        SYNC_WRITE_OR_OWNED,
        validate::before_job,
    ),
    later(
        "/servicePrincipals/{}/synchronization/jobs/{}/provisionOnDemand",
        SYNC_WRITE,
        SYNC_WRITE_OR_OWNED,
        on_demand::provision,
    ),
    now(
        "GET",
        "/servicePrincipals/{}/synchronization/jobs/{}/schema",
        SYNC_READ,
        SYNC_READ_OR_OWNED,
        jobs::get_schema,
    ),
    now(
        "PUT",
        "/servicePrincipals/{}/synchronization/jobs/{}/schema",
        SYNC_WRITE,
        SYNC_WRITE_OR_OWNED,
        jobs::put_schema,
    ),
    now(
        "GET",
        "/servicePrincipals/{}/synchronization/secrets",
        SECRETS_READ,
        SECRETS_READ,
        secrets::list,
    ),
    now(
        "PUT",
        "/servicePrincipals/{}/synchronization/secrets",
        SYNC_WRITE,
        SYNC_WRITE_OR_OWNED,
        secrets::put,
    ),
    now(
        "GET",
        "/auditLogs/provisioning",
        LOGS,
        LOGS,
        reports::provisioning,
    ),
    now("GET", "/groups", GROUPS, GROUPS, directory::list_groups),
    now("GET", "/groups/{}", GROUP, GROUP, directory::get_group),
    now(
        "GET",
        "/groups/{}/members",
        MEMBERS,
        MEMBERS,
        directory::members,
    ),
    now(
        "GET",
        "/groups/{}/members/graph.group",
        MEMBERS,
        MEMBERS,
        directory::members,
    ),
    now(
        "GET",
        "/groups/{}/members/graph.user",
        MEMBERS,
        MEMBERS,
        directory::members,
    ),
    now(
        "GET",
        "/groups/{}/members/graph.servicePrincipal",
        MEMBERS,
        MEMBERS,
        directory::members,
    ),
    now(
        "GET",
        "/groups/{}/members/graph.user/$count",
        MEMBERS,
        MEMBERS,
        directory::count_members,
    ),
    now(
        "GET",
        "/groups/{}/transitiveMembers",
        MEMBERS,
        MEMBERS,
        directory::members,
    ),
    now(
        "GET",
        "/groups/{}/transitiveMembers/graph.group",
        MEMBERS,
        MEMBERS,
        directory::members,
    ),
    now(
        "GET",
        "/groups/{}/transitiveMembers/graph.user/$count",
        MEMBERS,
        MEMBERS,
        directory::count_members,
    ),
    now("GET", "/subscribedSkus", SKUS, SKUS, people::list_skus),
    now(
        "GET",
        "/organization",
        ORGANIZATION,
        ORGANIZATION_APP,
        people::organization,
    ),
    now("GET", "/users", USERS, USERS_APP, people::list_users),
    now("GET", "/users/{}", USERS, USERS_APP, people::get_user),
    now(
        "POST",
        "/directoryObjects/getByIds",
        DIRECTORY,
        DIRECTORY,
        directory::get_by_ids,
    ),
    now("GET", "/me", ME, ANY, people::me),
    now(
        "GET",
        "/me/transitiveMemberOf/graph.directoryRole",
        MY_ROLES,
        ANY,
        people::my_roles,
    ),
    later("/$batch", ANY, ANY, batch::run),
];
