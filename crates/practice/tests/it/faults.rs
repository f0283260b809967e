//! Each fault scenario answers as its facts say.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{Answer, Tenant, start};

async fn users(scenario: &str) -> (Tenant, Answer) {
    let tenant = start(scenario).await;
    let answer = tenant.read("2.1", "Users?count=1").await;
    (tenant, answer)
}

#[tokio::test]
async fn refusals_come_in_the_shapes_known_from_the_field() {
    for (scenario, status, text) in [
        (
            "fault-token-rejected",
            401,
            "\"error_code\":\"UNAUTHENTICATED\"",
        ),
        (
            "fault-ip-blocked",
            403,
            "Source IP address: 127.0.0.1 is blocked by Databricks IP ACL for workspace: 1001",
        ),
        ("fault-not-admin", 403, "only accessible by admins"),
        (
            "fault-forbidden",
            403,
            "<pre>Unauthorized access to Org: 1001</pre>",
        ),
        (
            "fault-not-found",
            404,
            "ENDPOINT_NOT_FOUND: Endpoint not found for /2.1/",
        ),
        ("fault-rate-limited", 429, "REQUEST_LIMIT_EXCEEDED"),
        ("fault-server-error", 503, "{\"error\":\"The service at "),
        ("fault-unexpected-status", 405, ""),
        ("expired-token", 401, "UNAUTHENTICATED"),
    ] {
        let (tenant, answer) = users(scenario).await;
        assert_eq!(answer.status.as_u16(), status, "{scenario}");
        assert!(answer.text.contains(text), "{scenario}: {}", answer.text);
        assert_eq!(
            answer.headers.contains_key("retry-after"),
            status == 429,
            "{scenario}"
        );
        let workspace = format!(
            "{}/api/2.0/preview/scim/v2/Users?count=1",
            tenant.workspace("1001")
        );
        assert_eq!(
            tenant
                .get(&workspace, tenant.pat("1001"))
                .await
                .status
                .as_u16(),
            status,
            "{scenario} at a workspace"
        );
    }
}

#[tokio::test]
async fn pages_and_redirects_stand_in_the_way_before_any_token() {
    for (scenario, status, location) in [
        (
            "fault-private-link",
            302,
            Some("/login.html?error=private-link-validation-error:1001"),
        ),
        ("fault-login-redirect", 303, Some("/login.html")),
        ("fault-login-page", 200, None),
    ] {
        let tenant = start(scenario).await;
        let host = tenant
            .practice
            .details()
            .endpoints
            .databricks_accounts
            .clone();
        let answer = tenant
            .get(&format!("{host}/.well-known/databricks-config"), "")
            .await;
        assert_eq!(answer.status.as_u16(), status, "{scenario}");
        assert_eq!(
            answer
                .headers
                .get("location")
                .map(|location| location.to_str().unwrap()),
            location,
            "{scenario}"
        );
        assert_eq!(
            answer.text.contains("<html"),
            location.is_none(),
            "{scenario}"
        );
    }
}

#[tokio::test]
async fn a_cut_connection_brings_no_answer() {
    let tenant = start("fault-connection-cut").await;
    let url = format!("{}/Users", tenant.account("2.1"));
    assert!(
        tenant
            .send(Method::GET, &url, "x", None)
            .await
            .unwrap_err()
            .is_request()
    );
    assert!(
        tenant
            .practice
            .requests()
            .iter()
            .all(|request| request.status.is_none())
    );
}

#[tokio::test]
async fn half_an_answer_ends_before_its_length() {
    let tenant = start("fault-body-truncated").await;
    let request = tenant
        .http
        .get(format!("{}/Users", tenant.account("2.1")))
        .bearer_auth(&tenant.practice.details().scim_token);
    let mut response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    let length = response.content_length().unwrap();
    let mut got = 0;
    let error = loop {
        match response.chunk().await {
            Ok(Some(chunk)) => got += chunk.len() as u64,
            Ok(None) => panic!("the answer is complete"),
            Err(error) => break error,
        }
    };
    assert!(
        got == length / 2 && error.is_body() | error.is_decode(),
        "{got} of {length}: {error:?}"
    );
}

#[tokio::test]
async fn an_answer_without_end_goes_on() {
    let tenant = start("fault-body-too-large").await;
    let request = tenant
        .http
        .get(format!("{}/Users", tenant.account("2.1")))
        .bearer_auth(&tenant.practice.details().scim_token);
    let mut response = request.send().await.unwrap();
    let mut got = 0;
    while got < 20_000_000 {
        got += response.chunk().await.unwrap().expect("no end").len();
    }
}

#[tokio::test]
async fn other_answers_than_scim_are_given_for_users_or_groups_alone() {
    for (scenario, users_status, groups_status) in [
        ("fault-not-scim", 200, 200),
        ("fault-garbage", 200, 200),
        ("fault-groups-forbidden", 200, 403),
        ("fault-groups-server-error", 200, 500),
        ("fault-groups-not-scim", 200, 200),
    ] {
        let (tenant, users) = users(scenario).await;
        let groups = tenant.read("2.1", "Groups?count=1").await;
        assert_eq!(
            (users.status.as_u16(), groups.status.as_u16()),
            (users_status, groups_status),
            "{scenario}"
        );
        let is_list = |answer: &Answer| answer.text.contains("messages:2.0:ListResponse");
        assert_eq!(
            (is_list(&users), is_list(&groups)),
            (
                scenario.starts_with("fault-groups"),
                !scenario.starts_with("fault-groups")
            ),
            "{scenario}"
        );
    }
}

#[tokio::test]
async fn filters_are_refused_or_ignored_and_all_else_is_well() {
    let filtered = "Users?filter=userName%20eq%20%22nobody%22";
    let tenant = start("fault-filter-refused").await;
    assert_eq!(tenant.read("2.1", "Users").await.status, StatusCode::OK);
    let refused = tenant.read("2.1", filtered).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["detail"]),
        (400, &json!("null"))
    );
    let tenant = start("fault-filter-ignored").await;
    assert_eq!(tenant.read("2.1", filtered).await.json()["totalResults"], 2);
}

#[tokio::test]
async fn a_wrong_token_is_accepted_where_none_is_checked() {
    let tenant = start("fault-token-not-checked").await;
    let url = format!("{}/Users?count=1", tenant.account("2.1"));
    assert_eq!(
        tenant
            .get(&url, "dsapi00000000000000000000000000000000")
            .await
            .status,
        200
    );
    let workspace = format!(
        "{}/api/2.0/preview/scim/v2/Users?count=1",
        tenant.workspace("1001")
    );
    assert_eq!(tenant.get(&workspace, "dapi0").await.status, 200);
}

#[tokio::test]
async fn a_list_of_blocked_addresses_keeps_the_provisioning_service_out_alone() {
    let (tenant, here) = users("ip-access-list").await;
    assert_eq!(here.status, 200);
    let request = tenant
        .http
        .get(format!("{}/Users", tenant.account("2.1")))
        .bearer_auth(&tenant.practice.details().scim_token);
    let from_entra = request
        .header("user-agent", usher_practice::ids::PROVISIONING_USER_AGENT)
        .send()
        .await
        .unwrap();
    assert_eq!(from_entra.status(), 403);
    assert!(
        from_entra
            .text()
            .await
            .unwrap()
            .contains("Databricks IP ACL")
    );
}

#[tokio::test]
async fn an_answer_that_was_lost_leaves_the_write_done() {
    let tenant = start("fresh").await;
    let rule =
        usher_practice::FaultRule::new("account", "*Groups*", usher_practice::FaultKind::Cut)
            .method("POST")
            .times(1)
            .after_handler();
    tenant.practice.control().faults.add(rule);
    let url = format!("{}/Groups", tenant.account("2.1"));
    let body = Some(json!({"displayName": "made-anyway"}));
    assert!(
        tenant
            .send(
                Method::POST,
                &url,
                &tenant.practice.details().scim_token,
                body
            )
            .await
            .is_err()
    );
    assert_eq!(
        tenant
            .read("2.1", "Groups?filter=displayName%20eq%20%22made-anyway%22")
            .await
            .json()["totalResults"],
        1
    );
    assert_eq!(tenant.practice.changes().len(), 1);
}

#[tokio::test]
async fn the_token_endpoint_is_throttled_in_oauths_shape() {
    let tenant = start("fault-oauth-throttled").await;
    let details = tenant.practice.details();
    let url = format!(
        "{}/oidc/accounts/{}/v1/token",
        details.endpoints.databricks_accounts, details.account_id
    );
    let answer = tenant.send(Method::POST, &url, "", None).await.unwrap();
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["error_description"]),
        (429, &json!("Temporarily throttled, too many requests"))
    );
}

#[tokio::test]
async fn a_first_refusal_for_too_many_requests_passes() {
    let (tenant, first) = users("fault-rate-limited-once").await;
    assert_eq!(first.status, 429);
    assert_eq!(tenant.read("2.1", "Users?count=1").await.status, 200);
}

#[test]
fn every_fault_that_a_host_can_show_has_a_scenario_of_its_name() {
    for code in [
        "connection-cut",
        "timeout",
        "private-link",
        "login-page",
        "token-rejected",
        "ip-blocked",
        "not-admin",
        "forbidden",
        "not-found",
        "rate-limited",
        "server-error",
        "unexpected-status",
        "not-scim",
        "body-truncated",
        "body-too-large",
        "filter-refused",
        "filter-ignored",
        "token-not-checked",
    ] {
        let name = format!("fault-{code}");
        assert!(
            usher_practice::scenarios()
                .iter()
                .any(|scenario| scenario.name == name),
            "{name}"
        );
    }
}
