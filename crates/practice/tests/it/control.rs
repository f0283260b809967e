//! The control API, the details of a tenant, and its end.

use reqwest::Method;
use serde_json::{Value, json};
use usher_practice::{Options, RateLimits};

use crate::support::{patch, start, start_with};

#[tokio::test]
async fn rate_limits_are_enforced_when_asked_for() {
    let options = Options {
        rate_limits: Some(RateLimits {
            factor: 1.0,
            retry_after: true,
        }),
        scenario: "people-in-databricks".to_owned(),
        ..Options::default()
    };
    let tenant = start_with(options).await;
    let ada = tenant.id_of("Users", "displayName sw \"Ada\"").await;
    let mut refused = None;
    for _ in 0..20 {
        let answer = tenant
            .scim(
                Method::PATCH,
                "2.1",
                &format!("Users/{ada}"),
                patch(json!({"op": "replace", "path": "active", "value": true})),
            )
            .await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.unwrap();
    assert_eq!(
        (
            &refused.json()["error_code"],
            refused.headers["retry-after"].to_str().unwrap()
        ),
        (&json!("REQUEST_LIMIT_EXCEEDED"), "1")
    );
}

#[tokio::test]
async fn the_control_api_sets_faults_moves_the_clock_and_reads_the_logs() {
    let tenant = start("fresh").await;
    let control = tenant.practice.details().control.clone();
    let fault =
        json!({"origin": "account", "path": "*Users*", "kind": "status", "code": 503, "times": 1});
    let set = tenant
        .send(
            Method::POST,
            &format!("{control}/control/faults"),
            "",
            Some(fault),
        )
        .await
        .unwrap();
    assert_eq!(set.status, 201);
    assert_eq!(tenant.read("2.1", "Users").await.status, 503);
    assert_eq!(tenant.read("2.1", "Users").await.status, 200);
    let requests = tenant
        .get(&format!("{control}/control/requests"), "")
        .await
        .json();
    assert_eq!(
        (&requests[0]["status"], &requests[1]["status"]),
        (&json!(503), &json!(200))
    );
    tenant
        .scim(
            Method::POST,
            "2.1",
            "Groups",
            Some(json!({"displayName": "g"})),
        )
        .await;
    let log = tenant
        .get(&format!("{control}/control/log"), "")
        .await
        .json();
    assert_eq!(
        (log.as_array().unwrap().len(), &log[0]["side"]),
        (1, &json!("databricks"))
    );
    let before = tenant.practice.control().clock.now();
    tenant
        .send(
            Method::POST,
            &format!("{control}/control/clock"),
            "",
            Some(json!({"advanceSeconds": 3600})),
        )
        .await
        .unwrap();
    assert!(
        tenant
            .practice
            .control()
            .clock
            .now()
            .duration_since(before)
            .as_secs()
            >= 3600
    );
}

#[tokio::test]
async fn the_control_api_shows_and_turns_the_databricks_side() {
    let tenant = start("people-in-databricks").await;
    let control = format!("{}/control/databricks", tenant.practice.details().control);
    let send = async |method, path: &str, body| {
        tenant
            .send(method, &format!("{control}{path}"), "", Some(body))
            .await
            .unwrap()
            .status
            .as_u16()
    };
    assert_eq!(
        send(Method::PATCH, "", json!({"ignoreFilters": true})).await,
        204
    );
    let all = tenant
        .read("2.1", "Users?filter=userName%20eq%20%22nobody%22")
        .await
        .json();
    assert_eq!(all["totalResults"], 27);
    assert_eq!(
        send(Method::PATCH, "", json!({"noSuchKnob": true})).await,
        422
    );
    assert_eq!(
        send(
            Method::PATCH,
            "/workspaces/1002",
            json!({"federated": false})
        )
        .await,
        204
    );
    assert_eq!(
        send(
            Method::POST,
            "/workspaces/1002/groups",
            json!({"displayName": "local"})
        )
        .await,
        201
    );
    assert_eq!(
        send(
            Method::POST,
            "/workspaces/7/groups",
            json!({"displayName": "local"})
        )
        .await,
        404
    );
    let state = tenant.get(&control, "").await.json();
    let workspace = &state["workspaces"]["1002"];
    assert_eq!(
        (
            &workspace["federated"],
            &workspace["localGroups"][2]["displayName"]
        ),
        (&json!(false), &json!("local"))
    );
    assert_eq!(
        (
            state["users"].as_array().unwrap().len(),
            workspace["active"].as_array().unwrap().len()
        ),
        (27, 27)
    );
}

#[tokio::test]
async fn the_details_are_what_the_command_line_prints() {
    let tenant = start("fresh").await;
    let details = serde_json::to_value(tenant.practice.details()).unwrap();
    for field in [
        "endpoints",
        "tenantId",
        "accountId",
        "scimUrl",
        "clientId",
        "clientSecret",
        "databricksClientId",
        "databricksClientSecret",
        "scimToken",
        "pats",
    ] {
        assert!(!details[field].is_null(), "{field}");
    }
    assert_eq!(details["schema"], "usher.practice/1");
    let endpoints: Value = serde_json::from_str(&tenant.practice.endpoints_json()).unwrap();
    assert_eq!(endpoints, details["endpoints"]);
    assert!(
        endpoints["workspaces"]["1001"]
            .as_str()
            .unwrap()
            .starts_with("http://127.0.0.1:")
    );
}

#[tokio::test]
async fn a_stopped_tenant_answers_no_more() {
    let tenant = start("fault-timeout").await;
    let url = format!("{}/Users", tenant.account("2.1"));
    let waiting = tokio::spawn({
        let (http, url) = (tenant.http.clone(), url.clone());
        async move { http.get(url).send().await }
    });
    while tenant.practice.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    tenant.practice.stop().await;
    assert!(
        waiting.await.unwrap().is_err(),
        "the open connection is closed"
    );
    assert!(tenant.http.get(url).send().await.is_err());
}

#[tokio::test]
async fn an_unknown_scenario_is_refused_by_name() {
    let error = usher_practice::Practice::start(Options {
        scenario: "no-such".to_owned(),
        ..Options::default()
    })
    .await
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no practice scenario named no-such"
    );
}

#[tokio::test]
async fn a_regenerated_token_is_a_new_one_and_the_old_one_ends() {
    let tenant = start("people-in-databricks").await;
    let details = tenant.practice.details();
    let (control, scim) = (
        &details.control,
        format!("{}/Users?count=1", details.scim_url),
    );
    let regenerate = async |body| {
        let url = format!("{control}/control/databricks/token");
        let answer = tenant
            .send(Method::POST, &url, "", Some(body))
            .await
            .unwrap();
        answer.json()["scimToken"].as_str().unwrap().to_owned()
    };
    let status = async |token: &str| tenant.get(&scim, token).await.status.as_u16();
    let second = regenerate(json!({})).await;
    assert_eq!(
        (status(&details.scim_token).await, status(&second).await),
        (401, 200)
    );
    let third = regenerate(json!({"graceHours": 24})).await;
    assert_eq!((status(&second).await, status(&third).await), (200, 200));
    tenant
        .practice
        .control()
        .clock
        .advance(std::time::Duration::from_secs(25 * 3_600));
    assert_eq!((status(&second).await, status(&third).await), (401, 200));
}

#[tokio::test]
async fn the_portal_names_its_presses_and_a_press_brings_new_credentials() {
    let tenant = start("expired-token").await;
    let control = tenant.practice.details().control.clone();
    let portal = format!("{control}/control/portal");
    let named = tenant.send(Method::GET, &portal, "", None).await.unwrap();
    let named = named.json();
    assert_eq!(
        named[0],
        json!({
            "name": "generate-scim-token",
            "title": "Generate a new SCIM token",
            "portal": "Databricks account console",
        })
    );
    assert_eq!(
        named[1]["name"],
        json!("generate-workspace-tokens"),
        "in the order of use"
    );

    let before = tenant.practice.details().scim_token.clone();
    let press = format!("{portal}/generate-scim-token");
    let post = async |url: &str| tenant.send(Method::POST, url, "", None).await.unwrap();
    let details = post(&press).await.json();
    let token = details["scimToken"].as_str().unwrap().to_owned();
    assert_ne!(token, before);
    assert_eq!(details["schema"], "usher.practice/1");
    assert_eq!(tenant.practice.live_details().scim_token, token);
    let url = format!("{}/Users?count=1", tenant.account("2.1"));
    let asked = async |token: &str| tenant.send(Method::GET, &url, token, None).await.unwrap();
    assert_eq!(asked(&before).await.status, 401);
    assert_eq!(asked(&token).await.status, 200);

    // Pressed once more, nothing happens: the token stays.
    assert_eq!(post(&press).await.json()["scimToken"], json!(token));
    let unknown = post(&format!("{portal}/sing-a-song")).await;
    assert_eq!(unknown.status, 404);
    assert!(tenant.practice.press("sing-a-song").is_err());

    // Where Usher puts everything right, there is nothing to press.
    let fine = start("connected").await;
    assert!(fine.practice.portal_presses().is_empty());
}
