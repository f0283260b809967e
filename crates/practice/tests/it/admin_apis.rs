//! The account admin APIs, OAuth and discovery.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use usher_practice::harness::{IssuedToken, TokenKind};

use crate::support::start;

#[tokio::test]
async fn the_workspaces_are_a_bare_array_that_the_scim_token_does_not_open() {
    let tenant = start("fresh").await;
    let details = tenant.practice.details();
    let url = format!(
        "{}/api/2.0/accounts/{}/workspaces",
        details.endpoints.databricks_accounts, details.account_id
    );
    assert_eq!(tenant.get(&url, &details.scim_token).await.status, 403);
    assert_eq!(tenant.get(&url, "").await.status, 401);
    let workspaces = tenant.get(&url, &tenant.oauth_token().await).await.json();
    let first = &workspaces.as_array().unwrap()[0];
    assert_eq!(first["workspace_id"], 1001);
    assert_eq!(
        first["identity_federation_info"]["enable_identity_federation"],
        true
    );
}

#[tokio::test]
async fn assignments_are_read_in_pages_given_and_taken() {
    let tenant = start("people-in-databricks").await;
    let details = tenant.practice.details();
    let token = tenant.oauth_token().await;
    let url = format!(
        "{}/api/2.0/accounts/{}/workspaces/1002/permissionassignments",
        details.endpoints.databricks_accounts, details.account_id
    );
    let first = tenant
        .get(&format!("{url}?max_results=2"), &token)
        .await
        .json();
    assert_eq!(first["permission_assignments"].as_array().unwrap().len(), 2);
    let rest = tenant
        .get(
            &format!(
                "{url}?max_results=2&page_token={}",
                first["next_page_token"].as_str().unwrap()
            ),
            &token,
        )
        .await
        .json();
    assert_eq!(
        rest["permission_assignments"][0]["principal"]["group_name"],
        "databricks-users"
    );
    assert!(rest.get("next_page_token").is_none());

    let group = tenant
        .id_of("Groups", "displayName eq \"databricks-finance\"")
        .await;
    let one = format!("{url}/principals/{group}");
    assert_eq!(
        tenant
            .send(
                Method::PUT,
                &one,
                &token,
                Some(json!({"permissions": ["user"]}))
            )
            .await
            .unwrap()
            .status,
        400
    );
    let given = tenant
        .send(
            Method::PUT,
            &one,
            &token,
            Some(json!({"permissions": ["USER"]})),
        )
        .await
        .unwrap()
        .json();
    assert_eq!(given["permissions"], json!(["USER"]));
    assert_eq!(
        tenant
            .send(Method::DELETE, &one, &token, None)
            .await
            .unwrap()
            .status,
        200
    );
    let what: Vec<_> = tenant
        .practice
        .changes()
        .into_iter()
        .map(|change| (change.what, change.after))
        .collect();
    assert_eq!(
        what[0],
        (
            "workspace 1002: assignment of databricks-finance".to_owned(),
            json!(["USER"])
        )
    );
    assert_eq!(what[1].1, Value::Null);
}

#[tokio::test]
async fn a_local_group_of_the_same_name_stands_in_the_way() {
    let tenant = start("people-in-databricks").await;
    let details = tenant.practice.details();
    tenant
        .practice
        .databricks()
        .world()
        .add_local_group(1003, "databricks-finance", &[]);
    let group = tenant
        .id_of("Groups", "displayName eq \"databricks-finance\"")
        .await;
    let base = format!(
        "{}/api/2.0/accounts/{}/workspaces",
        details.endpoints.databricks_accounts, details.account_id
    );
    let url = format!("{base}/1003/permissionassignments/principals/{group}");
    let refused = tenant
        .send(
            Method::PUT,
            &url,
            &tenant.oauth_token().await,
            Some(json!({"permissions": ["USER"]})),
        )
        .await
        .unwrap();
    assert_eq!(refused.status, 400);
}

#[tokio::test]
async fn a_workspace_that_is_not_federated_has_no_assignments() {
    let tenant = start("fresh").await;
    let details = tenant.practice.details();
    tenant
        .practice
        .databricks()
        .world()
        .workspaces
        .get_mut(&1003)
        .unwrap()
        .federated = false;
    let url = format!(
        "{}/api/2.0/accounts/{}/workspaces/1003/permissionassignments",
        details.endpoints.databricks_accounts, details.account_id
    );
    let refused = tenant.get(&url, &tenant.oauth_token().await).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["message"]),
        (
            400,
            &json!("Permission assignment APIs are not available for this workspace.")
        )
    );
}

#[tokio::test]
async fn a_wrong_secret_is_refused_in_oauths_own_shape() {
    let tenant = start("fresh").await;
    let details = tenant.practice.details();
    let url = format!(
        "{}/oidc/accounts/{}/v1/token",
        details.endpoints.databricks_accounts, details.account_id
    );
    let request = tenant
        .http
        .post(url)
        .basic_auth(&details.databricks_client_id, Some("dose00"));
    let response = request
        .form(&[("grant_type", "client_credentials"), ("scope", "all-apis")])
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 401);
    assert_eq!(
        response.json::<Value>().await.unwrap()["error"],
        "invalid_client"
    );
}

#[tokio::test]
async fn an_access_token_works_for_an_hour() {
    let tenant = start("fresh").await;
    let token = tenant.oauth_token().await;
    let users = format!("{}/Users?count=1", tenant.account("2.1"));
    assert_eq!(tenant.get(&users, &token).await.status, 200);
    tenant
        .practice
        .control()
        .clock
        .advance(Duration::from_secs(3601));
    assert_eq!(tenant.get(&users, &token).await.status, 401);
}

#[tokio::test]
async fn discovery_tells_the_account_host_and_a_wrong_account_id_gets_a_page() {
    let tenant = start("fresh").await;
    let details = tenant.practice.details();
    let host = &details.endpoints.databricks_accounts;
    let config = tenant
        .get(&format!("{host}/.well-known/databricks-config"), "")
        .await
        .json();
    assert!(
        config["oidc_endpoint"]
            .as_str()
            .unwrap()
            .ends_with("/oidc/accounts/{account_id}")
    );
    assert_eq!(config["host_type"], "ACCOUNT_HOST");
    let oidc = tenant
        .get(
            &format!(
                "{host}/oidc/accounts/{}/.well-known/oauth-authorization-server",
                details.account_id
            ),
            "",
        )
        .await
        .json();
    assert!(
        oidc["token_endpoint"]
            .as_str()
            .unwrap()
            .ends_with("/v1/token")
    );
    for page in [
        format!("{host}/"),
        format!("{host}/login.html"),
        format!("{host}/oidc/accounts/nobody/.well-known/oauth-authorization-server"),
    ] {
        assert!(tenant.get(&page, "").await.text.contains("<html"), "{page}");
    }
}

#[tokio::test]
async fn an_entra_token_for_databricks_opens_what_its_owner_may() {
    let tenant = start("people-in-databricks").await;
    let tokens = &tenant.practice.control().tokens;
    let token = |principal: &str, audience: &str| IssuedToken {
        kind: TokenKind::Entra,
        principal: principal.to_owned(),
        audience: audience.to_owned(),
        scopes: Vec::new(),
        issued: tenant.practice.control().clock.now(),
        expires: None,
        comment: String::new(),
    };
    let (admin, databricks) = (
        usher_practice::ids::DATABRICKS_CLIENT_ID,
        usher_practice::ids::AZURE_DATABRICKS_APP_ID,
    );
    tokens.insert("admin", token(admin, databricks));
    tokens.insert("for-graph", token(admin, "https://graph.microsoft.com"));
    let person = tenant
        .read("2.1", "Users?startIndex=3&count=1")
        .await
        .json()["Resources"][0]["externalId"]
        .as_str()
        .unwrap()
        .to_owned();
    tokens.insert("person", token(&person, databricks));
    let users = format!("{}/Users?count=1", tenant.account("2.1"));
    let statuses = [
        tenant.get(&users, "admin").await.status.as_u16(),
        tenant.get(&users, "for-graph").await.status.as_u16(),
        tenant.get(&users, "person").await.status.as_u16(),
    ];
    assert_eq!(statuses, [200, 401, 403]);
    let me = format!("{}/api/2.0/preview/scim/v2/Me", tenant.workspace("1001"));
    assert_eq!(tenant.get(&me, "person").await.json()["externalId"], person);
}

#[tokio::test]
async fn a_call_that_names_no_account_is_told_so() {
    let tenant = start("fresh").await;
    let details = tenant.practice.details();
    let url = format!(
        "{}/api/2.0/accounts/scim/v2/Users",
        details.endpoints.databricks_accounts
    );
    let answer = tenant.get(&url, &details.scim_token).await;
    assert_eq!(answer.status, 404);
    assert_eq!(
        answer.json()["message"],
        "HTTP method GET is not supported by this URL"
    );
}
