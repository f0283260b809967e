//! Workspaces and assignments.

use serde_json::json;
use usher_core::model::Secret;
use usher_databricks::{Account, ApiErrorKind};
use usher_transport::{CancellationToken, Credential};
use wiremock::matchers::{path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{client, origin};

fn account(server: &MockServer) -> Account {
    let credential = Credential::new(Secret::new("eyJ"), origin(server));
    Account::new(client(server), origin(server), "a-1", credential)
}

#[tokio::test]
async fn workspaces_come_as_a_bare_array_with_federation_as_it_is() {
    let server = MockServer::start().await;
    let body = json!([
        {"workspace_id": 1001, "workspace_name": "prod", "pricing_tier": "PREMIUM",
         "identity_federation_info": {"enable_identity_federation": true}},
        {"workspace_id": "1002"},
    ]);
    Mock::given(path("/api/2.0/accounts/a-1/workspaces"))
        .respond_with(ResponseTemplate::new(200).set_body_json(body))
        .mount(&server)
        .await;
    let workspaces = account(&server)
        .workspaces(&CancellationToken::new())
        .await
        .unwrap();
    assert_eq!(workspaces[0].id, "1001");
    assert_eq!(workspaces[0].is_identity_federated(), Some(true));
    assert_eq!(workspaces[0].pricing_tier.as_deref(), Some("PREMIUM"));
    assert_eq!(
        (
            workspaces[1].id.as_str(),
            workspaces[1].is_identity_federated()
        ),
        ("1002", None)
    );
}

#[tokio::test]
async fn assignments_are_read_page_by_page() {
    let server = MockServer::start().await;
    let place = || path("/api/2.0/accounts/a-1/workspaces/1001/permissionassignments");
    let group =
        json!({"principal": {"principal_id": 5, "group_name": "data"}, "permissions": ["USER"]});
    let user = json!({"principal": {"principal_id": "6", "user_name": "a@x"}, "permissions": ["ADMIN"], "error": "odd"});
    Mock::given(place())
        .and(query_param_is_missing("page_token"))
        .respond_with(
            ResponseTemplate::new(200)
                .set_body_json(json!({"permission_assignments": [group], "next_page_token": "n"})),
        )
        .mount(&server)
        .await;
    Mock::given(place())
        .and(query_param("page_token", "n"))
        .respond_with(
            ResponseTemplate::new(200)
                .set_body_json(json!({"permission_assignments": [user], "next_page_token": ""})),
        )
        .mount(&server)
        .await;
    let assignments = account(&server)
        .assignments("1001", &CancellationToken::new())
        .await
        .unwrap();
    assert_eq!(
        assignments
            .iter()
            .map(|row| row.principal.id.as_str())
            .collect::<Vec<_>>(),
        ["5", "6"]
    );
    assert_eq!(assignments[0].principal.group_name.as_deref(), Some("data"));
}

#[tokio::test]
async fn a_workspace_without_assignments_is_told() {
    let server = MockServer::start().await;
    let body = json!({"error_code": "BAD_REQUEST", "message": "Permission assignment APIs are not available for this workspace."});
    Mock::given(path(
        "/api/2.0/accounts/a-1/workspaces/1/permissionassignments",
    ))
    .respond_with(ResponseTemplate::new(400).set_body_json(body))
    .mount(&server)
    .await;
    let error = account(&server)
        .assignments("1", &CancellationToken::new())
        .await
        .unwrap_err();
    assert_eq!(
        error.api().unwrap().kind,
        ApiErrorKind::NoWorkspaceAssignments
    );
}
