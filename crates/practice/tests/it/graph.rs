//! Every operation of Graph answers by the contract, with the fields and rules of the facts.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use usher_practice::entra::graph::operations::OPERATIONS;

use crate::contract::Contract;
use crate::graph_client::Graph;
use crate::support::{Tenant, start};

const TEMPLATE: &str = "9c9818d2-2900-49e8-8ba4-22688be7c675";

#[test]
fn the_table_has_exactly_the_operations_and_permissions_of_the_contract() {
    let plain = |path: &str| -> String {
        path.split('/')
            .map(|part| if part.starts_with('{') { "{}" } else { part })
            .collect::<Vec<_>>()
            .join("/")
    };
    let sorted = |names: Option<&Value>| -> Vec<String> {
        let mut names: Vec<String> = names
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .map(|name| name.as_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    };
    let contract = Contract::get().operations();
    assert_eq!(contract.len(), OPERATIONS.len());
    for (method, path, definition) in contract {
        let found = OPERATIONS
            .iter()
            .find(|operation| operation.method == method && operation.path == plain(&path));
        let operation = found.unwrap_or_else(|| panic!("{method} {path} is missing"));
        let Some(permissions) = definition.get("x-graph-permissions") else {
            continue;
        };
        let listed = |names: &[&str]| {
            let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            names.sort();
            names
        };
        assert_eq!(
            listed(operation.delegated),
            sorted(permissions.get("delegated")),
            "{method} {path}"
        );
        assert_eq!(
            listed(operation.application),
            sorted(permissions.get("application")),
            "{method} {path}"
        );
    }
}

/// Makes the connector as a setup does, up to the job, and gives service principal, application and job.
async fn set_up(graph: &Graph<'_>, tenant: &Tenant) -> (String, String, String) {
    let templates = graph.get("/applicationTemplates?$filter=displayName eq 'Azure Databricks SCIM Provisioning Connector'").await;
    assert_eq!(templates["value"][0]["id"], TEMPLATE);
    assert_eq!(
        templates["value"][0]["supportedProvisioningTypes"],
        json!(["sync"])
    );
    graph
        .get(&format!("/applicationTemplates/{TEMPLATE}"))
        .await;
    let made = graph
        .post(
            &format!("/applicationTemplates/{TEMPLATE}/instantiate"),
            json!({ "displayName": "Databricks" }),
        )
        .await;
    assert_eq!(made.status, StatusCode::CREATED);
    let made = made.json();
    let id = made["servicePrincipal"]["id"].as_str().unwrap().to_owned();
    let application = made["application"]["id"].as_str().unwrap().to_owned();
    assert_eq!(made["servicePrincipal"]["appRoleAssignmentRequired"], true);

    let changed = graph
        .call(
            Method::PATCH,
            &format!("/servicePrincipals/{id}"),
            Some(json!({ "appRoleAssignmentRequired": false })),
        )
        .await;
    assert_eq!(changed.status, StatusCode::NO_CONTENT);
    assert_eq!(
        graph
            .get(&format!(
                "/servicePrincipals/{id}?$select=appRoleAssignmentRequired"
            ))
            .await["appRoleAssignmentRequired"],
        false
    );

    let templates = graph
        .get(&format!(
            "/servicePrincipals/{id}/synchronization/templates"
        ))
        .await;
    assert_eq!(templates["value"][0]["id"], "dataBricks");
    graph
        .get(&format!(
            "/servicePrincipals/{id}/synchronization/templates/dataBricks"
        ))
        .await;

    let details = tenant.practice.details();
    let credentials = json!([
        { "key": "BaseAddress", "value": details.scim_url }, { "key": "SecretToken", "value": details.scim_token },
    ]);
    let inline = json!({ "useSavedCredentials": false, "templateId": "dataBricks", "credentials": credentials });
    let tested = graph
        .post(
            &format!("/servicePrincipals/{id}/synchronization/jobs/validateCredentials"),
            inline,
        )
        .await;
    assert_eq!(tested.status, StatusCode::NO_CONTENT);
    let saved = graph
        .call(
            Method::PUT,
            &format!("/servicePrincipals/{id}/synchronization/secrets"),
            Some(json!({ "value": credentials })),
        )
        .await;
    assert_eq!(saved.status, StatusCode::NO_CONTENT);

    let job = graph
        .post(
            &format!("/servicePrincipals/{id}/synchronization/jobs"),
            json!({ "templateId": "dataBricks" }),
        )
        .await;
    assert_eq!(job.status, StatusCode::CREATED);
    let job = job.json();
    assert_eq!(job["schedule"]["state"], "Disabled");
    let job_id = job["id"].as_str().unwrap().to_owned();
    let shape: Vec<&str> = job_id.split('.').collect();
    assert_eq!(
        (shape[0], shape[1].len(), shape.len()),
        ("dataBricks", 32, 3)
    );
    (id, application, job_id)
}

#[tokio::test]
async fn a_setup_goes_from_the_gallery_to_people_arriving() {
    let tenant = start("fresh").await;
    let graph = tenant.graph().await;
    let (id, application, job) = set_up(&graph, &tenant).await;
    let job_path = format!("/servicePrincipals/{id}/synchronization/jobs/{job}");

    let secrets = graph
        .get(&format!("/servicePrincipals/{id}/synchronization/secrets"))
        .await;
    let shown: Vec<(&str, &str)> = secrets["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["key"].as_str().unwrap(), row["value"].as_str().unwrap()))
        .collect();
    assert_eq!(
        shown,
        [
            ("BaseAddress", tenant.practice.details().scim_url.as_str()),
            ("SecretToken", "*")
        ]
    );

    let groups = graph.get("/groups?$filter=startswith(displayName,'databricks-users')&$select=id,displayName,securityEnabled").await;
    let group = groups["value"][0]["id"].as_str().unwrap().to_owned();
    let role = graph.get(&format!("/servicePrincipals/{id}")).await["appRoles"][0]["id"].clone();
    let assignment = json!({ "principalId": group, "resourceId": id, "appRoleId": role });
    let assigned = graph
        .post(
            &format!("/servicePrincipals/{id}/appRoleAssignedTo"),
            assignment.clone(),
        )
        .await;
    assert_eq!(assigned.status, StatusCode::CREATED);
    let again = graph
        .post(
            &format!("/servicePrincipals/{id}/appRoleAssignedTo"),
            assignment,
        )
        .await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    let zero = json!({ "principalId": group, "resourceId": id, "appRoleId": "00000000-0000-0000-0000-000000000000" });
    assert_eq!(
        graph
            .post(&format!("/servicePrincipals/{id}/appRoleAssignedTo"), zero)
            .await
            .status,
        StatusCode::BAD_REQUEST
    );

    // One person first.
    let member = graph
        .get(&format!(
            "/groups/{group}/members/microsoft.graph.user?$count=true&$top=1"
        ))
        .await["value"][0]
        .clone();
    let schema = graph.get(&format!("{job_path}/schema")).await;
    let subject = json!({ "objectId": member["id"], "objectTypeName": "User" });
    let asked = json!({ "parameters": [{ "ruleId": schema["synchronizationRules"][0]["id"], "subjects": [subject] }] });
    let one = graph
        .post(&format!("{job_path}/provisionOnDemand"), asked)
        .await
        .json();
    let result: Value = serde_json::from_str(one["key"].as_str().unwrap()).unwrap();
    assert_eq!(result["result"], "Success", "{one}");
    let value: Value = serde_json::from_str(one["value"].as_str().unwrap()).unwrap();
    assert_eq!(value[0]["action"], "create");
    let name = member["userPrincipalName"].as_str().unwrap();
    tenant
        .id_of("Users", &format!("userName eq \"{name}\""))
        .await;

    // Then everybody: the start alone brings the first cycle.
    assert_eq!(
        graph
            .call(Method::POST, &format!("{job_path}/start"), None)
            .await
            .status,
        StatusCode::NO_CONTENT
    );
    let job = tenant.wait_for_cycle(&graph, &job_path).await;
    assert_eq!(job["status"]["code"], "Active");
    assert_eq!(job["status"]["lastExecution"]["state"], "Succeeded");
    let counts: Vec<(&str, u64)> = job["status"]["synchronizedEntryCountByType"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["key"].as_str().unwrap(), row["value"].as_u64().unwrap()))
        .collect();
    assert_eq!(counts, [("Group", 1), ("User", 25)]);

    let events = graph
        .all(&format!(
            "/auditLogs/provisioning?$filter=jobId eq '{}'&$top=10",
            job["id"].as_str().unwrap()
        ))
        .await;
    assert_eq!(
        events
            .iter()
            .filter(|event| event["provisioningAction"] == "create")
            .count(),
        26
    );

    assert_eq!(
        graph
            .call(Method::POST, &format!("{job_path}/pause"), None)
            .await
            .status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(graph.get(&job_path).await["schedule"]["state"], "Paused");
    let restart = json!({ "criteria": { "resetScope": "Watermark, Escrows, QuarantineState" } });
    assert_eq!(
        graph
            .post(&format!("{job_path}/restart"), restart)
            .await
            .status,
        StatusCode::NO_CONTENT
    );
    let saved = json!({ "useSavedCredentials": true });
    assert_eq!(
        graph
            .post(&format!("{job_path}/validateCredentials"), saved)
            .await
            .status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        graph
            .call(Method::PUT, &format!("{job_path}/schema"), Some(schema))
            .await
            .status,
        StatusCode::NO_CONTENT
    );
    let patched = graph
        .raw(
            Method::PATCH,
            &format!(
                "{}/v1.0{job_path}/schema",
                tenant.practice.details().endpoints.graph
            ),
            Some(json!({})),
        )
        .await;
    assert_eq!(patched.status, StatusCode::NOT_FOUND);

    let assignments = graph
        .all(&format!("/servicePrincipals/{id}/appRoleAssignedTo"))
        .await;
    let assignment = assignments[0]["id"].as_str().unwrap();
    let taken = graph
        .call(
            Method::DELETE,
            &format!("/servicePrincipals/{id}/appRoleAssignedTo/{assignment}"),
            None,
        )
        .await;
    assert_eq!(taken.status, StatusCode::NO_CONTENT);
    graph.get(&format!("/servicePrincipals/{id}/owners")).await;
    assert_eq!(
        graph.call(Method::DELETE, &job_path, None).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        graph.call(Method::GET, &job_path, None).await.status,
        StatusCode::NOT_FOUND
    );
    graph.get(&format!("/applications/{application}")).await;
    assert_eq!(
        graph
            .get("/applications?$filter=displayName eq 'Databricks'")
            .await["value"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        graph
            .call(
                Method::DELETE,
                &format!("/applications/{application}"),
                None
            )
            .await
            .status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        graph
            .call(Method::DELETE, &format!("/servicePrincipals/{id}"), None)
            .await
            .status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_new_application_takes_a_while_to_be_seen() {
    let tenant = start("slow-to-appear").await;
    let graph = tenant.graph().await;
    let throttled = graph.call(Method::GET, "/organization", None).await;
    assert_eq!(
        (
            throttled.status,
            throttled.headers["retry-after"].to_str().unwrap()
        ),
        (StatusCode::TOO_MANY_REQUESTS, "0.128")
    );
    let made = graph
        .post(
            &format!("/applicationTemplates/{TEMPLATE}/instantiate"),
            json!({ "displayName": "Slow" }),
        )
        .await
        .json();
    let id = made["servicePrincipal"]["id"].as_str().unwrap();
    let mut statuses = Vec::new();
    for _ in 0..5 {
        statuses.push(
            graph
                .call(Method::GET, &format!("/servicePrincipals/{id}"), None)
                .await
                .status
                .as_u16(),
        );
    }
    assert_eq!(statuses, [404, 404, 200, 404, 200]);
    let path = format!("/servicePrincipals/{id}/synchronization/templates");
    assert_eq!(
        graph.call(Method::GET, &path, None).await.status,
        StatusCode::UNAUTHORIZED
    );
    for wanted in [0, 0, 1] {
        assert_eq!(
            graph.get(&path).await["value"].as_array().unwrap().len(),
            wanted
        );
    }
    let jobs = format!("/servicePrincipals/{id}/synchronization/jobs");
    let mut last = None;
    for wanted in [403, 409, 201] {
        let answer = graph
            .post(&jobs, json!({ "templateId": "dataBricks" }))
            .await;
        assert_eq!(answer.status.as_u16(), wanted);
        last = Some(answer.json());
    }
    let job = format!("{jobs}/{}", last.unwrap()["id"].as_str().unwrap());
    for wanted in [404, 404, 200] {
        assert_eq!(
            graph.call(Method::GET, &job, None).await.status.as_u16(),
            wanted
        );
    }
}

impl Tenant {
    /// Reads the job until its first execution has ended. Bounded by the test's own time limit alone.
    async fn wait_for_cycle(&self, graph: &Graph<'_>, path: &str) -> Value {
        loop {
            let job = graph.get(path).await;
            if job["status"]["lastSuccessfulExecution"].is_object()
                && job["status"]["progress"].as_array().unwrap().is_empty()
            {
                return job;
            }
            tokio::task::yield_now().await;
        }
    }
}
