//! A scenario for each fault of the connection test: the endpoint answers as a broken setup would, in the shapes that are known
//! from the field. Account and workspace hosts answer alike.

use crate::harness::{FaultKind, FaultRule};

use super::{Scenario, Tenant, scenario};
use crate::portal;

const ANYWHERE: &str = "*";
const SCIM: &str = "*/scim/*";
const USERS: &str = "*/scim/*Users*";
const GROUPS: &str = "*/scim/*Groups*";

/// The scenarios of this file.
pub(super) const SCENARIOS: &[Scenario] = &[
    scenario(
        "fault-private-link",
        "Private Link only",
        "Every request is redirected to the Private Link validation page.",
        |tenant| {
            let location = "/login.html?error=private-link-validation-error:1001".to_owned();
            on_databricks(
                tenant,
                ANYWHERE,
                FaultKind::Redirect {
                    code: 302,
                    location,
                },
            );
        },
    )
    .pressing(&[portal::ALLOW_PUBLIC_ACCESS]),
    scenario(
        "fault-login-page",
        "A sign-in page answers",
        "Every request gets the page to sign in on, with status 200.",
        |tenant| {
            on_databricks(tenant, ANYWHERE, FaultKind::Html);
        },
    )
    .pressing(&[portal::CLEAR_THE_NETWORK]),
    scenario(
        "fault-login-redirect",
        "Redirected to sign-in",
        "Every request is redirected to the page to sign in on.",
        |tenant| {
            on_databricks(
                tenant,
                ANYWHERE,
                FaultKind::Redirect {
                    code: 303,
                    location: "/login.html".to_owned(),
                },
            );
        },
    )
    .pressing(&[portal::CLEAR_THE_NETWORK]),
    scenario(
        "fault-token-rejected",
        "The token is refused",
        "Databricks answers 401 to every token.",
        |tenant| {
            let body = r#"{"error_code":"UNAUTHENTICATED","message":"Request does not have valid authentication credentials."}"#;
            refuse(tenant, SCIM, 401, body);
        },
    )
    .pressing(&[portal::GENERATE_SCIM_TOKEN, portal::GENERATE_WORKSPACE_TOKENS]),
    scenario(
        "fault-ip-blocked",
        "Blocked by an IP access list",
        "Databricks answers 403 and names the address it blocks.",
        |tenant| {
            refuse(tenant, SCIM, 403, &ip_blocked("127.0.0.1"));
        },
    )
    .pressing(&[portal::ALLOW_THIS_MACHINE, portal::ALLOW_ENTRA_ADDRESSES]),
    scenario(
        "fault-not-admin",
        "The token's owner is no admin",
        "Databricks answers 403: only accessible by admins.",
        |tenant| {
            let body = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"/2.0/preview/scim/v2/Users is only accessible by admins.","status":"403"}"#;
            refuse(tenant, SCIM, 403, body);
        },
    )
    .pressing(&[portal::GENERATE_SCIM_TOKEN, portal::GENERATE_WORKSPACE_TOKENS]),
    scenario(
        "fault-forbidden",
        "Forbidden",
        "Databricks answers 403 with a page that names the organisation.",
        |tenant| {
            let body = "<html><head><title>Error 403</title></head><body><h2>HTTP ERROR 403</h2><pre>Unauthorized access to Org: 1001</pre></body></html>";
            refuse_as(
                tenant,
                SCIM,
                403,
                &[("content-type", "text/html;charset=iso-8859-1")],
                body,
            );
        },
    )
    .pressing(&[portal::GENERATE_SCIM_TOKEN, portal::GENERATE_WORKSPACE_TOKENS]),
    scenario(
        "fault-not-found",
        "Not found",
        "Databricks answers 404, in plain text.",
        |tenant| {
            let body = "ENDPOINT_NOT_FOUND: Endpoint not found for /2.1/accounts/scim/v2/Users";
            refuse_as(tenant, SCIM, 404, &[("content-type", "text/plain")], body);
        },
    )
    .pressing(&[portal::WAIT_FOR_DATABRICKS]),
    scenario(
        "fault-rate-limited",
        "Too many requests",
        "Databricks answers 429 and asks to wait a second, every time.",
        |tenant| {
            let body = r#"{"error_code":"REQUEST_LIMIT_EXCEEDED","message":"GetUserPermissionsRequest RPC token bucket limit has been exceeded."}"#;
            refuse_as(tenant, SCIM, 429, &[("retry-after", "1")], body);
        },
    )
    .pressing(&[portal::WAIT_FOR_DATABRICKS]),
    scenario(
        "fault-rate-limited-once",
        "Too many requests at first",
        "The first request is answered 429 with a second to wait; then all is well.",
        |tenant| {
            let body =
                r#"{"error_code":"RESOURCE_EXHAUSTED","message":"Too many requests"}"#.to_owned();
            let headers = vec![("retry-after".to_owned(), "1".to_owned())];
            tenant.faults.push(
                FaultRule::new(
                    "*",
                    SCIM,
                    FaultKind::Status {
                        code: 429,
                        headers,
                        body,
                    },
                )
                .times(1),
            );
        },
    ),
    scenario(
        "fault-server-error",
        "Server error",
        "Databricks answers 503 every time, in its oldest error shape.",
        |tenant| {
            refuse(
                tenant,
                SCIM,
                503,
                r#"{"error":"The service at /api/2.1/accounts is taking too long to process your request."}"#,
            );
        },
    )
    .pressing(&[portal::WAIT_FOR_DATABRICKS]),
    scenario(
        "fault-unexpected-status",
        "An unexpected status",
        "Databricks answers 405 without a body.",
        |tenant| {
            refuse(tenant, SCIM, 405, "");
        },
    )
    .pressing(&[portal::CLEAR_THE_NETWORK]),
    scenario(
        "fault-connection-cut",
        "The connection is cut",
        "The connection is closed before any answer.",
        |tenant| {
            on_databricks(tenant, SCIM, FaultKind::Cut);
        },
    )
    .pressing(&[portal::CLEAR_THE_NETWORK]),
    scenario(
        "fault-timeout",
        "No answer",
        "The connection stays open and no answer comes.",
        |tenant| {
            on_databricks(tenant, SCIM, FaultKind::Never);
        },
    )
    .pressing(&[portal::CLEAR_THE_NETWORK]),
    scenario(
        "fault-not-scim",
        "No SCIM answer",
        "The users come as JSON that is no SCIM list.",
        |tenant| {
            refuse(
                tenant,
                USERS,
                200,
                r#"{"status":"ok","service":"something else"}"#,
            );
        },
    )
    .pressing(&[portal::CLEAR_THE_NETWORK]),
    scenario(
        "fault-garbage",
        "No JSON",
        "The users come as bytes that are no JSON.",
        |tenant| {
            on_databricks(tenant, USERS, FaultKind::Garbage);
        },
    )
    .pressing(&[portal::CLEAR_THE_NETWORK]),
    scenario(
        "fault-body-truncated",
        "Half an answer",
        "The answer with the users ends in the middle.",
        |tenant| {
            on_databricks(tenant, USERS, FaultKind::Truncate);
        },
    )
    .pressing(&[portal::CLEAR_THE_NETWORK]),
    scenario(
        "fault-body-too-large",
        "An answer without end",
        "The answer with the users goes on without end.",
        |tenant| {
            on_databricks(tenant, USERS, FaultKind::Huge { bytes: None });
        },
    )
    .pressing(&[portal::CLEAR_THE_NETWORK]),
    scenario(
        "fault-groups-forbidden",
        "Groups are forbidden",
        "Users can be read, and groups are refused with 403.",
        |tenant| {
            let body = r#"{"error_code":"PERMISSION_DENIED","message":"Groups cannot be read with this token."}"#;
            refuse(tenant, GROUPS, 403, body);
        },
    )
    .pressing(&[portal::GENERATE_SCIM_TOKEN, portal::GENERATE_WORKSPACE_TOKENS]),
    scenario(
        "fault-groups-server-error",
        "Groups fail",
        "Users can be read, and groups are answered 500: the real text for very large groups.",
        |tenant| {
            refuse(
                tenant,
                GROUPS,
                500,
                "Max retries exhausted with RPC GetAllUserIdsInGroup",
            );
        },
    )
    .pressing(&[portal::WAIT_FOR_DATABRICKS]),
    scenario(
        "fault-groups-not-scim",
        "Groups are no SCIM answer",
        "Users can be read, and groups come as JSON that is no SCIM list.",
        |tenant| {
            refuse(tenant, GROUPS, 200, "[]");
        },
    )
    .pressing(&[portal::CLEAR_THE_NETWORK]),
    scenario(
        "fault-groups-body-truncated",
        "Half an answer for groups",
        "Users can be read, and the answer with the groups ends in the middle.",
        |tenant| {
            on_databricks(tenant, GROUPS, FaultKind::Truncate);
        },
    )
    .pressing(&[portal::CLEAR_THE_NETWORK]),
    scenario(
        "fault-filter-refused",
        "Filters are refused",
        "A request with a filter is answered 400.",
        |tenant| {
            let body = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"null","status":"400","scimType":"invalidFilter"}"#;
            refuse(tenant, "*/scim/*filter=*", 400, body);
        },
    )
    .pressing(&[portal::WAIT_FOR_DATABRICKS]),
    scenario(
        "fault-filter-ignored",
        "Filters are ignored",
        "A request with a filter gets everyone.",
        |tenant| tenant.world.ignore_filters = true,
    )
    .pressing(&[portal::CLEAR_THE_NETWORK]),
    scenario(
        "fault-token-not-checked",
        "Tokens are not checked",
        "Any token is accepted, also a wrong one.",
        |tenant| tenant.world.check_tokens = false,
    )
    .pressing(&[portal::CLEAR_THE_NETWORK]),
    scenario(
        "fault-oauth-throttled",
        "Sign-in of the service principal is throttled",
        "Databricks' token endpoint answers 429 in OAuth's shape.",
        |tenant| {
            let body = r#"{"error":"invalid_request","error_description":"Temporarily throttled, too many requests"}"#;
            refuse(tenant, "/oidc/*token*", 429, body);
        },
    )
    .pressing(&[portal::WAIT_FOR_DATABRICKS]),
];

/// The body of a refusal by an IP access list.
pub(super) fn ip_blocked(address: &str) -> String {
    format!(
        r#"{{"error_code":"PERMISSION_DENIED","message":"Source IP address: {address} is blocked by Databricks IP ACL for workspace: 1001"}}"#
    )
}

fn refuse(tenant: &mut Tenant, path: &str, code: u16, body: &str) {
    refuse_as(tenant, path, code, &[], body);
}

fn refuse_as(tenant: &mut Tenant, path: &str, code: u16, headers: &[(&str, &str)], body: &str) {
    let headers = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    on_databricks(
        tenant,
        path,
        FaultKind::Status {
            code,
            headers,
            body: body.to_owned(),
        },
    );
}

/// A fault of the account host and of every workspace host.
fn on_databricks(tenant: &mut Tenant, path: &str, kind: FaultKind) {
    for origin in ["account", "workspace-*"] {
        tenant
            .faults
            .push(FaultRule::new(origin, path, kind.clone()));
    }
}
