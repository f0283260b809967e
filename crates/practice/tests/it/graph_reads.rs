//! Lists, counts, casts and batches of Graph.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::graph_client::Graph;
use crate::support::start;

#[tokio::test]
async fn the_directory_is_read_with_pages_counts_and_casts() {
    let tenant = start("nested-groups").await;
    let graph = tenant.graph().await;
    let users = graph
        .all("/users?$count=true&$top=7&$orderby=displayName")
        .await;
    assert_eq!(users.len(), 31);
    let first = graph.get("/users?$count=true&$top=7").await;
    assert_eq!(first["@odata.count"], 31);
    let found = graph
        .get("/users?$search=\"displayName:ada\"&$select=id,displayName")
        .await;
    assert!(
        found["value"]
            .as_array()
            .unwrap()
            .iter()
            .all(|user| user.get("mail").is_none())
    );
    assert!(!found["value"].as_array().unwrap().is_empty());
    let name = users[0]["userPrincipalName"].as_str().unwrap();
    graph
        .get(&format!("/users/{}", name.replace('#', "%23")))
        .await;
    let guests = graph.get("/users?$filter=userType eq 'Guest'").await;
    assert_eq!(guests["value"].as_array().unwrap().len(), 1);

    let group = graph
        .get("/groups?$filter=displayName eq 'databricks-users'")
        .await["value"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    graph.get(&format!("/groups/{group}")).await;
    assert_eq!(
        graph
            .all(&format!("/groups/{group}/members?$top=5"))
            .await
            .len(),
        23
    );
    let nested = graph
        .get(&format!("/groups/{group}/members/graph.group?$count=true"))
        .await;
    assert_eq!(nested["value"][0]["displayName"], "databricks-contractors");
    let principals = graph
        .get(&format!(
            "/groups/{group}/members/graph.servicePrincipal?$count=true"
        ))
        .await;
    assert_eq!(principals["@odata.count"], 1);
    graph
        .get(&format!(
            "/groups/{group}/transitiveMembers/graph.group?$count=true"
        ))
        .await;
    assert_eq!(
        graph
            .all(&format!("/groups/{group}/transitiveMembers"))
            .await
            .len(),
        28
    );
    let count = |kind: &'static str| format!("/groups/{group}/{kind}/microsoft.graph.user/$count");
    assert_eq!(graph.get(&count("members")).await, json!(20));
    assert_eq!(graph.get(&count("transitiveMembers")).await, json!(25));

    let both = json!({ "ids": [group, users[0]["id"], "00000000-0000-4000-8000-000000000000"], "types": ["user", "group"] });
    let objects = graph.post("/directoryObjects/getByIds", both).await.json();
    assert_eq!(objects["value"].as_array().unwrap().len(), 2);
    let skus = graph
        .get("/subscribedSkus?$select=skuPartNumber,capabilityStatus,servicePlans,id")
        .await;
    assert_eq!(skus["value"][0]["capabilityStatus"], "Enabled");
    assert_eq!(
        graph.get("/organization").await["value"][0]["id"],
        tenant.practice.details().tenant_id
    );
}

#[tokio::test]
async fn an_advanced_query_needs_its_header() {
    let tenant = start("fresh").await;
    let graph = tenant.graph().await;
    let base = format!("{}/v1.0", tenant.practice.details().endpoints.graph);
    let group = graph.get("/groups?$top=1").await["value"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for path in [
        "users?$search=\"displayName:a\"",
        "users?$count=true",
        "users?$filter=mail ne null&$count=true",
        &format!("groups/{group}/members/graph.user?$count=true"),
        &format!("groups/{group}/members/graph.user/$count"),
    ] {
        let answer = tenant.get(&format!("{base}/{path}"), &graph.token).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
    }
    let answer = graph
        .call(Method::GET, "/users?$filter=colour eq 'x'", None)
        .await;
    assert_eq!(Graph::code(&answer), "Request_UnsupportedQuery");
}

#[tokio::test]
async fn a_batch_judges_each_request_by_itself() {
    let tenant = start("fresh").await;
    let graph = tenant.graph().await;
    tenant
        .practice
        .entra()
        .turn(|knobs| knobs.batch_throttled = 1);
    let missing = "/groups/00000000-0000-4000-8000-000000000000";
    let requests = json!({ "requests": [
        { "id": "1", "method": "GET", "url": "/organization" },
        { "id": "2", "method": "GET", "url": missing },
        { "id": "3", "method": "GET", "url": "/organization", "dependsOn": ["2"] },
        { "id": "4", "method": "GET", "url": "/groups?$top=1" },
        { "id": "5", "method": "POST", "url": "/directoryObjects/getByIds", "body": { "ids": ["x"] } },
    ] });
    let answer = graph.post("/$batch", requests).await.json();
    let mut statuses: Vec<(String, u64)> = answer["responses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|response| {
            (
                response["id"].as_str().unwrap().to_owned(),
                response["status"].as_u64().unwrap(),
            )
        })
        .collect();
    statuses.sort();
    let statuses: Vec<u64> = statuses.into_iter().map(|(_, status)| status).collect();
    assert_eq!(statuses, [429, 404, 424, 200, 400]);
    let throttled = answer["responses"]
        .as_array()
        .unwrap()
        .iter()
        .find(|response| response["id"] == "1")
        .unwrap();
    assert_eq!(throttled["headers"]["Retry-After"], "1");
    let many: Vec<Value> = (0..21)
        .map(|id| json!({ "id": id.to_string(), "method": "GET", "url": "/organization" }))
        .collect();
    let url = format!("{}/v1.0/$batch", tenant.practice.details().endpoints.graph);
    assert_eq!(
        graph
            .raw(Method::POST, &url, Some(json!({ "requests": many })))
            .await
            .status,
        StatusCode::BAD_REQUEST
    );
}
