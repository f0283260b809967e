//! Each scenario of the Entra side shows what its description says.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::graph_client::Graph;
use crate::support::start;

#[tokio::test]
async fn a_connector_refused_from_entra_alone_is_told_apart() {
    let tenant = start("works-here-not-from-entra").await;
    assert_eq!(
        tenant.read("2.1", "Users?count=1").await.status,
        StatusCode::OK
    );
    let graph = tenant.graph().await;
    let (id, job) = graph.job().await;
    assert_eq!(job["status"]["code"], "Quarantine");
    let path = format!(
        "/servicePrincipals/{id}/synchronization/jobs/{}/validateCredentials",
        job["id"].as_str().unwrap()
    );
    let answer = graph
        .post(&path, json!({ "useSavedCredentials": true }))
        .await;
    assert!(
        answer.text.contains("blocked by Databricks IP ACL"),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn without_a_licence_groups_cannot_be_assigned_and_logs_not_read() {
    let tenant = start("no-p1-licence").await;
    let graph = tenant.graph().await;
    let answer = graph
        .call(Method::GET, "/auditLogs/provisioning", None)
        .await;
    assert_eq!(
        Graph::code(&answer),
        "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
    );
    let made = graph
        .post(
            "/applicationTemplates/9c9818d2-2900-49e8-8ba4-22688be7c675/instantiate",
            json!({ "displayName": "X" }),
        )
        .await
        .json();
    let (id, role) = (
        made["servicePrincipal"]["id"].clone(),
        made["servicePrincipal"]["appRoles"][0]["id"].clone(),
    );
    let group = graph.get("/groups?$top=1").await["value"][0]["id"].clone();
    let user = graph.get("/users?$top=1").await["value"][0]["id"].clone();
    let path = format!(
        "/servicePrincipals/{}/appRoleAssignedTo",
        id.as_str().unwrap()
    );
    let body = |who| json!({ "principalId": who, "resourceId": id, "appRoleId": role });
    assert_eq!(
        graph.post(&path, body(group)).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        graph.post(&path, body(user)).await.status,
        StatusCode::CREATED
    );
}

#[tokio::test]
async fn connectors_show_the_state_of_their_scenario() {
    for (scenario, state, code) in [
        ("connected", "Active", "Active"),
        ("paused", "Paused", "Paused"),
        ("never-ran", "Active", "NotRun"),
        ("wrong-base-address", "Active", "Quarantine"),
        ("masked-secret-only", "Active", "Active"),
        ("unassigned", "Active", "Active"),
        ("sync-all", "Active", "Active"),
    ] {
        let tenant = start(scenario).await;
        let (_, job) = tenant.graph().await.job().await;
        assert_eq!(
            (
                job["schedule"]["state"].as_str(),
                job["status"]["code"].as_str()
            ),
            (Some(state), Some(code)),
            "{scenario}"
        );
    }
}

#[tokio::test]
async fn a_started_job_that_has_not_run_shows_a_failure_that_is_none() {
    let tenant = start("never-ran").await;
    let (_, job) = tenant.graph().await.job().await;
    let last = &job["status"]["lastExecution"];
    assert_eq!(
        (last["state"].as_str(), last["error"]["code"].as_str()),
        (Some("Failed"), Some("None"))
    );
    assert_eq!(last["timeBegan"], "0001-01-01T00:00:00Z");
    assert_eq!(
        job["status"]["steadyStateLastAchievedTime"],
        "0001-01-01T00:00:00Z"
    );
}

#[tokio::test]
async fn two_connectors_point_at_the_same_account() {
    let tenant = start("two-connectors").await;
    let graph = tenant.graph().await;
    let found = graph.get("/servicePrincipals?$filter=applicationTemplateId eq '9c9818d2-2900-49e8-8ba4-22688be7c675'").await;
    let mut addresses = Vec::new();
    for principal in found["value"].as_array().unwrap() {
        let secrets = graph
            .get(&format!(
                "/servicePrincipals/{}/synchronization/secrets",
                principal["id"].as_str().unwrap()
            ))
            .await;
        let rows = secrets["value"].as_array().unwrap().clone();
        addresses.push(
            rows.into_iter()
                .find(|row| row["key"] == "BaseAddress")
                .unwrap()["value"]
                .clone(),
        );
    }
    assert_eq!(addresses.len(), 2);
    assert_eq!(addresses[0], addresses[1]);
}

#[tokio::test]
async fn wrong_mappings_leave_traces() {
    let tenant = start("wrong-mapping").await;
    let graph = tenant.graph().await;
    let (id, job) = graph.job().await;
    let schema = graph
        .get(&format!(
            "/servicePrincipals/{id}/synchronization/jobs/{}/schema",
            job["id"].as_str().unwrap()
        ))
        .await;
    let mappings = schema
        .pointer("/synchronizationRules/0/objectMappings/0/attributeMappings")
        .unwrap()
        .as_array()
        .unwrap();
    let source = |target: &str| {
        mappings
            .iter()
            .find(|mapping| mapping["targetAttributeName"] == target)
            .unwrap()["source"]["name"]
            .clone()
    };
    assert_eq!(source("emails[type eq \"work\"].value"), "mail");
    assert_eq!(source("externalId"), "mailNickname");
}

#[tokio::test]
async fn a_large_tenant_is_read_page_by_page() {
    let tenant = start("large").await;
    let graph = tenant.graph().await;
    let page = graph
        .get("/users?$count=true&$top=999&$select=id,userPrincipalName")
        .await;
    assert_eq!(page["@odata.count"], 100_006);
    assert_eq!(page["value"].as_array().unwrap().len(), 999);
    assert_eq!(
        graph.get("/groups?$count=true&$top=1").await["@odata.count"],
        5_006
    );
}

#[tokio::test]
async fn a_move_has_three_connectors_whose_people_the_account_connector_covers() {
    for (scenario, uncovered) in [("migrate-small", 0), ("migrate-gap", 1)] {
        let tenant = start(scenario).await;
        let connectors = tenant.practice.entra().read(|directory| {
            let linked = |name: &str| -> std::collections::BTreeSet<uuid::Uuid> {
                let found = directory
                    .service_principals
                    .iter()
                    .filter(|principal| principal.display_name.contains(name));
                found
                    .flat_map(|principal| &principal.synchronization.jobs)
                    .flat_map(|job| job.links.iter())
                    .filter(|(_, link)| {
                        link.kind == usher_practice::entra::connector::ObjectKind::User
                    })
                    .map(|(id, _)| *id)
                    .collect()
            };
            for principal in directory.service_principals.iter() {
                let last = principal.synchronization.jobs[0]
                    .last_execution
                    .as_ref()
                    .unwrap();
                assert!(
                    last.error.is_none() && last.escrowed == 0,
                    "{}: {last:?}",
                    principal.display_name
                );
            }
            let account = linked("SCIM Provisioning Connector");
            linked("Databricks harbour").difference(&account).count()
        });
        assert_eq!(connectors, uncovered, "{scenario}");
        let world = tenant.practice.databricks().world();
        assert!(!world.workspaces[&1003].federated && world.workspaces[&1001].federated);
        for id in [1001, 1002] {
            assert!(world.workspaces[&id].local_group("data-readers").is_some());
            assert!(
                world.workspaces[&id]
                    .local_group("databricks-analysts")
                    .is_some()
            );
        }
    }
}
